-- Grain: one row. Activities of members in the weeks from $first to $last (Mondays), and how many of them are not
-- counted: their member had not consented where that is needed, or had objected, at the end of their week.
WITH seen AS (
    SELECT member, week_of(appeared_at) AS week
    FROM appearance
    WHERE week_of(appeared_at) BETWEEN $first AND $last
),
weeks AS (
    SELECT DISTINCT week, CAST(week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris' AS until FROM seen
),
unseen AS (
    SELECT DISTINCT weeks.week, hidden.member
    FROM weeks
    JOIN hidden ON hidden.since < weeks.until AND (hidden.until IS NULL OR hidden.until >= weeks.until)
)
SELECT count(*) AS activities, count(unseen.member) AS hidden
FROM seen LEFT JOIN unseen ON unseen.week = seen.week AND unseen.member = seen.member;
