-- Members who are counted at the end of $week, at least: a multiple of $step.
SELECT $step * (count(*) // $step) AS members
FROM member
WHERE joined_at < CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris'
    AND (left_at IS NULL OR left_at >= CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris')
    AND member NOT IN (
        SELECT member FROM hidden
        WHERE since < CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris'
            AND (until IS NULL OR until >= CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris')
    );
