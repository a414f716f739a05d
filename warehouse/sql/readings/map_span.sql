-- Grain: one row. The first week that anything is computed for, up to $week.
SELECT min(week) AS first FROM computed WHERE week <= $week;
