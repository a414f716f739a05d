-- Grain: one row. Members of the network at the end of $week, and those of them who are counted.
WITH horizon AS (
    SELECT CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris' AS until
),
present AS (
    SELECT DISTINCT member.member
    FROM member, horizon
    WHERE member.joined_at < horizon.until AND (member.left_at IS NULL OR member.left_at >= horizon.until)
),
unseen AS (
    SELECT DISTINCT hidden.member
    FROM hidden, horizon
    WHERE hidden.since < horizon.until AND (hidden.until IS NULL OR hidden.until >= horizon.until)
)
SELECT
    count(*) AS members,
    count(*) FILTER (unseen.member IS NULL) AS counted
FROM present
LEFT JOIN unseen ON unseen.member = present.member;
