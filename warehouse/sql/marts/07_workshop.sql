-- Grain: one row a workshop; where a source tells of it twice, the later and then the greater id stands.
DELETE FROM workshop WHERE workshop IN (SELECT subject FROM pending);
DELETE FROM workshop_skill WHERE workshop IN (SELECT subject FROM pending);
DELETE FROM attendance WHERE workshop IN (SELECT subject FROM pending);

CREATE OR REPLACE TEMP TABLE held AS
SELECT subject AS workshop, source, occurred_at, data
FROM live
WHERE kind = 'workshop.held'
QUALIFY row_number() OVER (PARTITION BY subject ORDER BY occurred_at DESC, id DESC) = 1;

INSERT INTO workshop (workshop, place, started_at, ended_at, head_count, source)
SELECT workshop, data ->> '$.place', occurred_at, CAST(data ->> '$.ended_at' AS TIMESTAMPTZ),
       CAST(data ->> '$.head_count' AS INTEGER), source
FROM held;

INSERT INTO workshop_skill (workshop, skill)
WITH taught AS (SELECT workshop, unnest(from_json(data -> '$.skills', '["VARCHAR"]')) AS term FROM held)
SELECT DISTINCT taught.workshop, meant.skill FROM taught JOIN meant USING (term);

INSERT INTO attendance (workshop, member, role)
WITH attendee AS (
    SELECT workshop, unnest(from_json(data -> '$.attendees', '[{"member": "VARCHAR", "role": "VARCHAR"}]')) AS one
    FROM held
)
SELECT DISTINCT attendee.workshop, coalesce(identity.canonical, attendee.one.member), attendee.one.role
FROM attendee LEFT JOIN identity ON identity.member = attendee.one.member
WHERE attendee.one.member IS NOT NULL;
