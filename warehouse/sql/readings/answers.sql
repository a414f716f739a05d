-- Answers given in [$since, $until) between two known members who are both counted at $until.
-- Grain: one row an answer; answers to oneself are kept.
SELECT help_answer.request, help_answer.answer, help_request.requester, help_answer.helper,
       help_answer.answered_at AS "at",
       coalesce(help_request.accepted_answer = help_answer.answer, FALSE) AS accepted
FROM help_answer
JOIN help_request USING (request)
ANTI JOIN hidden_spell AS one ON one.member = help_request.requester
    AND one.since < $until AND (one.until IS NULL OR one.until >= $until)
ANTI JOIN hidden_spell AS two ON two.member = help_answer.helper
    AND two.since < $until AND (two.until IS NULL OR two.until >= $until)
WHERE help_answer.answered_at >= $since AND help_answer.answered_at < $until
  AND help_request.requester IS NOT NULL AND help_answer.helper IS NOT NULL
ORDER BY help_answer.answered_at, help_answer.request, help_answer.answer;
