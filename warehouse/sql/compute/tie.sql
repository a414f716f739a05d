-- Grain: (week, layer, source, target).
INSERT INTO tie (week, layer, source, target, strength, count)
SELECT CAST(week AS DATE), layer, source, target, strength, count FROM fresh;
