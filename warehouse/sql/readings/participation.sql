-- Who was at which workshop in [$since, $until), of the members who are counted at $until.
-- Grain: (workshop, member, role). size counts everybody listed, counted or not, so that a hidden member does not
-- make the ties of the others stronger than they were.
WITH listed AS (
    SELECT attendance.workshop, workshop.started_at, attendance.member, attendance.role, workshop.place
    FROM attendance JOIN workshop USING (workshop)
    WHERE workshop.started_at >= $since AND workshop.started_at < $until
),
sized AS (
    SELECT workshop, count(DISTINCT member) AS size FROM listed GROUP BY workshop
)
SELECT listed.workshop, listed.member, listed.role, listed.started_at AS "at", sized.size, listed.place
FROM listed
JOIN sized USING (workshop)
ANTI JOIN hidden_spell ON hidden_spell.member = listed.member
    AND hidden_spell.since < $until AND (hidden_spell.until IS NULL OR hidden_spell.until >= $until)
ORDER BY listed.started_at, listed.workshop, listed.member, listed.role;
