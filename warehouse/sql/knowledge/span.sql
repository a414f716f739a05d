-- The weeks of the first and of the last activity on record, as ingest keeps them.
UPDATE span
SET first_week = reached.first_week, last_week = reached.last_week
FROM (
    SELECT week_of(min(occurred_at)) AS first_week, week_of(max(occurred_at)) AS last_week
    FROM events
    WHERE is_activity(type)
) AS reached;
