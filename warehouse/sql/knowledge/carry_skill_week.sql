-- The counts by skill that are taken over.
SELECT skill_week.*
FROM skill_week SEMI JOIN kept ON kept.metric = 'skill_week' AND CAST(kept.week AS DATE) = skill_week.week;
