-- Each metric becomes stale in the weeks that its reach carries a touched week to, and in every week that has
-- come to lie between the first and the last activity ($old_first, $old_last: before the batch).
-- Weeks whose activities are kept no longer stand as they are. Marking again sets a new instant, so that a computation that began before does not clear the mark.
MERGE INTO stale
USING (
    WITH reached AS (
        SELECT metric.metric, touched.week + 7 * CAST(steps.step AS INTEGER) AS week
        FROM touched
        JOIN metric ON touched.kind = '*' OR list_contains(metric.reads, touched.kind)
        CROSS JOIN range(520) AS steps (step)
        WHERE steps.step < metric.reach
          AND (touched.not_before IS NULL OR touched.week + 7 * CAST(steps.step AS INTEGER) >= touched.not_before)
        UNION
        SELECT metric.metric, CAST(weeks.week AS DATE)
        FROM span
        CROSS JOIN generate_series(
            CAST(span.first_week AS TIMESTAMP), CAST(span.last_week AS TIMESTAMP), INTERVAL 7 DAY
        ) AS weeks (week)
        CROSS JOIN metric
        WHERE span.first_week IS NOT NULL
          AND ($old_first::DATE IS NULL OR weeks.week < $old_first::DATE OR weeks.week > $old_last::DATE)
    )
    SELECT reached.metric, reached.week
    FROM reached CROSS JOIN span
    ANTI JOIN closed
        ON closed.metric = reached.metric AND reached.week >= closed.since AND reached.week < closed.until
    WHERE reached.week BETWEEN span.first_week AND span.last_week
) AS marked
ON stale.metric = marked.metric AND stale.week = marked.week
WHEN MATCHED THEN UPDATE SET since = now()
WHEN NOT MATCHED THEN INSERT (metric, week, since) VALUES (marked.metric, marked.week, now());
