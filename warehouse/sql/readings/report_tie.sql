-- Grain: one week in [$first, $week] that has ties. Pairs of tied members, layers together, whose places are known,
-- and those of them whose places differ; people at the ends of such.
WITH pair AS (
    SELECT DISTINCT week, least(source, target) AS one, greatest(source, target) AS other
    FROM tie
    WHERE week >= $first AND week <= $week AND source <> target
)
SELECT
    pair.week,
    count(*) AS pairs,
    len(list_distinct(list_concat(list(pair.one), list(pair.other)))) AS people,
    count(*) FILTER (near.place <> far.place) AS across
FROM pair
JOIN member AS near ON near.member = pair.one
JOIN member AS far ON far.member = pair.other
WHERE near.place IS NOT NULL AND far.place IS NOT NULL
GROUP BY pair.week
ORDER BY pair.week;
