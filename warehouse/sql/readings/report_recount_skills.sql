-- Skills that exactly one counted member showed in the 26 weeks that end with $week.
SELECT count(*) AS skills
FROM (
    SELECT skill
    FROM skill_evidence
    WHERE rung NOT IN ('learned', 'lapsed')
        AND week_of(skill_evidence.at) BETWEEN $week - 175 AND $week
        AND member NOT IN (
            SELECT member FROM hidden
            WHERE since < CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris'
                AND (until IS NULL OR until >= CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris')
        )
    GROUP BY skill
    HAVING count(DISTINCT member) = 1
);
