-- Grain: one week in [$first, $week]. Window: that week; an answer counts when somebody else than the requester gave it.
WITH calendar AS (
    SELECT CAST(unnest(generate_series($first, $week, INTERVAL 7 DAY)) AS DATE) AS week
),
horizon AS (
    SELECT week, CAST(week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris' AS until FROM calendar
),
unseen AS (
    SELECT horizon.week, hidden.member
    FROM horizon
    JOIN hidden
        ON hidden.since < horizon.until AND (hidden.until IS NULL OR hidden.until >= horizon.until)
),
asked AS (
    SELECT
        week_of(help_request.requested_at) AS week,
        count(*) AS requests,
        count(DISTINCT help_request.requester) AS requesters,
        count(DISTINCT help_request.organisation) AS organisations
    FROM help_request
    WHERE NOT EXISTS (
        SELECT 1 FROM unseen
        WHERE unseen.member = help_request.requester AND unseen.week = week_of(help_request.requested_at)
    )
    GROUP BY 1
),
answered AS (
    SELECT
        week_of(help_answer.answered_at) AS week,
        count(DISTINCT help_answer.answer) AS answers,
        count(DISTINCT help_answer.helper) AS helpers
    FROM help_answer
    JOIN help_request ON help_request.request = help_answer.request
    WHERE help_answer.helper IS DISTINCT FROM help_request.requester
        AND help_answer.helper IS NOT NULL
        AND NOT EXISTS (
            SELECT 1 FROM unseen
            WHERE unseen.member = help_answer.helper AND unseen.week = week_of(help_answer.answered_at)
        )
    GROUP BY 1
),
solved AS (
    SELECT
        week_of(help_request.closed_at) AS week,
        count(*) AS solved,
        count(DISTINCT help_request.requester) AS solved_requesters,
        count(DISTINCT help_request.organisation) AS solved_organisations
    FROM help_request
    WHERE help_request.outcome = 'solved'
        AND NOT EXISTS (
            SELECT 1 FROM unseen
            WHERE unseen.member = help_request.requester AND unseen.week = week_of(help_request.closed_at)
        )
    GROUP BY 1
)
SELECT
    calendar.week,
    coalesce(asked.requests, 0) AS requests,
    coalesce(asked.requesters, 0) AS requesters,
    coalesce(asked.organisations, 0) AS organisations,
    coalesce(answered.answers, 0) AS answers,
    coalesce(answered.helpers, 0) AS helpers,
    coalesce(solved.solved, 0) AS solved,
    coalesce(solved.solved_requesters, 0) AS solved_requesters,
    coalesce(solved.solved_organisations, 0) AS solved_organisations
FROM calendar
LEFT JOIN asked ON asked.week = calendar.week
LEFT JOIN answered ON answered.week = calendar.week
LEFT JOIN solved ON solved.week = calendar.week
ORDER BY calendar.week;
