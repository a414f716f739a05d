-- Grain: one row. What the data hold up to the end of $week: since when each kind of activity is told of, which
-- places are open then and in which countries.
WITH horizon AS (
    SELECT CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris' AS until
),
open_place AS (
    SELECT place.place, place.country
    FROM place, horizon
    WHERE (place.opened_at IS NULL OR place.opened_at < horizon.until)
        AND (place.closed_at IS NULL OR place.closed_at >= horizon.until)
)
SELECT
    (SELECT week_of(min(appeared_at)) FROM appearance, horizon WHERE appeared_at < until) AS first_activity,
    (SELECT week_of(min(started_at)) FROM workshop, horizon WHERE started_at < until) AS first_workshop,
    (SELECT week_of(min(requested_at)) FROM help_request, horizon WHERE requested_at < until) AS first_request,
    (SELECT week_of(min(appeared_at)) FROM appearance, horizon WHERE appeared_at < until AND place IS NOT NULL)
        AS first_placed,
    (SELECT count(*) FROM member WHERE place IS NOT NULL) AS members_with_place,
    (SELECT count(*) FROM open_place) AS places,
    coalesce((SELECT list(DISTINCT country ORDER BY country) FROM open_place WHERE country IS NOT NULL), [])
        AS countries;
