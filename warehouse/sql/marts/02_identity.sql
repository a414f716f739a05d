-- Pseudonyms that are one person; grain: one row a linked pseudonym. Small, and made anew whenever a link is pending.
DELETE FROM identity WHERE EXISTS (SELECT 1 FROM relinked);

INSERT INTO identity (member, canonical)
WITH RECURSIVE
pair AS (
    SELECT least(subject, json_extract_string(data, '$.other')) AS one,
           greatest(subject, json_extract_string(data, '$.other')) AS two,
           last(kind_of(type) ORDER BY occurred_at, id) AS kind
    FROM events ANTI JOIN retracted USING (source, id)
    WHERE type LIKE 'fr.maillage.identity.%'
    GROUP BY ALL
),
edge AS (
    SELECT one, two FROM pair WHERE kind = 'identity.linked'
    UNION
    SELECT two, one FROM pair WHERE kind = 'identity.linked'
),
reach AS (
    SELECT one AS member, one AS canonical FROM edge
    UNION
    SELECT edge.two, reach.canonical FROM reach JOIN edge ON edge.one = reach.member
)
SELECT member, min(canonical) FROM reach
WHERE EXISTS (SELECT 1 FROM relinked)
GROUP BY member;
