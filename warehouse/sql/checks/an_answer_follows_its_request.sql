-- Answers that were given before the request was made.
SELECT help_answer.answer, help_request.requested_at, help_answer.answered_at
FROM help_answer JOIN help_request USING (request)
WHERE help_answer.answered_at < help_request.requested_at
ORDER BY ALL;
