-- Answers to a request that the record does not know (it may still be on its way).
SELECT request, count(*) AS answers FROM help_answer ANTI JOIN help_request USING (request) GROUP BY ALL ORDER BY ALL;
