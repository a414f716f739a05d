-- Grain: one skill. Demand: requests in the 13 weeks that end with $week. Supply: members who showed the skill by using,
-- teaching, helping, declaring or certifying it in the 26 weeks that end with $week; having learned it is not supply.
WITH horizon AS (
    SELECT
        CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris' AS until,
        CAST($week - 84 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris' AS since,
        CAST($week - 175 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris' AS shown_since
),
unseen AS (
    SELECT DISTINCT hidden.member
    FROM hidden, horizon
    WHERE hidden.since < horizon.until AND (hidden.until IS NULL OR hidden.until >= horizon.until)
),
asked AS (
    SELECT
        help_request_skill.skill,
        help_request.request,
        help_request.requester,
        help_request.organisation
    FROM help_request
    JOIN help_request_skill ON help_request_skill.request = help_request.request, horizon
    WHERE help_request.requested_at >= horizon.since AND help_request.requested_at < horizon.until
        AND NOT EXISTS (SELECT 1 FROM unseen WHERE unseen.member = help_request.requester)
),
demand AS (
    SELECT
        skill,
        count(*) AS requests,
        count(DISTINCT requester) AS requesters,
        map_values(histogram(coalesce(organisation, requester, request))) AS contributions
    FROM asked
    GROUP BY skill
),
supply AS (
    SELECT skill_evidence.skill, count(DISTINCT skill_evidence.member) AS holders
    FROM skill_evidence, horizon
    WHERE skill_evidence.rung NOT IN ('learned', 'lapsed')
        AND skill_evidence."at" >= horizon.shown_since AND skill_evidence."at" < horizon.until
        AND NOT EXISTS (SELECT 1 FROM unseen WHERE unseen.member = skill_evidence.member)
    GROUP BY skill_evidence.skill
)
SELECT
    coalesce(demand.skill, supply.skill) AS skill,
    coalesce(demand.requests, 0) AS requests,
    coalesce(demand.requesters, 0) AS requesters,
    coalesce(demand.contributions, []) AS contributions,
    coalesce(supply.holders, 0) AS holders
FROM demand
FULL JOIN supply ON supply.skill = demand.skill
ORDER BY skill;
