-- Everything that happened about a skill in [$since, $until). Grain: (occasion, skill, member, role).
-- A member who is not counted at $until stands as null: the occasion counts, the person does not. In no order: whoever
-- reads it counts what is distinct.
WITH happened AS (
    SELECT workshop_skill.skill, workshop.started_at AS "at", 'workshop' AS kind, workshop.workshop AS occasion,
           attendance.member, attendance.role, workshop.place
    FROM workshop
    JOIN workshop_skill USING (workshop)
    LEFT JOIN attendance USING (workshop)
    UNION ALL
    SELECT help_request_skill.skill, help_request.requested_at, 'request', help_request.request,
           help_request.requester, NULL, help_request.place
    FROM help_request JOIN help_request_skill USING (request)
    UNION ALL
    SELECT help_request_skill.skill, help_answer.answered_at, 'answer', help_answer.request || ' ' || help_answer.answer,
           help_answer.helper, NULL, help_request.place
    FROM help_answer
    JOIN help_request USING (request)
    JOIN help_request_skill USING (request)
    WHERE help_answer.helper IS DISTINCT FROM help_request.requester OR help_answer.helper IS NULL
    UNION ALL
    SELECT skill, used_at, 'use', event, member, NULL, place FROM machine_use WHERE skill IS NOT NULL
    UNION ALL
    SELECT skill, stated_at, 'statement', member || ' ' || rung || ' ' || stated_at, member, NULL, NULL
    FROM skill_statement WHERE rung <> 'lapsed'
),
hidden_now AS (
    SELECT DISTINCT member, TRUE AS hidden
    FROM hidden_spell
    WHERE since < $until AND (until IS NULL OR until >= $until)
)
SELECT happened.skill, week_of(happened."at") AS week, happened."at", happened.kind, happened.occasion,
       CASE WHEN hidden_now.hidden IS NULL THEN happened.member END AS member, happened.role, happened.place
FROM happened
LEFT JOIN hidden_now USING (member)
WHERE happened."at" >= $since AND happened."at" < $until;
