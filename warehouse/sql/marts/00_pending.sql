-- Widens what is pending to all that has to be read again with it: the subjects of what is taken back, whatever
-- subject a retraction names itself, and the other pseudonyms of a person.
INSERT INTO pending (subject)
SELECT DISTINCT target.subject
FROM events AS retraction
SEMI JOIN pending ON pending.subject = retraction.subject
JOIN events AS target ON target.id = json_extract_string(retraction.data, '$.id')
                     AND target.source = json_extract_string(retraction.data, '$.source')
ANTI JOIN pending ON pending.subject = target.subject
WHERE kind_of(retraction.type) = 'event.retracted';

INSERT INTO pending (subject)
SELECT DISTINCT sibling.member
FROM identity
SEMI JOIN pending ON pending.subject = identity.member
JOIN identity AS sibling ON sibling.canonical = identity.canonical
ANTI JOIN pending ON pending.subject = sibling.member;
