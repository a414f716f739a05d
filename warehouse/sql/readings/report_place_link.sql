-- Grain: one pair of places, a < b. Window: the 13 weeks that end with $week. Shared people were seen at both, or seen
-- at one and joined through the other.
WITH horizon AS (
    SELECT
        CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris' AS until,
        CAST($week - 84 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris' AS since
),
unseen AS (
    SELECT DISTINCT hidden.member
    FROM hidden, horizon
    WHERE hidden.since < horizon.until AND (hidden.until IS NULL OR hidden.until >= horizon.until)
),
seen AS (
    SELECT DISTINCT appearance.member, appearance.place
    FROM appearance, horizon
    WHERE appearance.appeared_at >= horizon.since AND appearance.appeared_at < horizon.until
        AND NOT EXISTS (SELECT 1 FROM unseen WHERE unseen.member = appearance.member)
),
rooted AS (
    SELECT member, place FROM seen WHERE place IS NOT NULL
    UNION
    SELECT seen.member, member.place
    FROM seen
    JOIN member ON member.member = seen.member
    WHERE member.place IS NOT NULL
)
SELECT one.place AS a, other.place AS b, count(DISTINCT one.member) AS people
FROM rooted AS one
JOIN rooted AS other ON other.member = one.member AND other.place > one.place
GROUP BY one.place, other.place
ORDER BY a, b;
