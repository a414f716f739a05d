-- What the new rows of the batch can touch, before its subjects are read into the marts again.
-- Grain: (kind, week, not_before); the kind '*' touches every metric, and weeks before not_before stay as they are.
-- Answers and appearances that the marts do not show yet need no row here: they are pending, and made their own
-- weeks stale when they came in.
CREATE OR REPLACE TEMP TABLE touched AS
WITH retracted AS (
    SELECT json_extract_string(data, '$.source') AS source, json_extract_string(data, '$.id') AS id
    FROM batch
    WHERE type = 'fr.maillage.event.retracted.v1'
),
-- A retraction touches what the event that it takes back had touched.
changed AS (
    SELECT kind_of(type) AS kind, subject, occurred_at, data
    FROM batch
    WHERE type NOT IN ('fr.maillage.workshop.held.v1', 'fr.maillage.machine.used.v1', 'fr.maillage.help.answered.v1')
    UNION ALL
    SELECT kind_of(events.type), events.subject, events.occurred_at, events.data
    FROM events SEMI JOIN retracted USING (source, id)
),
-- Weeks begin on the hour, so the calendar is asked once an hour that occurs instead of once an event.
weekly AS (
    SELECT DISTINCT type, week_of(to_timestamp(hour * 3600)) AS week
    FROM (SELECT DISTINCT type, epoch_us(occurred_at) // 3600000000 AS hour FROM batch WHERE is_activity(type))
),
concerned AS (
    SELECT subject AS member, CASE WHEN kind LIKE 'consent.%' THEN week_of(occurred_at) END AS not_before
    FROM changed
    WHERE split_part(kind, '.', 1) IN ('member', 'consent', 'identity')
    UNION
    SELECT json_extract_string(data, '$.other'), NULL FROM changed WHERE kind LIKE 'identity.%'
),
person AS (
    SELECT coalesce(identity.canonical, concerned.member) AS member, concerned.not_before
    FROM concerned LEFT JOIN identity USING (member)
),
-- Another legal basis of a source concerns the people that it names.
based AS (
    SELECT batch.subject AS source
    FROM batch LEFT JOIN input ON input.source = batch.subject
    WHERE kind_of(batch.type) = 'input.summarised'
      AND coalesce(input.legal_basis, 'consent') <> json_extract_string(batch.data, '$.legal_basis')
)
SELECT kind_of(type) AS kind, week, CAST(NULL AS DATE) AS not_before
FROM weekly
UNION
SELECT kind_of(events.type), week_of(events.occurred_at), NULL
FROM events SEMI JOIN retracted USING (source, id)
WHERE is_activity(events.type)
UNION
-- A request or its closing gives meaning to answers that came before it.
SELECT 'help.answered', week_of(help_answer.answered_at), NULL
FROM changed JOIN help_answer ON help_answer.request = changed.subject
WHERE changed.kind IN ('help.requested', 'help.closed')
UNION
-- Who a member is, and whether she is counted, touches the weeks in which she appears.
SELECT '*', week_of(appearance.appeared_at), person.not_before
FROM appearance JOIN person USING (member)
UNION
SELECT '*', week_of(appearance.appeared_at), NULL
FROM appearance SEMI JOIN based USING (source)
UNION
SELECT '*', week_of(appearance.appeared_at), NULL
FROM appearance SEMI JOIN (SELECT member FROM membership SEMI JOIN based USING (source)) AS named USING (member);
