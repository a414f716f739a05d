-- What each text means: the code of a concept, or the text itself where it has to be classified. Grain: the text.
CREATE OR REPLACE TEMP TABLE meant AS
SELECT unnest(CAST($terms AS VARCHAR[])) AS term, unnest(CAST($skills AS VARCHAR[])) AS skill;
