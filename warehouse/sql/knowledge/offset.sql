-- Where each partition stood: after the last of its lines that had become an event or a reject by $instant.
INSERT INTO ingest_offset (partition, next_position)
SELECT partition, max(position) + 1
FROM (
    SELECT partition, position FROM events WHERE recorded_at <= $instant
    UNION ALL
    SELECT partition, position FROM rejects
)
GROUP BY partition;
