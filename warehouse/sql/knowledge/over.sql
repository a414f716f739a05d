-- One row: the first and the last week of the record that were over at $instant; null before any activity.
SELECT first_week, least(last_week, week_of(CAST($instant AS TIMESTAMPTZ)) - 7) AS last_week FROM span;
