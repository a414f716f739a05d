-- The values that are taken over.
SELECT metric_value.*
FROM metric_value
SEMI JOIN kept ON kept.metric = metric_value.metric AND CAST(kept.week AS DATE) = metric_value.week;
