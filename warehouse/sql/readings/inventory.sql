-- What a copy has to hold as the original does. Grain: one row a number, by name.
SELECT 'events' AS what, count(*) AS number FROM events
UNION ALL
SELECT 'rejects', count(*) FROM rejects
UNION ALL
SELECT 'gaps', count(*) FROM gap
UNION ALL
SELECT 'computed', count(*) FROM computed
UNION ALL
SELECT 'figures', count(*) FROM metric_value
UNION ALL
SELECT 'ties', count(*) FROM tie
UNION ALL
SELECT 'position in partition ' || partition, next_position FROM ingest_offset
ORDER BY what;
