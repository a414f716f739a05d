-- The events that name one of $members anywhere.
CREATE OR REPLACE TEMP TABLE batch AS
SELECT *
FROM events
WHERE list_has_any($members, regexp_extract_all(concat_ws(' ', id, source, subject, data), 'm_[0-9a-f]{24}'));
