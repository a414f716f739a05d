-- Who is not counted when, as the record says it today, under every pseudonym of theirs. Grain: one row a spell.
SELECT member, since, until FROM hidden
UNION
SELECT identity.member, hidden.since, hidden.until FROM hidden JOIN identity ON identity.canonical = hidden.member;
