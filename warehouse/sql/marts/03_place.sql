-- Grain: one row a place that was opened; each field as last said.
DELETE FROM place WHERE place IN (SELECT subject FROM pending);

INSERT INTO place (place, name, kind, country, latitude, longitude, opened_at, closed_at, capacity, legal_basis)
WITH said AS (
    SELECT subject, live.kind AS change, occurred_at, id,
           data ->> '$.name' AS name,
           data ->> '$.kind' AS kind,
           data ->> '$.country' AS country,
           CAST(data ->> '$.latitude' AS DOUBLE) AS latitude,
           CAST(data ->> '$.longitude' AS DOUBLE) AS longitude,
           CAST(data ->> '$.capacity' AS INTEGER) AS capacity,
           data ->> '$.legal_basis' AS legal_basis
    FROM live
    WHERE live.kind LIKE 'place.%'
)
SELECT subject,
       last(name ORDER BY occurred_at, id) FILTER (WHERE name IS NOT NULL),
       last(kind ORDER BY occurred_at, id) FILTER (WHERE kind IS NOT NULL),
       last(country ORDER BY occurred_at, id) FILTER (WHERE country IS NOT NULL),
       last(latitude ORDER BY occurred_at, id) FILTER (WHERE latitude IS NOT NULL),
       last(longitude ORDER BY occurred_at, id) FILTER (WHERE longitude IS NOT NULL),
       min(occurred_at) FILTER (WHERE change = 'place.opened') AS opened_at,
       CASE WHEN last(change ORDER BY occurred_at, id) FILTER (WHERE change <> 'place.updated') = 'place.closed'
            THEN max(occurred_at) FILTER (WHERE change = 'place.closed') END,
       last(capacity ORDER BY occurred_at, id) FILTER (WHERE capacity IS NOT NULL),
       last(legal_basis ORDER BY occurred_at, id) FILTER (WHERE legal_basis IS NOT NULL)
FROM said
GROUP BY subject
HAVING opened_at IS NOT NULL;
