-- Her own ties: what her contacts and their strength are summed from.
SELECT week, layer, source, target, strength, count
FROM tie
WHERE list_contains($members, source) OR list_contains($members, target)
ORDER BY week DESC, layer, strength DESC, source, target;
