-- Ties without strength, or undirected ties that are not written once with source < target.
SELECT week, layer, source, target, strength, count
FROM tie
WHERE NOT (strength > 0) OR count < 1 OR (layer IN ('copresence', 'shared_people', 'held_together', 'asked_together') AND source >= target)
ORDER BY ALL;
