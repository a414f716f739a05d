-- Grain: one row. Ties of $week, layers together, between members whose places are known: how many people have ties
-- beyond their own place, to two other places or more, and into another country; and the fewest people who hold an end
-- of half of the pairs between places, taken from the one with most.
WITH pair AS (
    SELECT DISTINCT least(source, target) AS one, greatest(source, target) AS other
    FROM tie
    WHERE week = $week AND source <> target
),
crossing AS (
    SELECT pair.one, pair.other, near.place AS near_place, far.place AS far_place,
        near.country AS near_country, far.country AS far_country
    FROM pair
    JOIN member AS near ON near.member = pair.one
    JOIN member AS far ON far.member = pair.other
    WHERE near.place <> far.place
),
reach AS (
    SELECT
        member,
        count(*) AS pairs,
        count(DISTINCT place) AS places,
        bool_or(home_country <> country) AS abroad
    FROM (
        SELECT one AS member, far_place AS place, near_country AS home_country, far_country AS country FROM crossing
        UNION ALL
        SELECT other, near_place, far_country, near_country FROM crossing
    )
    GROUP BY member
),
ranked AS (
    SELECT
        row_number() OVER (ORDER BY pairs DESC, member) AS rank,
        sum(pairs) OVER (ORDER BY pairs DESC, member ROWS UNBOUNDED PRECEDING) AS ends,
        sum(pairs) OVER () AS all_ends
    FROM reach
)
SELECT
    (SELECT count(*) FROM crossing) AS pairs,
    (SELECT count(*) FROM reach) AS beyond,
    (SELECT count(*) FROM reach WHERE places >= 2) AS linking,
    (SELECT count(*) FROM reach WHERE abroad) AS abroad,
    (SELECT min(rank) FROM ranked WHERE ends * 2 >= all_ends) AS half;
