-- Which activities are gone because they are kept no longer, so that nothing is computed again from what is left.
CREATE TABLE retired (
    since DATE NOT NULL,
    until DATE NOT NULL
);
COMMENT ON TABLE retired IS 'One row once any activity was retired: the weeks from the first to the last such activity.';
COMMENT ON COLUMN retired.since IS 'Monday of the week of the first activity that was retired.';
COMMENT ON COLUMN retired.until IS 'Monday of the week of the last activity that was retired.';

CREATE VIEW closed AS
SELECT metric.metric, retired.since, CAST(retired.until + 7 * metric.reach AS DATE) AS until
FROM retired CROSS JOIN metric;
COMMENT ON VIEW closed IS 'Weeks in which a metric read activities that are gone: what stands for them stands for good.';
COMMENT ON COLUMN closed.metric IS 'Name of the metric.';
COMMENT ON COLUMN closed.since IS 'Monday of the first closed week, included.';
COMMENT ON COLUMN closed.until IS 'Monday of the first open week after them.';
