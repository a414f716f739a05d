-- One row: how much there is of everything.
SELECT (SELECT count(*) FROM events) AS events,
       (SELECT count(*) FROM rejects) AS rejects,
       span.first_week, span.last_week,
       (SELECT count(*) FROM stale) AS stale,
       (SELECT count(DISTINCT week) FROM computed) AS computed,
       (SELECT max(week) FROM computed) AS last_computed
FROM span;
