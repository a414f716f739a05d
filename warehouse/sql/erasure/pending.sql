-- The marts read again what is left of the subjects concerned.
INSERT INTO pending (subject)
SELECT DISTINCT batch.subject FROM batch ANTI JOIN pending USING (subject);
