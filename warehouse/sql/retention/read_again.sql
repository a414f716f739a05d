-- The marts read again what an activity leaves that is kept no longer.
INSERT INTO pending (subject)
SELECT DISTINCT expired.subject FROM expired ANTI JOIN pending USING (subject);
