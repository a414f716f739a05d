-- Who asks about each skill: the requests of each party (the firm, else the person, else the request by itself) in the
-- 13 weeks that end with a week, for every week of $metric, or $week alone. Those of members who are not counted at that
-- week's end are left out. Grain: (skill, week) with a request.
WITH asked AS (
    SELECT help_request_skill.skill, week_of(help_request.requested_at) AS week, help_request.requester,
           coalesce(help_request.organisation, help_request.requester, help_request.request) AS party
    FROM help_request JOIN help_request_skill USING (request)
),
told AS (
    SELECT DISTINCT week FROM metric_value WHERE metric = $metric AND ($week IS NULL OR week = $week)
),
counted AS (
    SELECT asked.skill, told.week, asked.party
    FROM told
    JOIN asked ON asked.week > told.week - 91 AND asked.week <= told.week
    WHERE NOT EXISTS (
        SELECT 1
        FROM hidden_spell AS spell
        WHERE spell.member = asked.requester
            AND spell.since < CAST(told.week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris'
            AND (spell.until IS NULL OR spell.until >= CAST(told.week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris')
    )
)
SELECT skill AS subject, week, map_values(histogram(party)) AS parties
FROM counted
GROUP BY skill, week
ORDER BY skill, week;
