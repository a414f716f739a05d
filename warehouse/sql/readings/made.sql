-- Which version of a metric stands in the results of a week, and the present of the run. Grain: one row at most.
SELECT version, computed_at FROM computed WHERE metric = $metric AND week = $week;
