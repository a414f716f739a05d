-- Grain: one row a use.
DELETE FROM machine_use WHERE machine IN (SELECT subject FROM pending);

INSERT INTO machine_use (machine, member, place, skill, minutes, used_at, source, event)
SELECT live.subject, coalesce(identity.canonical, live.data ->> '$.member'), live.data ->> '$.place',
       meant.skill, CAST(live.data ->> '$.minutes' AS INTEGER), live.occurred_at, live.source, live.id
FROM live
LEFT JOIN identity ON identity.member = live.data ->> '$.member'
LEFT JOIN meant ON meant.term = live.data ->> '$.skill'
WHERE live.kind = 'machine.used';
