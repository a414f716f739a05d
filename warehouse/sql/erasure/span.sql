-- The weeks between the first and the last activity that is left, or that was there before it was retired; results of
-- weeks outside rested on what has gone.
UPDATE span
SET first_week = reached.first_week, last_week = reached.last_week
FROM (
    SELECT min(first_week) AS first_week, max(last_week) AS last_week
    FROM (
        SELECT week_of(min(occurred_at)) AS first_week, week_of(max(occurred_at)) AS last_week
        FROM events WHERE is_activity(type)
        UNION ALL
        SELECT since, until FROM retired
    )
) AS reached;
