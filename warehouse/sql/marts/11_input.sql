-- Grain: one row a source; its last summary.
DELETE FROM input WHERE source IN (SELECT subject FROM pending);

INSERT INTO input (source, title, legal_basis, place, rhythm_days, read, published, ignored, rejected, summarised_at)
SELECT subject, data ->> '$.title', data ->> '$.legal_basis', data ->> '$.place',
       CAST(data ->> '$.rhythm_days' AS INTEGER), CAST(data ->> '$.read' AS BIGINT),
       CAST(data ->> '$.published' AS BIGINT), CAST(data ->> '$.ignored' AS BIGINT),
       CAST(data ->> '$.rejected' AS BIGINT), occurred_at
FROM live
WHERE kind = 'input.summarised'
QUALIFY row_number() OVER (PARTITION BY subject ORDER BY occurred_at DESC, id DESC) = 1;
