-- $metric is stale in every week between the first and the last activity that lies from $since to $until,
-- but for weeks whose activities are kept no longer.
MERGE INTO stale
USING (
    SELECT $metric AS metric, CAST(weeks.week AS DATE) AS week
    FROM span
    CROSS JOIN generate_series(
        CAST(span.first_week AS TIMESTAMP), CAST(span.last_week AS TIMESTAMP), INTERVAL 7 DAY
    ) AS weeks (week)
    ANTI JOIN closed
        ON closed.metric = $metric AND CAST(weeks.week AS DATE) >= closed.since AND CAST(weeks.week AS DATE) < closed.until
    WHERE CAST(weeks.week AS DATE) BETWEEN $since AND $until
) AS marked
ON stale.metric = marked.metric AND stale.week = marked.week
WHEN MATCHED THEN UPDATE SET since = now()
WHEN NOT MATCHED THEN INSERT (metric, week, since) VALUES (marked.metric, marked.week, now());
