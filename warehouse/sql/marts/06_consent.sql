-- Grain: one row a spell of one answer to one purpose. An erasure withdraws every purpose.
DELETE FROM consent
WHERE member IN (SELECT subject FROM pending)
   OR member IN (SELECT identity.canonical FROM identity JOIN pending ON pending.subject = identity.member);

INSERT INTO consent (member, purpose, given, since, until)
WITH said AS (
    SELECT coalesce(identity.canonical, live.subject) AS member, live.data ->> '$.purpose' AS purpose,
           live.kind = 'consent.given' AS given, live.occurred_at, live.id
    FROM live LEFT JOIN identity ON identity.member = live.subject
    WHERE live.kind IN ('consent.given', 'consent.withdrawn')
    UNION ALL
    SELECT coalesce(identity.canonical, live.subject), purposes.purpose, FALSE, live.occurred_at, live.id
    FROM live
    LEFT JOIN identity ON identity.member = live.subject
    CROSS JOIN unnest(['analytics', 'named_in_report', 'matching', 'share_with_companies']) AS purposes (purpose)
    WHERE live.kind = 'member.erased'
),
spell AS (
    SELECT member, purpose, given, occurred_at AS since,
           lead(occurred_at) OVER (PARTITION BY member, purpose ORDER BY occurred_at, id) AS until
    FROM said
)
SELECT member, purpose, given, since, until FROM spell WHERE until IS NULL OR until > since;
