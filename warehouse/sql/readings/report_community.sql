-- Who was in which community of presence, in the 14 weeks that end with $week: what changed needs weeks to compare.
-- Grain: one member and week.
SELECT week, subject, value
FROM metric_value
WHERE metric = 'community' AND layer = 'copresence' AND week <= $week AND week > $week - INTERVAL 98 DAY
ORDER BY week, subject;
