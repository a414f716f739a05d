-- What results are computed from, week by week, before consent is applied: a sum of hashes over all that happened.
-- Grain: one week with activity. Equal sums stand for equal rows.
WITH happened AS (
    SELECT workshop.started_at AS "at",
           hash('attendance', workshop.workshop, workshop.started_at, workshop.place, attendance.member, attendance.role)
               AS print
    FROM workshop LEFT JOIN attendance USING (workshop)
    UNION ALL
    SELECT workshop.started_at, hash('taught', workshop.workshop, workshop_skill.skill)
    FROM workshop JOIN workshop_skill USING (workshop)
    UNION ALL
    SELECT help_request.requested_at,
           hash('request', request, help_request.requested_at, requester, place, help_request_skill.skill)
    FROM help_request LEFT JOIN help_request_skill USING (request)
    UNION ALL
    SELECT help_answer.answered_at,
           hash('answer', request, answer, answered_at, helper, help_request.requester, help_request.place,
                help_request.accepted_answer = answer, help_request_skill.skill)
    FROM help_answer JOIN help_request USING (request) LEFT JOIN help_request_skill USING (request)
    UNION ALL
    SELECT used_at, hash('use', event, used_at, member, place, skill) FROM machine_use
    UNION ALL
    SELECT stated_at, hash('statement', member, skill, rung, stated_at) FROM skill_statement
),
-- Weeks begin on the hour, so the calendar is asked once an hour that occurs instead of once a row.
hourly AS (
    SELECT epoch_us("at") // 3600000000 AS hour, sum(CAST(print AS HUGEINT)) AS print FROM happened GROUP BY ALL
)
SELECT week_of(to_timestamp(hour * 3600)) AS week, sum(print) AS print FROM hourly GROUP BY ALL;
