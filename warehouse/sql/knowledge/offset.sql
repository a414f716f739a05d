-- Where each partition stood: after the last of its lines that became an event or a reject.
INSERT INTO ingest_offset (partition, next_position)
SELECT partition, max(position) + 1
FROM (SELECT partition, position FROM events UNION ALL SELECT partition, position FROM rejects)
GROUP BY partition;
