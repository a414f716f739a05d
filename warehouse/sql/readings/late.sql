-- Activities of the last seven days of the record that came after the report on their week was due (Monday 6:00 in
-- Paris), where that week was computed and anything at all was known then; a retraction counts for the event that it
-- takes back. Grain: one row a source, with the weeks that these events have made stale and that still are.
WITH fresh AS (
    SELECT source, id, kind_of(type) AS kind, occurred_at, recorded_at, data
    FROM events
    WHERE recorded_at > (SELECT max(recorded_at) - INTERVAL 7 DAY FROM events)
),
told AS (
    SELECT source, kind, occurred_at, recorded_at FROM fresh WHERE kind <> 'event.retracted'
    UNION ALL
    SELECT fresh.source, kind_of(events.type), events.occurred_at, fresh.recorded_at
    FROM fresh
    JOIN events ON events.id = json_extract_string(fresh.data, '$.id')
               AND events.source = json_extract_string(fresh.data, '$.source')
    WHERE fresh.kind = 'event.retracted'
),
dated AS (
    SELECT source, kind, recorded_at, week_of(occurred_at) AS week,
           (CAST(week_of(occurred_at) AS TIMESTAMP) + INTERVAL 174 HOUR) AT TIME ZONE 'Europe/Paris' AS due_at
    FROM told
    WHERE is_activity('fr.maillage.' || kind)
),
late AS (
    SELECT dated.source, dated.kind, dated.week
    FROM dated
    SEMI JOIN computed ON computed.week = dated.week
    WHERE dated.recorded_at > dated.due_at AND dated.due_at >= (SELECT min(recorded_at) FROM events)
),
touched AS (
    SELECT late.source, count(DISTINCT stale.week) AS stale_weeks
    FROM (SELECT DISTINCT source, kind, week FROM late) AS late
    JOIN metric ON list_contains(metric.reads, late.kind)
    JOIN stale ON stale.metric = metric.metric AND stale.week >= late.week AND stale.week < late.week + 7 * metric.reach
    GROUP BY late.source
)
SELECT late.source, coalesce(any_value(input.title), late.source) AS title, count(*) AS events,
       min(late.week) AS oldest_week, coalesce(any_value(touched.stale_weeks), 0) AS stale_weeks
FROM late
LEFT JOIN input ON input.source = late.source
LEFT JOIN touched ON touched.source = late.source
GROUP BY late.source
ORDER BY events DESC, late.source;
