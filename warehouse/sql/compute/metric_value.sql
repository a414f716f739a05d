-- Grain: (metric, week, layer, subject_kind, subject). NaN stands for not defined and becomes null.
INSERT INTO metric_value (metric, week, layer, subject_kind, subject, value, low, high, n, computed_at)
SELECT metric, CAST(week AS DATE), layer, subject_kind, subject, nullif(value, 'NaN'::DOUBLE),
       nullif(CAST(low AS DOUBLE), 'NaN'::DOUBLE), nullif(CAST(high AS DOUBLE), 'NaN'::DOUBLE), n,
       CAST($computed_at AS TIMESTAMPTZ)
FROM fresh;
