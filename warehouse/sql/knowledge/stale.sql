-- What was not taken over has to be computed, in every week between the first and the last activity.
INSERT INTO stale (metric, week, since)
SELECT metric.metric, CAST(weeks.week AS DATE), now()
FROM span
CROSS JOIN generate_series(
    CAST(span.first_week AS TIMESTAMP), CAST(span.last_week AS TIMESTAMP), INTERVAL 7 DAY
) AS weeks (week)
CROSS JOIN metric
ANTI JOIN computed ON computed.metric = metric.metric AND computed.week = CAST(weeks.week AS DATE);
