-- Events about the week $week that came after $due, and events about it known at $due that were taken back since.
-- Grain: one row a kind and origin: the place that an event tells of, else the one that runs its source, else the
-- source. None where nothing at all was known at $due. Withdrawals and erasures count on both sides, so they are none.
WITH concerned AS (
    SELECT kind_of(events.type) AS kind, events.source, events.recorded_at > $due AS late,
           retracted.id IS NOT NULL AS gone, json_extract_string(events.data, '$.place') AS place
    FROM events
    LEFT JOIN retracted ON retracted.source = events.source AND retracted.id = events.id
    WHERE events.occurred_at >= CAST($week AS TIMESTAMP) AT TIME ZONE 'Europe/Paris'
      AND events.occurred_at < CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris'
      AND kind_of(events.type) NOT IN ('event.retracted', 'consent.withdrawn', 'member.erased', 'input.summarised')
      AND (events.recorded_at > $due) <> (coalesce(retracted.recorded_at > $due, FALSE))
      AND EXISTS (SELECT 1 FROM events AS known WHERE known.recorded_at <= $due)
)
SELECT concerned.kind, coalesce(place.name, home.name, input.title, concerned.source) AS origin,
       count(*) FILTER (concerned.late) AS late, count(*) FILTER (NOT concerned.late) AS retracted
FROM concerned
LEFT JOIN place ON place.place = concerned.place
LEFT JOIN input ON input.source = concerned.source
LEFT JOIN place AS home ON home.place = input.place
WHERE NOT (concerned.late AND concerned.gone)
GROUP BY ALL
ORDER BY ALL;
