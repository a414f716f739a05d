-- The places as last described, open or not. Grain: the place.
SELECT place, name, latitude, longitude, opened_at, closed_at FROM place;
