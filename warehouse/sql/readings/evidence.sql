-- What shows that a member has a skill, in [$since, $until), and what lapsed. Grain: an occasion of (member, skill).
-- Only members who are counted at $until and there: who has left by then is no holder, and who came back is one again;
-- the mart knows only how that ends, so that the record is asked. In no order.
WITH gone AS (
    SELECT coalesce(identity.canonical, events.subject) AS member
    FROM events
    ANTI JOIN retracted USING (source, id)
    LEFT JOIN identity ON identity.member = events.subject
    WHERE events.type IN ('fr.maillage.member.joined.v1', 'fr.maillage.member.renewed.v1', 'fr.maillage.member.left.v1')
        AND events.occurred_at < $until
    GROUP BY ALL
    HAVING kind_of(last(events.type ORDER BY events.occurred_at, events.id)) = 'member.left'
)
SELECT skill_evidence.member, skill_evidence.skill, skill_evidence.rung, skill_evidence.level, skill_evidence."at"
FROM skill_evidence
ANTI JOIN gone ON gone.member = skill_evidence.member
ANTI JOIN hidden_spell ON hidden_spell.member = skill_evidence.member
    AND hidden_spell.since < $until AND (hidden_spell.until IS NULL OR hidden_spell.until >= $until)
WHERE skill_evidence."at" >= $since AND skill_evidence."at" < $until;
