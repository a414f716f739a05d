-- The events that were on record at $instant, in the order of the record. A retraction that came later is none yet.
SELECT id, source, type, subject, occurred_at, recorded_at, partition, position, data
FROM events
WHERE recorded_at <= $instant;
