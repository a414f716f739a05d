-- What stands for the marks in done goes, and so do the marks, but for those that were set again meanwhile.
CREATE OR REPLACE TEMP TABLE mark AS SELECT metric, CAST(week AS DATE) AS week, since FROM done;

DELETE FROM metric_value USING mark WHERE metric_value.metric = mark.metric AND metric_value.week = mark.week;
DELETE FROM tie USING mark WHERE mark.metric = 'tie' AND tie.week = mark.week;
DELETE FROM skill_week USING mark WHERE mark.metric = 'skill_week' AND skill_week.week = mark.week;
DELETE FROM computed USING mark WHERE computed.metric = mark.metric AND computed.week = mark.week;
DELETE FROM stale USING mark
WHERE stale.metric = mark.metric AND stale.week = mark.week AND stale.since = mark.since;
