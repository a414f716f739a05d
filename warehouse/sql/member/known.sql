-- Whether the record names one of $members anywhere.
SELECT 1
FROM events
WHERE list_has_any($members, regexp_extract_all(concat_ws(' ', id, source, subject, data), 'm_[0-9a-f]{24}'))
LIMIT 1;
