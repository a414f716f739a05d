-- They leave the record.
DELETE FROM events USING expired WHERE events.source = expired.source AND events.id = expired.id;
