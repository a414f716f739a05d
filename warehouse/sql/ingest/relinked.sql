-- A row when a link between pseudonyms is pending: it changes rows under every subject that names one of them.
SELECT 1
FROM events
SEMI JOIN pending USING (subject)
WHERE kind_of(type) LIKE 'identity.%'
   OR (kind_of(type) = 'event.retracted' AND split_part(subject, '_', 1) = 'm')
LIMIT 1;
