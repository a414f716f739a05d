-- What organisations learned and asked about in [$since, $until). Grain: (organisation, skill, kind, occasion).
-- An organisation learned what a member of it, counted at $until, learned at a workshop; it asked where a request names
-- it, or comes from a member of it, and whoever asked is counted at $until.
WITH counted AS (
    SELECT member.member, member.organisation
    FROM member
    ANTI JOIN hidden_spell ON hidden_spell.member = member.member
        AND hidden_spell.since < $until AND (hidden_spell.until IS NULL OR hidden_spell.until >= $until)
)
SELECT DISTINCT counted.organisation, workshop_skill.skill, 'learned' AS kind, workshop.workshop AS occasion,
       workshop.started_at AS "at"
FROM attendance
JOIN counted USING (member)
JOIN workshop USING (workshop)
JOIN workshop_skill USING (workshop)
WHERE attendance.role = 'learner' AND counted.organisation IS NOT NULL
  AND workshop.started_at >= $since AND workshop.started_at < $until
UNION ALL
SELECT coalesce(help_request.organisation, counted.organisation), help_request_skill.skill, 'asked',
       help_request.request, help_request.requested_at
FROM help_request
LEFT JOIN counted ON counted.member = help_request.requester
JOIN help_request_skill USING (request)
WHERE coalesce(help_request.organisation, counted.organisation) IS NOT NULL
  AND (help_request.requester IS NULL OR counted.member IS NOT NULL)
  AND help_request.requested_at >= $since AND help_request.requested_at < $until
ORDER BY ALL;
