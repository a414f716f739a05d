-- Whoever objected has never agreed: one spell without consent, from the beginning of time.
CREATE OR REPLACE TEMP TABLE left_out AS
SELECT DISTINCT coalesce(identity.canonical, objected.member) AS member, objected.purpose
FROM objected LEFT JOIN identity ON identity.member = objected.member;

DELETE FROM consent USING left_out WHERE consent.member = left_out.member AND consent.purpose = left_out.purpose;

INSERT INTO consent (member, purpose, given, since, until)
SELECT member, purpose, FALSE, TIMESTAMPTZ '0001-01-01 00:00:00+00', NULL FROM left_out;
