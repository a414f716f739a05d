-- Grain: one row an organisation that joined.
DELETE FROM organisation WHERE organisation IN (SELECT subject FROM pending);

INSERT INTO organisation (organisation, circle, size_class, sector, country, place, joined_at, left_at)
SELECT subject,
       last(data ->> '$.circle' ORDER BY occurred_at, id) FILTER (WHERE kind = 'organisation.joined'),
       last(data ->> '$.size_class' ORDER BY occurred_at, id) FILTER (WHERE kind = 'organisation.joined'),
       last(data ->> '$.sector' ORDER BY occurred_at, id) FILTER (WHERE kind = 'organisation.joined'),
       last(data ->> '$.country' ORDER BY occurred_at, id) FILTER (WHERE kind = 'organisation.joined'),
       last(data ->> '$.place' ORDER BY occurred_at, id) FILTER (WHERE kind = 'organisation.joined'),
       min(occurred_at) FILTER (WHERE kind = 'organisation.joined') AS joined_at,
       CASE WHEN last(kind ORDER BY occurred_at, id) = 'organisation.left' THEN max(occurred_at) END
FROM live
WHERE kind LIKE 'organisation.%'
GROUP BY subject
HAVING joined_at IS NOT NULL;
