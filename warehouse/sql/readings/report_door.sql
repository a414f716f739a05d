-- Grain: one skill and place. Members of the place who showed the skill by using, teaching, helping, declaring or
-- certifying it in the 26 weeks that end with $week, and are still in.
WITH horizon AS (
    SELECT
        CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris' AS until,
        CAST($week - 175 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris' AS since
)
SELECT
    skill_evidence.skill,
    member.place,
    coalesce(place.name, member.place) AS name,
    count(DISTINCT skill_evidence.member) AS holders
FROM horizon, skill_evidence
JOIN member ON member.member = skill_evidence.member
LEFT JOIN place ON place.place = member.place
WHERE skill_evidence.rung NOT IN ('learned', 'lapsed')
    AND skill_evidence."at" >= horizon.since AND skill_evidence."at" < horizon.until
    AND member.place IS NOT NULL
    AND (member.left_at IS NULL OR member.left_at >= horizon.until)
    AND NOT EXISTS (
        SELECT 1 FROM hidden
        WHERE hidden.member = skill_evidence.member
            AND hidden.since < horizon.until AND (hidden.until IS NULL OR hidden.until >= horizon.until)
    )
GROUP BY skill_evidence.skill, member.place, place.name
ORDER BY skill_evidence.skill, holders DESC, name;
