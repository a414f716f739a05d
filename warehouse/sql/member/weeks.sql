-- How often she was active in each week since she first was, and whether she was counted at the end of it.
WITH active AS (
    SELECT week_of(appeared_at) AS week, count(*) AS activities
    FROM appearance
    WHERE list_contains($members, member)
    GROUP BY ALL
),
weeks AS (
    SELECT CAST(unnest(generate_series(
        CAST(min(active.week) AS TIMESTAMP), CAST(max(span.last_week) AS TIMESTAMP), INTERVAL 7 DAY
    )) AS DATE) AS week
    FROM active CROSS JOIN span
),
ending AS (
    SELECT week, (week + INTERVAL 7 DAY) AT TIME ZONE 'Europe/Paris' AS until FROM weeks
)
SELECT ending.week, coalesce(active.activities, 0) AS activities,
       NOT EXISTS (
           FROM hidden
           WHERE list_contains($members, hidden.member)
             AND hidden.since < ending.until AND (hidden.until IS NULL OR hidden.until >= ending.until)
       ) AS counted
FROM ending LEFT JOIN active ON active.week = ending.week
ORDER BY ending.week;
