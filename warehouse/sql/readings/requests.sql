-- Requests asked in [$since, $until), as they stood at $until: whoever answers or closes later is not known yet. Those of
-- members who are not counted at $until are left out.
-- Grain: one row a request. answered_at is the first answer by a known member other than the requester, as in
-- report_waiting; whether that member is counted plays no part in it.
WITH first_answer AS (
    SELECT help_answer.request, min(help_answer.answered_at) AS answered_at
    FROM help_answer
    JOIN help_request USING (request)
    WHERE help_answer.answered_at < $until
      AND help_answer.helper IS NOT NULL AND help_answer.helper IS DISTINCT FROM help_request.requester
    GROUP BY help_answer.request
),
asked AS (
    SELECT request, list(skill ORDER BY skill) AS skills FROM help_request_skill GROUP BY request
)
SELECT help_request.request, help_request.requester, help_request.organisation, help_request.place,
       coalesce(asked.skills, []) AS skills, help_request.requested_at, first_answer.answered_at,
       CASE WHEN help_request.closed_at < $until THEN help_request.closed_at END AS closed_at
FROM help_request
LEFT JOIN first_answer USING (request)
LEFT JOIN asked USING (request)
ANTI JOIN hidden_spell ON hidden_spell.member = help_request.requester
    AND hidden_spell.since < $until AND (hidden_spell.until IS NULL OR hidden_spell.until >= $until)
WHERE help_request.requested_at >= $since AND help_request.requested_at < $until
ORDER BY help_request.requested_at, help_request.request;
