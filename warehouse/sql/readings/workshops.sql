-- Workshops that began in [$since, $until), and in which country: that of the place where they took place, as known.
-- Grain: one row a workshop.
SELECT workshop.workshop, workshop.place, place.country, workshop.started_at AS "at"
FROM workshop
LEFT JOIN place ON place.place = workshop.place
WHERE workshop.started_at >= $since AND workshop.started_at < $until
ORDER BY workshop.started_at, workshop.workshop;
