-- Grain: one place or skill in one week, for everybody (public is null) and for each public. Window: the 13 weeks that
-- end with the week. A place has who was seen there, and who joined through it and was seen anywhere, as in
-- report_place; a skill has who took part in a workshop, a request, an answer, a use or a statement about it.
WITH weeks AS (
    SELECT CAST(week AS DATE) AS week,
           (CAST(week AS TIMESTAMP) + INTERVAL 7 DAY) AT TIME ZONE 'Europe/Paris' AS until,
           (CAST(week AS TIMESTAMP) - INTERVAL 84 DAY) AT TIME ZONE 'Europe/Paris' AS since
    FROM generate_series(CAST($first AS TIMESTAMP), CAST($week AS TIMESTAMP), INTERVAL 7 DAY) AS t(week)
),
unseen AS (
    SELECT DISTINCT weeks.week, hidden.member
    FROM weeks
    JOIN hidden ON hidden.since < weeks.until AND (hidden.until IS NULL OR hidden.until >= weeks.until)
),
happened AS (
    SELECT 'place' AS kind, appearance.place AS node, appearance.member, appearance.appeared_at AS happened_at
    FROM appearance WHERE appearance.place IS NOT NULL
    UNION ALL
    SELECT 'place', member.place, appearance.member, appearance.appeared_at
    FROM appearance JOIN member USING (member) WHERE member.place IS NOT NULL
    UNION ALL
    SELECT 'skill', workshop_skill.skill, attendance.member, workshop.started_at
    FROM workshop JOIN workshop_skill USING (workshop) JOIN attendance USING (workshop)
    UNION ALL
    SELECT 'skill', help_request_skill.skill, help_request.requester, help_request.requested_at
    FROM help_request JOIN help_request_skill USING (request) WHERE help_request.requester IS NOT NULL
    UNION ALL
    SELECT 'skill', help_request_skill.skill, help_answer.helper, help_answer.answered_at
    FROM help_answer JOIN help_request USING (request) JOIN help_request_skill USING (request)
    WHERE help_answer.helper IS DISTINCT FROM help_request.requester AND help_answer.helper IS NOT NULL
    UNION ALL
    SELECT 'skill', skill, member, used_at FROM machine_use WHERE skill IS NOT NULL AND member IS NOT NULL
    UNION ALL
    SELECT 'skill', skill, member, stated_at FROM skill_statement WHERE rung <> 'lapsed'
),
by_week AS (
    SELECT DISTINCT kind, node, member, week_of(happened_at) AS happened FROM happened
),
seen AS (
    SELECT DISTINCT weeks.week, by_week.kind, by_week.node, by_week.member
    FROM weeks
    JOIN by_week ON by_week.happened <= weeks.week AND by_week.happened > weeks.week - 91
    ANTI JOIN unseen ON unseen.week = weeks.week AND unseen.member = by_week.member
)
SELECT seen.week, seen.kind, seen.node, member.public, count(DISTINCT seen.member) AS people
FROM seen LEFT JOIN member USING (member)
WHERE member.public IS NOT NULL
GROUP BY ALL
UNION ALL
SELECT week, kind, node, NULL, count(DISTINCT member) FROM seen GROUP BY week, kind, node
ORDER BY ALL NULLS FIRST;
