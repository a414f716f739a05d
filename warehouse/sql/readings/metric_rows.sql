-- The values of a metric, of every layer and week, or of $layer and $week alone. Grain: one subject, layer and week.
SELECT week, layer, subject_kind, subject, value, low, high, n
FROM metric_value
WHERE metric = $metric AND ($layer IS NULL OR layer = $layer) AND ($week IS NULL OR week = $week)
ORDER BY week, layer, subject;
