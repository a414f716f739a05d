-- Weeks from $since to $until with a mark that nobody was told of, or was told of over an hour ago, or since $begun (by a
-- try that failed), and that still stands.
CREATE OR REPLACE TEMP TABLE told AS
SELECT stale.week, max(stale.since) AS since
FROM stale
LEFT JOIN announced USING (week)
WHERE stale.week BETWEEN $since AND $until
GROUP BY stale.week
HAVING any_value(announced.since) IS NULL
    OR any_value(announced.since) < max(stale.since)
    OR any_value(announced.told_at) <= $present - INTERVAL 1 HOUR
    OR any_value(announced.told_at) >= $begun;
