-- Grain: one pair of places, a < b. Window: the 13 weeks that end with $week. Shared people were seen at both, or seen
-- at one and joined through the other; help is an answer from a member of the one to a request asked at the other.
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
shared AS (
    SELECT one.place AS a, other.place AS b, count(DISTINCT one.member) AS people
    FROM rooted AS one
    JOIN rooted AS other ON other.member = one.member AND other.place > one.place
    GROUP BY one.place, other.place
),
help AS (
    SELECT
        least(help_request.place, member.place) AS a,
        greatest(help_request.place, member.place) AS b,
        count(DISTINCT help_answer.answer) AS answers,
        len(list_distinct(list_concat(list(help_answer.helper), list(help_request.requester)))) AS persons
    FROM help_answer
    JOIN help_request ON help_request.request = help_answer.request
    JOIN member ON member.member = help_answer.helper, horizon
    WHERE help_answer.answered_at >= horizon.since AND help_answer.answered_at < horizon.until
        AND help_answer.helper IS DISTINCT FROM help_request.requester
        AND member.place <> help_request.place
        AND NOT EXISTS (SELECT 1 FROM unseen WHERE unseen.member = help_answer.helper)
        AND NOT EXISTS (SELECT 1 FROM unseen WHERE unseen.member = help_request.requester)
    GROUP BY 1, 2
)
SELECT
    coalesce(shared.a, help.a) AS a,
    coalesce(shared.b, help.b) AS b,
    coalesce(shared.people, 0) AS people,
    coalesce(help.answers, 0) AS answers,
    coalesce(help.persons, 0) AS persons
FROM shared
FULL JOIN help ON help.a = shared.a AND help.b = shared.b
ORDER BY a, b;
