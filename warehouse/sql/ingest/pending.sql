-- Subjects that the marts have to read again.
INSERT INTO pending (subject)
SELECT DISTINCT batch.subject FROM batch ANTI JOIN pending USING (subject);
