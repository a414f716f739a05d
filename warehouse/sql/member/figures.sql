-- Every figure about one of $members, with the version that computed it; the newest week first. band is where it lies
-- among all members of its week and layer: 1 the lowest quarter to 4 the highest, for the last week alone.
WITH hers AS (
    FROM metric_value WHERE subject_kind = 'member' AND list_contains($members, subject)
),
ranked AS (
    SELECT metric, week, layer, subject,
           least(4, 1 + CAST(floor(4 * percent_rank() OVER (PARTITION BY metric, layer ORDER BY value)) AS INTEGER)) AS band
    FROM metric_value
    WHERE subject_kind = 'member' AND value IS NOT NULL AND NOT isnan(value) AND week = (SELECT max(week) FROM hers)
)
SELECT hers.metric, hers.week, hers.layer, hers.subject, hers.value, hers.low, hers.high, hers.n, hers.computed_at,
       coalesce(computed.version, '') AS version, ranked.band, stale.metric IS NOT NULL AS stale
FROM hers
LEFT JOIN computed ON computed.metric = hers.metric AND computed.week = hers.week
LEFT JOIN stale ON stale.metric = hers.metric AND stale.week = hers.week
LEFT JOIN ranked
    ON ranked.metric = hers.metric AND ranked.week = hers.week AND ranked.subject = hers.subject
    AND ranked.layer IS NOT DISTINCT FROM hers.layer
ORDER BY hers.week DESC, hers.metric, hers.layer;
