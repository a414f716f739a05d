-- Every answer by a member who is counted now, whoever asked, those to oneself left out. Grain: one row an answer.
SELECT help_answer.request, help_answer.helper, help_answer.answered_at AS "at"
FROM help_answer
JOIN help_request USING (request)
ANTI JOIN hidden_spell ON hidden_spell.member = help_answer.helper AND hidden_spell.until IS NULL
WHERE help_answer.helper IS NOT NULL AND help_answer.helper IS DISTINCT FROM help_request.requester;
