-- Who asked for which skill where in [$since, $until). Grain: (request, skill).
-- Of a request by a member who is not counted at $until neither she nor her firm is told: the request stands for nobody.
-- The place is where it was asked, else the one nearest to the firm.
SELECT help_request_skill.skill, help_request.request, help_request.requested_at AS "at",
       CASE WHEN hidden_now.member IS NULL THEN help_request.requester END AS requester,
       CASE WHEN hidden_now.member IS NULL THEN help_request.organisation END AS organisation,
       coalesce(help_request.place, organisation.place) AS place
FROM help_request
JOIN help_request_skill USING (request)
LEFT JOIN organisation ON organisation.organisation = help_request.organisation
LEFT JOIN (
    SELECT DISTINCT member
    FROM hidden_spell
    WHERE since < $until AND (until IS NULL OR until >= $until)
) AS hidden_now ON hidden_now.member = help_request.requester
WHERE help_request.requested_at >= $since AND help_request.requested_at < $until;
