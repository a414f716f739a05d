-- Grain: one source that has been heard by the end of $week. Window: everything before that end.
-- A summary tells that a source was read, not that anything happened there.
WITH horizon AS (
    SELECT CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris' AS until
),
heard AS (
    SELECT events.source, max(events.occurred_at) AS last_event
    FROM events, horizon
    WHERE events.occurred_at < horizon.until AND events.type NOT LIKE 'fr.maillage.input.summarised.%'
    GROUP BY events.source
)
SELECT
    heard.source,
    coalesce(input.title, heard.source) AS title,
    input.rhythm_days,
    input.summarised_at AS read_at,
    heard.last_event,
    CAST(date_diff('second', heard.last_event, horizon.until) / 86400 AS DOUBLE) AS silent_days
FROM horizon, heard
LEFT JOIN input ON input.source = heard.source
ORDER BY title, heard.source;
