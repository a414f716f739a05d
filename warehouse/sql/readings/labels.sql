-- The groups that members belong to, of those counted at $until who had joined or appeared before. Grain: the member.
-- $since has no say: a label is what is known of a member, not what happened.
SELECT member.member, member.place, member.public, member.country, member.facilitator
FROM member
ANTI JOIN hidden_spell ON hidden_spell.member = member.member
    AND hidden_spell.since < $until AND (hidden_spell.until IS NULL OR hidden_spell.until >= $until)
WHERE member.joined_at < $until AND $since < $until
ORDER BY member.member;
