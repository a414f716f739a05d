-- The weeks between the first and the last activity, widened by the batch.
UPDATE span
SET first_week = least(span.first_week, reached.first_week), last_week = greatest(span.last_week, reached.last_week)
FROM (
    SELECT min(week_of(occurred_at)) AS first_week, max(week_of(occurred_at)) AS last_week
    FROM batch
    WHERE is_activity(kind_of(type))
) AS reached;
