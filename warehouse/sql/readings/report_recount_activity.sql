-- Counted members who were active in $week.
SELECT count(DISTINCT member) AS active_members
FROM appearance
WHERE week_of(appeared_at) = $week
    AND member NOT IN (
        SELECT member FROM hidden
        WHERE since < CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris'
            AND (until IS NULL OR until >= CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris')
    );
