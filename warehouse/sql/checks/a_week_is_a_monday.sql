-- Weeks that are not written as their Monday.
SELECT DISTINCT week FROM (SELECT week FROM tie UNION SELECT week FROM metric_value UNION SELECT week FROM skill_week)
WHERE isodow(week) <> 1 ORDER BY ALL;
