-- Grain: (metric, week).
INSERT INTO computed (metric, week, computed_at, version)
SELECT mark.metric, mark.week, CAST($computed_at AS TIMESTAMPTZ), metric.version FROM mark JOIN metric USING (metric);
