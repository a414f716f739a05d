-- The marts show every event of the record.
DELETE FROM pending;
