-- The ties that her figures about the whole of a layer rest on: how many, and a digest that is the same only for the same
-- ties. Other people stand in it and can't be read out of it.
SELECT tie.week, tie.layer, count(*) AS ties,
       sha256(string_agg(concat_ws(' ', source, target, strength, count), chr(10) ORDER BY source, target)) AS digest
FROM tie
SEMI JOIN (
    SELECT week, layer FROM metric_value WHERE subject_kind = 'member' AND list_contains($members, subject)
) AS hers USING (week, layer)
GROUP BY tie.week, tie.layer
ORDER BY tie.week DESC, tie.layer;
