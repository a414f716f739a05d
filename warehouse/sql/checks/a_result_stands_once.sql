-- A figure that stands more than once.
SELECT metric, week, layer, subject_kind, subject, count(*) AS times
FROM metric_value GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL;
