-- Grain: one row a source that has told of anything: its last $days days with activity (Paris), oldest
-- first, and when the last of them was recorded. A summary tells that a source was read, not that anything happened.
WITH day AS (
    SELECT source, CAST(occurred_at AT TIME ZONE 'Europe/Paris' AS DATE) AS day, min(recorded_at) AS recorded_at
    FROM events
    WHERE type NOT LIKE 'fr.maillage.input.summarised.%'
    GROUP BY source, CAST(occurred_at AT TIME ZONE 'Europe/Paris' AS DATE)
    QUALIFY row_number() OVER (PARTITION BY source ORDER BY day DESC) <= $days
)
SELECT day.source, coalesce(any_value(input.title), day.source) AS title, any_value(input.rhythm_days) AS rhythm_days,
       list(day.day ORDER BY day.day) AS days,
       CAST(arg_max(day.recorded_at, day.day) AT TIME ZONE 'Europe/Paris' AS DATE) AS last_recorded
FROM day
LEFT JOIN input USING (source)
GROUP BY day.source
ORDER BY day.source;
