-- Grain: (skill, week).
INSERT INTO skill_week (skill, week, events, people, learned, asked, answered)
SELECT skill, CAST(week AS DATE), events, people, learned, asked, answered FROM fresh;
