-- Rows of the batch whose (source, id) the record already holds, with whether the content is the same.
-- The small batch is the built side of the join, so the cost is one scan of two columns of the record.
SELECT batch.row,
       (events.type, events.subject, events.occurred_at, events.data)
       IS NOT DISTINCT FROM (batch.type, batch.subject, batch.occurred_at, batch.data) AS same
FROM events
JOIN batch ON batch.id = events.id AND batch.source = events.source
ORDER BY batch.row;
