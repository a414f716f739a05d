-- Grain: (skill, week) with a request or an answer. Who stands behind them, as far as they are counted at the week's
-- end: distinct requesters, what each party adds to the requests (the firm, else the person, else the request by
-- itself), and distinct helpers. Self-answers are left out, as in skill_week.
WITH asked AS (
    SELECT help_request_skill.skill, week_of(help_request.requested_at) AS week, help_request.request,
           help_request.requester, help_request.organisation
    FROM help_request JOIN help_request_skill USING (request)
),
answered AS (
    SELECT help_request_skill.skill, week_of(help_answer.answered_at) AS week, help_answer.helper
    FROM help_answer
    JOIN help_request USING (request)
    JOIN help_request_skill USING (request)
    WHERE help_answer.helper IS DISTINCT FROM help_request.requester
),
said AS (
    SELECT skill, week, requester AS member, 'asked' AS role FROM asked WHERE requester IS NOT NULL
    UNION
    SELECT skill, week, helper, 'answered' FROM answered WHERE helper IS NOT NULL
),
counted AS (
    SELECT said.*
    FROM said
    WHERE NOT EXISTS (
        SELECT 1
        FROM hidden_spell AS spell
        WHERE spell.member = said.member
            AND spell.since < CAST(said.week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris'
            AND (spell.until IS NULL OR spell.until >= CAST(said.week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris')
    )
),
people AS (
    SELECT skill, week, count(*) FILTER (role = 'asked') AS requesters, count(*) FILTER (role = 'answered') AS helpers
    FROM counted
    GROUP BY skill, week
),
parties AS (
    SELECT skill, week, map_values(histogram(coalesce(organisation, requester, request))) AS parties
    FROM asked
    GROUP BY skill, week
)
SELECT coalesce(people.skill, parties.skill) AS skill, coalesce(people.week, parties.week) AS week,
       coalesce(people.requesters, 0) AS requesters, coalesce(people.helpers, 0) AS helpers,
       coalesce(parties.parties, []) AS parties
FROM people
FULL JOIN parties ON parties.skill = people.skill AND parties.week = people.week;
