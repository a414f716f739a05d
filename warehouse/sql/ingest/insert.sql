-- The rows of the batch that the record did not hold.
INSERT INTO events (id, source, type, subject, occurred_at, recorded_at, partition, position, data)
SELECT id, source, type, subject, occurred_at, recorded_at, partition, position, data FROM batch;
