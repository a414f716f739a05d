-- What was computed about the network, its skills, places and countries, without a layer; nothing about a member.
-- Grain: one metric and subject of the week. Week: $week.
SELECT metric_value.metric, metric_value.subject_kind, metric_value.subject, place.name, metric_value.value,
       metric_value.low, metric_value.high, metric_value.n
FROM metric_value
LEFT JOIN place ON metric_value.subject_kind = 'place' AND place.place = metric_value.subject
WHERE metric_value.week = $week AND metric_value.layer IS NULL
  AND metric_value.subject_kind IN ('network', 'skill', 'place', 'country')
ORDER BY metric_value.metric, metric_value.subject;
