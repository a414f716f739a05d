-- The rows of the version in force, in place of those of another.
INSERT INTO vocabulary (version, skill, theme, industry, fr, de, en)
SELECT $version, unnest(CAST($skill AS VARCHAR[])), unnest(CAST($theme AS VARCHAR[])),
       unnest(CAST($industry AS BOOLEAN[])), unnest(CAST($fr AS VARCHAR[])), unnest(CAST($de AS VARCHAR[])),
       unnest(CAST($en AS VARCHAR[]));
