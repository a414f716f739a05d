-- Grain: one place (null: none is known) and skill. Requests in the 13 weeks that end with $week.
WITH horizon AS (
    SELECT
        CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris' AS until,
        CAST($week - 84 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris' AS since
)
SELECT
    help_request.place,
    help_request_skill.skill,
    count(*) AS requests,
    count(DISTINCT help_request.requester) AS requesters,
    map_values(histogram(coalesce(help_request.organisation, help_request.requester, help_request.request)))
        AS contributions
FROM help_request
JOIN help_request_skill ON help_request_skill.request = help_request.request, horizon
WHERE help_request.requested_at >= horizon.since AND help_request.requested_at < horizon.until
    AND NOT EXISTS (
        SELECT 1 FROM hidden
        WHERE hidden.member = help_request.requester
            AND hidden.since < horizon.until AND (hidden.until IS NULL OR hidden.until >= horizon.until)
    )
GROUP BY help_request.place, help_request_skill.skill
ORDER BY help_request.place NULLS LAST, help_request_skill.skill;
