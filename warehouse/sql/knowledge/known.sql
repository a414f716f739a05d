-- The events that were on record at $instant, in the order of the record. A retraction that came later is none yet,
-- but for one that a person objected with: that is honoured whenever it came, unless it was taken back itself.
SELECT id, source, type, subject, occurred_at, recorded_at, partition, position, data
FROM events
WHERE recorded_at <= $instant
   OR (type = 'fr.maillage.event.retracted.v1' AND json_extract_string(data, '$.reason') = 'objection'
       AND (source, id) NOT IN (SELECT (source, id) FROM retracted));
