-- Grain: one row a person who joined or renewed; each field as last said.
DELETE FROM membership
WHERE member IN (SELECT subject FROM pending)
   OR member IN (SELECT identity.canonical FROM identity JOIN pending ON pending.subject = identity.member);

INSERT INTO membership (member, source, joined_at, left_at, place, public, country, facilitator, organisation)
WITH said AS (
    SELECT coalesce(identity.canonical, live.subject) AS member, live.source, live.kind, live.occurred_at, live.id,
           live.data ->> '$.place' AS place,
           live.data ->> '$.public' AS public,
           live.data ->> '$.country' AS country,
           CASE WHEN live.kind = 'member.joined' THEN coalesce(CAST(live.data ->> '$.facilitator' AS BOOLEAN), FALSE)
                ELSE CAST(live.data ->> '$.facilitator' AS BOOLEAN) END AS facilitator,
           live.data ->> '$.organisation' AS organisation
    FROM live LEFT JOIN identity ON identity.member = live.subject
    WHERE live.kind IN ('member.joined', 'member.renewed', 'member.left')
)
SELECT member,
       last(source ORDER BY occurred_at, id) FILTER (WHERE kind <> 'member.left'),
       min(occurred_at) FILTER (WHERE kind <> 'member.left') AS joined_at,
       CASE WHEN last(kind ORDER BY occurred_at, id) = 'member.left' THEN max(occurred_at) END,
       last(place ORDER BY occurred_at, id) FILTER (WHERE place IS NOT NULL),
       last(public ORDER BY occurred_at, id) FILTER (WHERE public IS NOT NULL),
       last(country ORDER BY occurred_at, id) FILTER (WHERE country IS NOT NULL),
       last(facilitator ORDER BY occurred_at, id) FILTER (WHERE facilitator IS NOT NULL),
       last(organisation ORDER BY occurred_at, id) FILTER (WHERE organisation IS NOT NULL)
FROM said
GROUP BY member
HAVING joined_at IS NOT NULL;
