-- Every pseudonym of the person whom $member is one of.
SELECT other.member
FROM identity JOIN identity AS other USING (canonical)
WHERE identity.member = $member
UNION
SELECT $member
ORDER BY ALL;
