-- Grain: the place. Where it is and what kind of place it is, as last described.
SELECT place, coalesce(name, place) AS name, kind, country, latitude, longitude FROM place ORDER BY place;
