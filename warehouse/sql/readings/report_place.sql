-- Grain: one place that is open at the end of $week or that activities mention. Window: the 13 weeks that end with $week.
WITH horizon AS (
    SELECT
        CAST($week + 7 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris' AS until,
        CAST($week - 84 AS TIMESTAMP) AT TIME ZONE 'Europe/Paris' AS since
),
unseen AS (
    SELECT DISTINCT hidden.member
    FROM hidden, horizon
    WHERE hidden.since < horizon.until AND (hidden.until IS NULL OR hidden.until >= horizon.until)
),
seen AS (
    SELECT DISTINCT appearance.member, appearance.place
    FROM appearance, horizon
    WHERE appearance.appeared_at >= horizon.since AND appearance.appeared_at < horizon.until
        AND NOT EXISTS (SELECT 1 FROM unseen WHERE unseen.member = appearance.member)
),
rooted AS (
    SELECT member, place FROM seen WHERE place IS NOT NULL
    UNION
    SELECT seen.member, member.place
    FROM seen
    JOIN member ON member.member = seen.member
    WHERE member.place IS NOT NULL
),
people AS (
    SELECT rooted.place, count(DISTINCT rooted.member) AS members, count(DISTINCT elsewhere.member) AS shared
    FROM rooted
    LEFT JOIN rooted AS elsewhere ON elsewhere.member = rooted.member AND elsewhere.place <> rooted.place
    GROUP BY rooted.place
),
held AS (
    SELECT workshop.place, count(*) AS workshops
    FROM workshop, horizon
    WHERE workshop.started_at >= horizon.since AND workshop.started_at < horizon.until
    GROUP BY workshop.place
),
asked AS (
    SELECT
        help_request.place,
        count(*) AS requests,
        count(DISTINCT help_request.requester) AS requesters,
        map_values(histogram(coalesce(help_request.organisation, help_request.requester, help_request.request)))
            AS contributions
    FROM help_request, horizon
    WHERE help_request.requested_at >= horizon.since AND help_request.requested_at < horizon.until
        AND NOT EXISTS (SELECT 1 FROM unseen WHERE unseen.member = help_request.requester)
    GROUP BY help_request.place
),
crossing AS (
    SELECT help_answer.answer, help_answer.helper, help_request.requester, help_request.place AS there, member.place AS home
    FROM help_answer
    JOIN help_request ON help_request.request = help_answer.request
    JOIN member ON member.member = help_answer.helper, horizon
    WHERE help_answer.answered_at >= horizon.since AND help_answer.answered_at < horizon.until
        AND help_answer.helper IS DISTINCT FROM help_request.requester
        AND member.place <> help_request.place
        AND NOT EXISTS (SELECT 1 FROM unseen WHERE unseen.member = help_answer.helper)
        AND NOT EXISTS (SELECT 1 FROM unseen WHERE unseen.member = help_request.requester)
),
helped AS (
    SELECT
        place,
        count(DISTINCT answer) AS answers,
        len(list_distinct(list_concat(list(requester), list(helper)))) AS persons
    FROM (
        SELECT there AS place, answer, requester, helper FROM crossing
        UNION ALL
        SELECT home, answer, requester, helper FROM crossing
    )
    GROUP BY place
),
known AS (
    SELECT place.place
    FROM place, horizon
    WHERE (place.opened_at IS NULL OR place.opened_at < horizon.until)
        AND (place.closed_at IS NULL OR place.closed_at >= horizon.until)
    UNION
    SELECT place FROM people
    UNION
    SELECT place FROM held WHERE place IS NOT NULL
    UNION
    SELECT place FROM asked WHERE place IS NOT NULL
)
SELECT
    known.place,
    coalesce(place.name, known.place) AS name,
    place.country,
    place.latitude,
    place.longitude,
    coalesce(people.members, 0) AS members,
    coalesce(people.shared, 0) AS shared,
    coalesce(held.workshops, 0) AS workshops,
    coalesce(asked.requests, 0) AS requests,
    coalesce(asked.requesters, 0) AS requesters,
    coalesce(asked.contributions, []) AS contributions,
    coalesce(helped.answers, 0) AS answers,
    coalesce(helped.persons, 0) AS persons
FROM known
LEFT JOIN place ON place.place = known.place
LEFT JOIN people ON people.place = known.place
LEFT JOIN held ON held.place = known.place
LEFT JOIN asked ON asked.place = known.place
LEFT JOIN helped ON helped.place = known.place
ORDER BY name, known.place;
