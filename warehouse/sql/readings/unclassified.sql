-- What the vocabulary does not know, from all that the marts hold: how often it was told of, and by how many people who
-- are counted today. Grain: the text.
WITH told AS (
    SELECT skill, workshop AS occasion, member FROM workshop_skill LEFT JOIN attendance USING (workshop)
    UNION ALL
    SELECT skill, request, requester FROM help_request_skill JOIN help_request USING (request)
    UNION ALL
    SELECT skill, event, member FROM machine_use WHERE skill IS NOT NULL
    UNION ALL
    SELECT skill, member || ' ' || rung || ' ' || stated_at, member FROM skill_statement
),
unseen AS (
    SELECT DISTINCT member, TRUE AS hidden FROM hidden WHERE until IS NULL
)
SELECT told.skill AS term, count(DISTINCT told.occasion) AS occasions,
       count(DISTINCT told.member) FILTER (unseen.hidden IS NULL) AS people
FROM told
ANTI JOIN vocabulary USING (skill)
LEFT JOIN unseen USING (member)
GROUP BY told.skill
ORDER BY occasions DESC, term;
