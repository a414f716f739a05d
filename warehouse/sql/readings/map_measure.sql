-- Grain: one figure about one place or skill in one week, of those that the map can size its nodes by.
SELECT week, subject_kind AS kind, subject AS node, metric, value, n
FROM metric_value
WHERE week >= $first AND week <= $week
    AND (
        (metric = 'betweenness' AND (subject_kind, layer) IN (('place', 'shared_people'), ('skill', 'held_together')))
        OR (metric = 'place_holders' AND subject_kind = 'place')
        OR (metric = 'active_holders' AND subject_kind = 'skill')
    )
ORDER BY ALL;
