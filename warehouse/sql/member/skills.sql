-- What shows that she has a skill. Grain: one row a skill and a way to show it.
SELECT skill, rung, count(*) AS occasions, max(level) AS level, max("at") AS last_at
FROM skill_evidence
WHERE list_contains($members, member)
GROUP BY skill, rung
ORDER BY skill, rung;
