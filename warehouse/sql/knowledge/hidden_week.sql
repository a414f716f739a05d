-- Who was not counted at the end of which week, of those who had appeared by then.
-- Grain: (week, member), for the weeks between the first and the last activity.
WITH calendar AS (
    SELECT CAST(weeks.week AS DATE) AS week, (weeks.week + INTERVAL 7 DAY) AT TIME ZONE 'Europe/Paris' AS until
    FROM span
    CROSS JOIN generate_series(
        CAST(span.first_week AS TIMESTAMP), CAST(span.last_week AS TIMESTAMP), INTERVAL 7 DAY
    ) AS weeks (week)
),
appeared AS (
    SELECT member, min(appeared_at) AS since FROM appearance GROUP BY member
)
SELECT DISTINCT calendar.week, hidden_spell.member
FROM calendar
JOIN hidden_spell ON hidden_spell.since < calendar.until
                 AND (hidden_spell.until IS NULL OR hidden_spell.until >= calendar.until)
JOIN appeared ON appeared.member = hidden_spell.member AND appeared.since < calendar.until;
