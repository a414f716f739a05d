-- Who has taken back what since $instant and not given it again, under every pseudonym of theirs known today.
-- Grain: (member, purpose).
WITH said AS (
    SELECT coalesce(identity.canonical, events.subject) AS person, kind_of(events.type) AS kind, events.occurred_at,
           events.recorded_at, json_extract_string(events.data, '$.purpose') AS purpose
    FROM events
    LEFT JOIN identity ON identity.member = events.subject
    ANTI JOIN retracted ON retracted.source = events.source AND retracted.id = events.id
    WHERE kind_of(events.type) IN ('consent.given', 'consent.withdrawn', 'member.erased')
),
taken_back AS (
    SELECT said.person, coalesce(said.purpose, purposes.purpose) AS purpose, said.occurred_at
    FROM said
    LEFT JOIN unnest(['analytics', 'named_in_report', 'matching', 'share_with_companies']) AS purposes (purpose)
        ON said.purpose IS NULL
    WHERE said.kind <> 'consent.given' AND said.recorded_at > $instant
),
objection AS (
    SELECT DISTINCT taken_back.person, taken_back.purpose
    FROM taken_back
    ANTI JOIN said ON said.person = taken_back.person AND said.purpose = taken_back.purpose
                  AND said.kind = 'consent.given' AND said.occurred_at > taken_back.occurred_at
)
SELECT person AS member, purpose FROM objection
UNION
SELECT identity.member, objection.purpose FROM objection JOIN identity ON identity.canonical = objection.person;
