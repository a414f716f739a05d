-- One row when the record lacks any of what is wanted.
SELECT 1 FROM wanted ANTI JOIN events USING (source, id) LIMIT 1;
