-- Every request, for the right door. Grain: one row a request; who asked is told if she is counted now.
WITH hidden_now AS (
    SELECT DISTINCT member FROM hidden_spell WHERE until IS NULL
),
wanted AS (
    SELECT request, list(skill ORDER BY skill) AS skills FROM help_request_skill GROUP BY request
)
SELECT help_request.request, CASE WHEN hidden_now.member IS NULL THEN help_request.requester END AS requester,
       help_request.place, coalesce(wanted.skills, []) AS skills, help_request.requested_at AS "at"
FROM help_request
LEFT JOIN wanted USING (request)
LEFT JOIN hidden_now ON hidden_now.member = help_request.requester;
