-- Grain: one row a request, one row a skill of it, one row an answer.
DELETE FROM help_request WHERE request IN (SELECT subject FROM pending);
DELETE FROM help_request_skill WHERE request IN (SELECT subject FROM pending);
DELETE FROM help_answer WHERE request IN (SELECT subject FROM pending);

CREATE OR REPLACE TEMP TABLE requested AS
SELECT subject AS request, source, occurred_at, data
FROM live
WHERE kind = 'help.requested'
QUALIFY row_number() OVER (PARTITION BY subject ORDER BY occurred_at DESC, id DESC) = 1;

INSERT INTO help_request
    (request, requester, organisation, place, requested_at, closed_at, outcome, accepted_answer, source)
WITH closed AS (
    SELECT subject, occurred_at, data
    FROM live
    WHERE kind = 'help.closed'
    QUALIFY row_number() OVER (PARTITION BY subject ORDER BY occurred_at DESC, id DESC) = 1
)
SELECT requested.request, coalesce(identity.canonical, requested.data ->> '$.requester'),
       requested.data ->> '$.organisation', requested.data ->> '$.place', requested.occurred_at,
       closed.occurred_at, closed.data ->> '$.outcome', closed.data ->> '$.accepted_answer', requested.source
FROM requested
LEFT JOIN closed ON closed.subject = requested.request
LEFT JOIN identity ON identity.member = requested.data ->> '$.requester';

INSERT INTO help_request_skill (request, skill)
WITH asked AS (SELECT request, unnest(from_json(data -> '$.skills', '["VARCHAR"]')) AS term FROM requested)
SELECT DISTINCT asked.request, meant.skill FROM asked JOIN meant USING (term);

INSERT INTO help_answer (answer, request, helper, answered_at, source)
SELECT live.data ->> '$.answer', live.subject, coalesce(identity.canonical, live.data ->> '$.helper'),
       live.occurred_at, live.source
FROM live LEFT JOIN identity ON identity.member = live.data ->> '$.helper'
WHERE live.kind = 'help.answered'
QUALIFY row_number() OVER (
    PARTITION BY live.subject, live.data ->> '$.answer' ORDER BY live.occurred_at DESC, live.id DESC
) = 1;
