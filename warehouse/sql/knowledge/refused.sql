-- The lines that had been refused by $instant.
SELECT partition, position, size, digest, reason, seen_at
FROM rejects
WHERE seen_at <= $instant;
