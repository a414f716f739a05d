-- What is only hers leaves the record; of the rest stays what the others did.
DELETE FROM events USING batch
WHERE events.source = batch.source AND events.id = batch.id
  AND (batch.source, batch.id) NOT IN (SELECT (source, id) FROM reduced);

UPDATE events SET data = reduced.data
FROM reduced
WHERE events.source = reduced.source AND events.id = reduced.id;

DELETE FROM identity WHERE list_contains($members, identity.member);
