-- The loss is written down.
INSERT INTO gap (partition, since, until, accepted_at, reason)
VALUES ($partition, $since, $until, CAST($accepted_at AS TIMESTAMPTZ), $reason);
