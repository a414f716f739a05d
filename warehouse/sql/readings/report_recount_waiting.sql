-- Requests that have been open for 7 to 91 days at the end of $week without an answer by somebody else.
SELECT count(*) AS requests
FROM help_request
WHERE requested_at >= CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris' - INTERVAL 91 DAY
    AND requested_at < CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris' - INTERVAL 7 DAY
    AND (closed_at IS NULL OR closed_at >= CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris')
    AND request NOT IN (
        SELECT help_answer.request
        FROM help_answer
        JOIN help_request AS asked ON asked.request = help_answer.request
        WHERE help_answer.answered_at < CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris'
            AND help_answer.helper IS NOT NULL
            AND help_answer.helper IS DISTINCT FROM asked.requester
    )
    AND coalesce(requester, '') NOT IN (
        SELECT member FROM hidden
        WHERE since < CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris'
            AND (until IS NULL OR until >= CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris')
    );
