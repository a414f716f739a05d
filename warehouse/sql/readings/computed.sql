-- The week asked for, or else the last one computed, with the present of its last computation.
SELECT week, max(computed_at)
FROM computed
WHERE week = coalesce($week, (SELECT max(week) FROM computed))
GROUP BY week;
