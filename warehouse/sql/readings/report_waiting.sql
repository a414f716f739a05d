-- Grain: one week in [$first, $week]. Two readings of how long requests wait, as known at the end of that week:
-- waiting = open, asked 7 to 91 days before that end, without an answer by somebody else;
-- asked_earlier = asked 14 to 105 days before that end; answered_soon = those of them answered within 14 days.
WITH calendar AS (
    SELECT CAST(unnest(generate_series($first, $week, INTERVAL 7 DAY)) AS DATE) AS week
),
horizon AS (
    SELECT week, CAST(week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris' AS until FROM calendar
),
first_answer AS (
    SELECT help_request.request, min(help_answer.answered_at) AS answered_at
    FROM help_request
    JOIN help_answer ON help_answer.request = help_request.request
    WHERE help_answer.helper IS NOT NULL AND help_answer.helper IS DISTINCT FROM help_request.requester
    GROUP BY help_request.request
),
aged AS (
    SELECT
        horizon.week,
        help_request.requester,
        help_request.organisation,
        date_diff('second', help_request.requested_at, horizon.until) / 86400 AS age,
        date_diff('second', help_request.requested_at, first_answer.answered_at) / 86400 AS delay,
        (help_request.closed_at IS NULL OR help_request.closed_at >= horizon.until)
        AND (first_answer.answered_at IS NULL OR first_answer.answered_at >= horizon.until) AS waits
    FROM horizon
    JOIN help_request
        ON help_request.requested_at < horizon.until - INTERVAL 7 DAY
        AND help_request.requested_at >= horizon.until - INTERVAL 105 DAY
    LEFT JOIN first_answer ON first_answer.request = help_request.request
    WHERE NOT EXISTS (
        SELECT 1 FROM hidden
        WHERE hidden.member = help_request.requester
            AND hidden.since < horizon.until AND (hidden.until IS NULL OR hidden.until >= horizon.until)
    )
)
SELECT
    calendar.week,
    count(*) FILTER (aged.waits AND aged.age < 91) AS waiting,
    count(DISTINCT aged.requester) FILTER (aged.waits AND aged.age < 91) AS requesters,
    count(DISTINCT aged.organisation) FILTER (aged.waits AND aged.age < 91) AS organisations,
    count(*) FILTER (aged.age >= 14) AS asked_earlier,
    count(DISTINCT aged.requester) FILTER (aged.age >= 14) AS asked_earlier_requesters,
    count(DISTINCT aged.organisation) FILTER (aged.age >= 14) AS asked_earlier_organisations,
    count(*) FILTER (aged.age >= 14 AND aged.delay <= 14) AS answered_soon
FROM calendar
LEFT JOIN aged ON aged.week = calendar.week
GROUP BY calendar.week
ORDER BY calendar.week;
