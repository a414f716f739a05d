-- The members who are counted now: where they belong, when they left, and whether they agreed to be shown to who needs
-- help. No legal basis takes that for granted. Grain: the member.
SELECT member.member, member.place, member.left_at,
       EXISTS (
           SELECT 1 FROM consent
           WHERE consent.member = member.member AND consent.purpose = 'matching' AND consent.given
               AND consent.until IS NULL
       ) AS shown
FROM member
ANTI JOIN hidden_spell ON hidden_spell.member = member.member AND hidden_spell.until IS NULL;
