-- The digest of the ties of $layer in $week, as layers.sql gives it.
SELECT sha256(string_agg(concat_ws(' ', source, target, strength, count), chr(10) ORDER BY source, target)) AS digest
FROM tie
WHERE week = $week AND layer = $layer;
