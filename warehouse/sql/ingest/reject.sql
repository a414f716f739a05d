-- One row a line that breaks the contract.
INSERT INTO rejects (partition, position, size, digest, reason, seen_at)
SELECT partition, position, size, digest, reason, seen_at FROM refused;
