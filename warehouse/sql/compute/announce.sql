-- The weeks in told were asked for at $present.
MERGE INTO announced
USING told ON announced.week = told.week
WHEN MATCHED THEN UPDATE SET since = told.since, told_at = $present
WHEN NOT MATCHED THEN INSERT (week, since, told_at) VALUES (told.week, told.since, $present);
