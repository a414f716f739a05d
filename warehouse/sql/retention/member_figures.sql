-- Figures about one person, likewise; those about places, skills and the network stay.
DELETE FROM metric_value USING retired
WHERE metric_value.subject_kind = 'member'
  AND metric_value.week >= retired.since AND metric_value.week < week_of(CAST($before AS TIMESTAMPTZ));
