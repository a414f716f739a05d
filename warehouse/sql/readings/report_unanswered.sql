-- Grain: one theme (null for all themes together) and age band, at the end of $week. Open requests without an answer by
-- somebody else, from 7 days on; a request with two themes counts in both, and once in all.
WITH horizon AS (
    SELECT CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris' AS until
),
waiting AS (
    SELECT
        help_request.request,
        help_request.requester,
        help_request.organisation,
        CASE
            WHEN help_request.requested_at >= horizon.until - INTERVAL 14 DAY THEN 'week'
            WHEN help_request.requested_at >= horizon.until - INTERVAL 28 DAY THEN 'fortnight'
            WHEN help_request.requested_at >= horizon.until - INTERVAL 91 DAY THEN 'month'
            ELSE 'quarter'
        END AS band
    FROM help_request, horizon
    WHERE help_request.requested_at < horizon.until - INTERVAL 7 DAY
        AND (help_request.closed_at IS NULL OR help_request.closed_at >= horizon.until)
        AND NOT EXISTS (
            SELECT 1 FROM help_answer
            WHERE help_answer.request = help_request.request
                AND help_answer.answered_at < horizon.until
                AND help_answer.helper IS NOT NULL
                AND help_answer.helper IS DISTINCT FROM help_request.requester
        )
        AND NOT EXISTS (
            SELECT 1 FROM hidden
            WHERE hidden.member = help_request.requester
                AND hidden.since < horizon.until AND (hidden.until IS NULL OR hidden.until >= horizon.until)
        )
),
themed AS (
    SELECT help_request_skill.skill, waiting.*
    FROM waiting
    JOIN help_request_skill ON help_request_skill.request = waiting.request
    UNION ALL
    SELECT NULL, waiting.* FROM waiting
)
SELECT
    skill,
    coalesce(band, 'all') AS band,
    count(*) AS requests,
    count(DISTINCT requester) AS requesters,
    map_values(histogram(coalesce(organisation, requester, request))) AS contributions
FROM (
    SELECT skill, request, requester, organisation, band FROM themed
    UNION ALL
    SELECT skill, request, requester, organisation, NULL FROM themed WHERE band <> 'quarter'
)
GROUP BY skill, band
ORDER BY skill NULLS FIRST, band;
