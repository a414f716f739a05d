-- Widens what is pending to all that has to be read again with it: the subjects of what is taken back in the end,
-- whatever subjects the retractions name themselves; everything, when a link between pseudonyms is pending, because it
-- changes rows under every subject that names one of them; and the other pseudonyms of a person.
INSERT INTO pending (subject)
WITH RECURSIVE named AS (
    SELECT target_source AS source, target AS id FROM retraction SEMI JOIN pending USING (subject)
    UNION
    SELECT retraction.target_source, retraction.target FROM named JOIN retraction USING (source, id)
)
SELECT DISTINCT events.subject FROM events SEMI JOIN named USING (source, id) ANTI JOIN pending USING (subject);

CREATE OR REPLACE TEMP TABLE relinked AS
SELECT DISTINCT TRUE AS relinked
FROM events SEMI JOIN pending USING (subject)
WHERE type LIKE 'fr.maillage.identity.%';

INSERT INTO pending (subject)
SELECT DISTINCT events.subject FROM events CROSS JOIN relinked ANTI JOIN pending USING (subject);

INSERT INTO pending (subject)
SELECT DISTINCT sibling.member
FROM identity
SEMI JOIN pending ON pending.subject = identity.member
JOIN identity AS sibling ON sibling.canonical = identity.canonical
ANTI JOIN pending ON pending.subject = sibling.member;
