-- Whoever is not counted today is not counted here either, and nobody else.
CREATE OR REPLACE TEMP TABLE uncounted_here AS
SELECT DISTINCT coalesce(identity.canonical, uncounted.member) AS member, uncounted.since, uncounted.until
FROM uncounted LEFT JOIN identity ON identity.member = uncounted.member;

DROP VIEW hidden;
CREATE TABLE hidden AS SELECT member, since, until FROM uncounted_here;
