-- The weeks of what was retired, now with those of what goes.
CREATE OR REPLACE TEMP TABLE widened AS
SELECT min(since) AS since, max(until) AS until
FROM (
    SELECT since, until FROM retired
    UNION ALL
    SELECT week_of(min(occurred_at)), week_of(max(occurred_at)) FROM expired
)
HAVING min(since) IS NOT NULL;

DELETE FROM retired;
INSERT INTO retired (since, until) SELECT since, until FROM widened;
