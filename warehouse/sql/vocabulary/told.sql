-- Grain: one text that a pending subject's events call a skill.
SELECT data ->> '$.skill' AS term
FROM live
WHERE kind IN ('skill.declared', 'skill.certified', 'skill.lapsed', 'machine.used') AND data ->> '$.skill' IS NOT NULL
UNION
SELECT unnest(from_json(data -> '$.skills', '["VARCHAR"]')) FROM live WHERE kind IN ('workshop.held', 'help.requested');
