-- No position stands twice, and none lies at or beyond the position to read on from.
WITH line AS (
    SELECT partition, position FROM events
    UNION ALL
    SELECT partition, position FROM rejects
)
SELECT line.partition, line.position, count(*) AS times, ingest_offset.next_position
FROM line LEFT JOIN ingest_offset USING (partition)
GROUP BY ALL
HAVING count(*) > 1 OR ingest_offset.next_position IS NULL OR line.position >= ingest_offset.next_position
ORDER BY ALL;
