-- Every subject of the record is read again.
INSERT INTO pending (subject)
SELECT DISTINCT events.subject FROM events ANTI JOIN pending USING (subject);
