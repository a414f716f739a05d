-- What the new rows of the batch can touch, before its subjects are read into the marts again.
-- Grain: (kind, week, not_before); the kind '*' touches every metric, and weeks before not_before stay as they are.
-- Answers and appearances that the marts do not show yet need no row here: they are pending, and made their own
-- weeks stale when they came in.

-- The new retractions. A table, like the next three, so that it is known to be empty, as it nearly always is, when the
-- next is made: then the record is not read. For the same reason the record is joined by type, not filtered by it.
CREATE OR REPLACE TEMP TABLE arrived AS
SELECT type, source, id,
       json_extract_string(data, '$.source') AS target_source, json_extract_string(data, '$.id') AS target
FROM batch
WHERE type = 'fr.maillage.event.retracted.v1';

-- What they name, what these name, and so on: whether that is in force may have changed.
CREATE OR REPLACE TEMP TABLE named AS
WITH RECURSIVE
known AS (
    FROM arrived
    UNION ALL
    SELECT type, source, id, json_extract_string(data, '$.source'), json_extract_string(data, '$.id')
    FROM events SEMI JOIN arrived USING (type)
),
named AS (
    SELECT target_source AS source, target AS id FROM arrived
    UNION
    SELECT known.target_source, known.target FROM named JOIN known USING (source, id)
)
FROM named;

CREATE OR REPLACE TEMP TABLE judged AS
SELECT type, source, subject, occurred_at, data,
       CASE WHEN kind_of(type) IN ('workshop.held', 'help.requested', 'help.answered') THEN type END AS told_once
FROM events SEMI JOIN named USING (source, id);

-- Of what is told of twice one telling stands: what is judged gives way to another, or takes its place.
CREATE OR REPLACE TEMP TABLE telling AS
SELECT type, subject, occurred_at, data
FROM events SEMI JOIN judged ON judged.told_once = events.type AND judged.subject = events.subject;

-- Whom activities name that only count with her consent; empty where every source asks for it, as then nobody changes.
CREATE OR REPLACE TEMP TABLE asking AS
WITH
told AS (
    SELECT type, source, subject, data, FALSE AS judged FROM batch
    UNION ALL
    SELECT type, source, subject, data, TRUE FROM judged
),
asks AS (
    SELECT kind_of(told.type) AS kind, told.subject, told.data, told.judged
    FROM told LEFT JOIN input USING (source)
    WHERE is_activity(told.type) AND coalesce(input.legal_basis, 'consent') = 'consent'
      AND EXISTS (FROM input WHERE legal_basis <> 'consent')
),
someone AS (
    SELECT unnest(json_extract_string(data, '$.attendees[*].member')) AS member, judged FROM asks
    UNION
    SELECT coalesce(data ->> '$.requester', data ->> '$.helper', data ->> '$.member'), judged FROM asks
    UNION
    SELECT subject, judged FROM asks WHERE kind LIKE 'skill.%'
)
SELECT DISTINCT coalesce(identity.canonical, someone.member) AS member, someone.judged
FROM someone LEFT JOIN identity USING (member)
WHERE someone.member IS NOT NULL;

-- Those of them who may change: she was not known through such a source yet, or may be so no longer.
CREATE OR REPLACE TEMP TABLE turned AS
SELECT member FROM asking WHERE judged
UNION
SELECT asking.member
FROM asking
ANTI JOIN (SELECT member FROM hidden WHERE since < TIMESTAMPTZ '0002-01-01 00:00:00+00') AS asked USING (member)
WHERE NOT asking.judged;

CREATE OR REPLACE TEMP TABLE touched AS
WITH
-- What has come or gone touches the same.
changed AS (
    SELECT kind_of(type) AS kind, subject, occurred_at, data
    FROM batch
    WHERE type NOT IN ('fr.maillage.workshop.held.v1', 'fr.maillage.machine.used.v1', 'fr.maillage.help.answered.v1')
    UNION ALL
    SELECT kind_of(type), subject, occurred_at, data FROM judged
),
-- Weeks begin on the hour, so the calendar is asked once an hour that occurs instead of once an event.
weekly AS (
    SELECT DISTINCT type, week_of(to_timestamp(hour * 3600)) AS week
    FROM (SELECT DISTINCT type, epoch_us(occurred_at) // 3600000000 AS hour FROM batch WHERE is_activity(type))
),
-- Another legal basis of a source concerns the people that it names.
based AS (
    SELECT batch.subject AS source
    FROM batch LEFT JOIN input ON input.source = batch.subject
    WHERE batch.type = 'fr.maillage.input.summarised.v1'
      AND coalesce(input.legal_basis, 'consent') <> json_extract_string(batch.data, '$.legal_basis')
    UNION
    SELECT subject FROM judged WHERE type = 'fr.maillage.input.summarised.v1'
),
concerned AS (
    SELECT subject AS member, CASE WHEN kind LIKE 'consent.%' THEN week_of(occurred_at) END AS not_before
    FROM changed
    WHERE split_part(kind, '.', 1) IN ('member', 'consent', 'identity')
    UNION
    SELECT json_extract_string(data, '$.other'), NULL FROM changed WHERE kind LIKE 'identity.%'
    UNION
    SELECT member, NULL FROM membership SEMI JOIN based USING (source)
    UNION
    SELECT member, NULL FROM appearance SEMI JOIN based USING (source)
    UNION
    SELECT member, NULL FROM turned
),
person AS (
    SELECT coalesce(identity.canonical, concerned.member) AS member, concerned.not_before
    FROM concerned LEFT JOIN identity USING (member)
),
-- The tellings that stand.
standing AS (
    SELECT 'fr.maillage.workshop.held.v1' AS type, workshop AS subject, NULL AS answer, started_at AS "at" FROM workshop
    UNION ALL
    SELECT 'fr.maillage.help.requested.v1', request, NULL, requested_at FROM help_request
    UNION ALL
    SELECT 'fr.maillage.help.answered.v1', request, answer, answered_at FROM help_answer
)
SELECT kind_of(type) AS kind, week, CAST(NULL AS DATE) AS not_before
FROM weekly
UNION
SELECT kind_of(type), week_of(occurred_at), NULL FROM judged WHERE is_activity(type)
UNION
SELECT kind_of(type), week_of(telling.occurred_at), NULL
FROM telling JOIN judged USING (type, subject)
WHERE json_extract_string(telling.data, '$.answer') IS NOT DISTINCT FROM json_extract_string(judged.data, '$.answer')
UNION
-- What is new may take the place of the telling that stands.
SELECT kind_of(type), week_of(standing."at"), NULL
FROM standing JOIN batch USING (type, subject)
WHERE standing.answer IS NULL OR standing.answer = json_extract_string(batch.data, '$.answer')
UNION
-- A request or its closing gives meaning to answers that came before it.
SELECT 'help.answered', week_of(help_answer.answered_at), NULL
FROM changed JOIN help_answer ON help_answer.request = changed.subject
WHERE changed.kind IN ('help.requested', 'help.closed')
UNION
-- Who a member is, and whether she is counted, touches the weeks in which she appears, or is answered.
SELECT '*', week_of(appearance.appeared_at), person.not_before
FROM appearance JOIN person USING (member)
UNION
SELECT '*', week_of(help_answer.answered_at), person.not_before
FROM person
JOIN help_request ON help_request.requester = person.member
JOIN help_answer USING (request);
