-- How many people took part in each skill, week by week, as computed. Grain: (skill, week) with anything.
SELECT skill AS subject, week, people
FROM skill_week
WHERE week >= week_of(CAST($since AS TIMESTAMPTZ)) AND week < week_of(CAST($until AS TIMESTAMPTZ))
ORDER BY ALL;
