-- One row per computed week: what tells its results, and the events that occurred in it, from those of another run.
-- The present of a run alone does not: two runs may be given the same one.
WITH
told AS (
    SELECT
        CAST(date_trunc('week', occurred_at AT TIME ZONE 'Europe/Paris') AS DATE) AS week,
        bit_xor(hash(id, source)) AS events
    FROM events
    GROUP BY ALL
),
found AS (
    SELECT week, bit_xor(hash(metric, layer, subject, value)) AS results
    FROM metric_value
    GROUP BY ALL
)
SELECT
    computed.week,
    md5(
        concat_ws(
            ' ',
            string_agg(concat_ws(' ', metric, computed_at, version), ',' ORDER BY metric),
            any_value(events),
            any_value(results)
        )
    ) AS stamp
FROM computed
LEFT JOIN told USING (week)
LEFT JOIN found USING (week)
GROUP BY computed.week
ORDER BY computed.week;
