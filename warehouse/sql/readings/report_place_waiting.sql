-- Grain: one place (null: none is known) and theme (null: all themes). Open requests without an answer by somebody else,
-- asked 7 to 91 days before the end of $week; a request with two themes counts in both, and once in all.
WITH horizon AS (
    SELECT CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris' AS until
),
waiting AS (
    SELECT help_request.request, help_request.requester, help_request.organisation, help_request.place
    FROM help_request, horizon
    WHERE help_request.requested_at < horizon.until - INTERVAL 7 DAY
        AND help_request.requested_at >= horizon.until - INTERVAL 91 DAY
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
    place,
    skill,
    count(*) AS requests,
    count(DISTINCT requester) AS requesters,
    map_values(histogram(coalesce(organisation, requester, request))) AS contributions
FROM themed
GROUP BY place, skill
ORDER BY place NULLS LAST, skill NULLS FIRST;
