-- Grain: one metric and layer of the whole network. Week: $week.
SELECT metric, layer, value, low, high, n
FROM metric_value
WHERE subject_kind = 'network' AND week = $week AND layer IS NOT NULL
ORDER BY metric, layer;
