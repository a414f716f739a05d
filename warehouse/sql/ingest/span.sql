-- The weeks between the first and the last activity, widened by the batch. The ends of a batch are asked for their
-- week, not each of its rows.
UPDATE span
SET first_week = least(span.first_week, reached.first_week), last_week = greatest(span.last_week, reached.last_week)
FROM (
    SELECT week_of(first_at) AS first_week, week_of(last_at) AS last_week
    FROM (SELECT min(occurred_at) AS first_at, max(occurred_at) AS last_at FROM batch WHERE is_activity(type))
) AS reached;
