-- Grain: one pair of nodes in one week. Two places: people of both in the 13 weeks that end with the week, as in
-- report_place_link. A place (a) and a skill (b): members of the place who showed the skill in 26 weeks, as in
-- report_door, and those of them who agreed to be put in touch. Two skills: people who hold both, as computed. Pairs of
-- fewer than $least people are not read: none of them can be shown.
WITH weeks AS (
    SELECT CAST(week AS DATE) AS week,
           (CAST(week AS TIMESTAMP) + INTERVAL 7 DAY) AT TIME ZONE 'Europe/Paris' AS until
    FROM generate_series(CAST($first AS TIMESTAMP), CAST($week AS TIMESTAMP), INTERVAL 7 DAY) AS t(week)
),
unseen AS (
    SELECT DISTINCT weeks.week, hidden.member
    FROM weeks
    JOIN hidden ON hidden.since < weeks.until AND (hidden.until IS NULL OR hidden.until >= weeks.until)
),
agreed AS (
    SELECT DISTINCT weeks.week, consent.member, TRUE AS yes
    FROM weeks
    JOIN consent ON consent.since < weeks.until AND (consent.until IS NULL OR consent.until >= weeks.until)
    WHERE consent.purpose = 'matching' AND consent.given
        AND consent.member NOT IN (
            SELECT refused.member FROM consent AS refused
            WHERE refused.purpose = 'matching' AND NOT refused.given AND refused.until IS NULL
        )
),
happened AS (
    SELECT place, member, week_of(appeared_at) AS happened FROM appearance WHERE place IS NOT NULL
    UNION
    SELECT member.place, appearance.member, week_of(appearance.appeared_at)
    FROM appearance JOIN member USING (member) WHERE member.place IS NOT NULL
),
rooted AS (
    SELECT DISTINCT weeks.week, happened.place, happened.member
    FROM weeks
    JOIN happened ON happened.happened <= weeks.week AND happened.happened > weeks.week - 91
    ANTI JOIN unseen ON unseen.week = weeks.week AND unseen.member = happened.member
),
shown AS (
    SELECT DISTINCT skill_evidence.skill, skill_evidence.member, member.place, member.left_at,
           week_of(skill_evidence."at") AS happened
    FROM skill_evidence JOIN member USING (member)
    WHERE skill_evidence.rung NOT IN ('learned', 'lapsed') AND member.place IS NOT NULL
),
holding AS (
    SELECT DISTINCT weeks.week, shown.place, shown.skill, shown.member
    FROM weeks
    JOIN shown ON shown.happened <= weeks.week AND shown.happened > weeks.week - 182
        AND (shown.left_at IS NULL OR shown.left_at >= weeks.until)
    ANTI JOIN unseen ON unseen.week = weeks.week AND unseen.member = shown.member
)
SELECT one.week, 'place_place' AS kind, one.place AS a, other.place AS b, count(*) AS people, 0 AS reachable
FROM rooted AS one
JOIN rooted AS other ON other.week = one.week AND other.member = one.member AND other.place > one.place
GROUP BY one.week, one.place, other.place
HAVING count(*) >= $least
UNION ALL
SELECT holding.week, 'place_skill', holding.place, holding.skill, count(*), count(agreed.yes)
FROM holding LEFT JOIN agreed ON agreed.week = holding.week AND agreed.member = holding.member
GROUP BY holding.week, holding.place, holding.skill
HAVING count(*) >= $least
UNION ALL
SELECT week, 'skill_skill', source, target, count, 0
FROM tie WHERE layer = 'held_together' AND week >= $first AND week <= $week AND count >= $least
ORDER BY ALL;
