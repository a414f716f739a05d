-- Grain: one row a statement.
DELETE FROM skill_statement
WHERE member IN (SELECT subject FROM pending)
   OR member IN (SELECT identity.canonical FROM identity JOIN pending ON pending.subject = identity.member);

INSERT INTO skill_statement (member, skill, rung, level, stated_at, source)
SELECT coalesce(identity.canonical, live.subject), meant.skill, split_part(live.kind, '.', 2),
       CASE WHEN live.kind <> 'skill.lapsed' THEN coalesce(CAST(live.data ->> '$.level' AS INTEGER), 1) END,
       live.occurred_at, live.source
FROM live
JOIN meant ON meant.term = live.data ->> '$.skill'
LEFT JOIN identity ON identity.member = live.subject
WHERE live.kind IN ('skill.declared', 'skill.certified', 'skill.lapsed');
