-- Grain: one week in [$first, $week]. Window: workshops that started in it. An attendance is a head counted, else a
-- counted member's name; a bare head count is nobody's data.
WITH calendar AS (
    SELECT CAST(unnest(generate_series($first, $week, INTERVAL 7 DAY)) AS DATE) AS week
),
horizon AS (
    SELECT week, CAST(week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris' AS until FROM calendar
),
held AS (
    SELECT horizon.week, horizon.until, workshop.workshop, workshop.head_count
    FROM workshop
    JOIN horizon ON horizon.week = week_of(workshop.started_at)
),
named AS (
    SELECT held.week, held.workshop, attendance.member, bool_or(attendance.role = 'learner') AS learner
    FROM attendance
    JOIN held ON held.workshop = attendance.workshop
    WHERE NOT EXISTS (
        SELECT 1 FROM hidden
        WHERE hidden.member = attendance.member
            AND hidden.since < held.until AND (hidden.until IS NULL OR hidden.until >= held.until)
    )
    GROUP BY held.week, held.workshop, attendance.member
),
seats AS (
    SELECT
        held.week,
        held.workshop,
        count(named.member) AS names,
        greatest(coalesce(held.head_count, 0), count(named.member)) AS heads
    FROM held
    LEFT JOIN named ON named.workshop = held.workshop
    GROUP BY held.week, held.workshop, held.head_count
),
people AS (
    SELECT week, count(DISTINCT member) AS attendees, count(DISTINCT member) FILTER (learner) AS learners
    FROM named
    GROUP BY week
),
filled AS (
    SELECT week, count(*) AS workshops, sum(heads) AS attendances, sum(heads - names) AS unnamed
    FROM seats
    GROUP BY week
),
taught AS (
    SELECT held.week, count(DISTINCT workshop_skill.skill) AS skills
    FROM held
    JOIN workshop_skill ON workshop_skill.workshop = held.workshop
    GROUP BY held.week
)
SELECT
    calendar.week,
    coalesce(filled.workshops, 0) AS workshops,
    CAST(coalesce(filled.attendances, 0) AS BIGINT) AS attendances,
    CAST(coalesce(people.attendees, 0) + coalesce(filled.unnamed, 0) AS BIGINT) AS attendees,
    coalesce(taught.skills, 0) AS skills_taught,
    coalesce(people.learners, 0) AS learners
FROM calendar
LEFT JOIN filled ON filled.week = calendar.week
LEFT JOIN taught ON taught.week = calendar.week
LEFT JOIN people ON people.week = calendar.week
ORDER BY calendar.week;
