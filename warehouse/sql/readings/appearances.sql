-- When members showed up in [$since, $until), those who are counted at $until and do not animate a place. A lapse is told
-- about somebody, not by her: it is no appearance. Grain: (member, at).
WITH appeared AS (
    SELECT attendance.member, workshop.started_at AS "at" FROM attendance JOIN workshop USING (workshop)
    UNION ALL
    SELECT requester, requested_at FROM help_request WHERE requester IS NOT NULL
    UNION ALL
    SELECT helper, answered_at FROM help_answer WHERE helper IS NOT NULL
    UNION ALL
    SELECT member, used_at FROM machine_use WHERE member IS NOT NULL
    UNION ALL
    SELECT member, stated_at FROM skill_statement WHERE rung <> 'lapsed'
)
SELECT DISTINCT appeared.member, appeared."at"
FROM appeared
ANTI JOIN membership ON membership.member = appeared.member AND membership.facilitator
ANTI JOIN hidden_spell ON hidden_spell.member = appeared.member
    AND hidden_spell.since < $until AND (hidden_spell.until IS NULL OR hidden_spell.until >= $until)
WHERE appeared."at" >= $since AND appeared."at" < $until
ORDER BY appeared."at", appeared.member;
