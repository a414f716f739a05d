-- Grain: one week in [$first, $week]. Window: that week. Members count where consent or basis holds at its end.
WITH calendar AS (
    SELECT CAST(unnest(generate_series($first, $week, INTERVAL 7 DAY)) AS DATE) AS week
),
horizon AS (
    SELECT week, CAST(week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris' AS until FROM calendar
),
activity AS (
    SELECT DISTINCT horizon.week, horizon.until, appearance.member, appearance.place
    FROM appearance
    JOIN horizon ON horizon.week = week_of(appearance.appeared_at)
),
counted AS (
    SELECT activity.week, activity.member, activity.place, member.place AS home
    FROM activity
    JOIN member ON member.member = activity.member
    WHERE NOT EXISTS (
        SELECT 1 FROM hidden
        WHERE hidden.member = activity.member
            AND hidden.since < activity.until AND (hidden.until IS NULL OR hidden.until >= activity.until)
    )
),
weekly AS (
    SELECT
        week,
        count(DISTINCT member) AS active,
        count(DISTINCT member) FILTER (place IS DISTINCT FROM home AND place IS NOT NULL AND home IS NOT NULL)
            AS visitors
    FROM counted
    GROUP BY week
),
newcomer AS (
    SELECT horizon.week, count(DISTINCT member.member) AS newcomers
    FROM member
    JOIN horizon ON horizon.week = week_of(member.joined_at)
    WHERE NOT EXISTS (
        SELECT 1 FROM hidden
        WHERE hidden.member = member.member
            AND hidden.since < horizon.until AND (hidden.until IS NULL OR hidden.until >= horizon.until)
    )
    GROUP BY horizon.week
),
lively AS (
    SELECT week, count(DISTINCT place) AS places
    FROM (
        SELECT week_of(started_at) AS week, place FROM workshop
        UNION ALL
        SELECT week_of(requested_at), place FROM help_request
        UNION ALL
        SELECT week_of(used_at), place FROM machine_use
    )
    WHERE place IS NOT NULL
    GROUP BY week
)
SELECT
    calendar.week,
    coalesce(weekly.active, 0) AS active_members,
    coalesce(newcomer.newcomers, 0) AS newcomers,
    coalesce(weekly.visitors, 0) AS visitors,
    coalesce(lively.places, 0) AS active_places
FROM calendar
LEFT JOIN weekly ON weekly.week = calendar.week
LEFT JOIN newcomer ON newcomer.week = calendar.week
LEFT JOIN lively ON lively.week = calendar.week
ORDER BY calendar.week;
