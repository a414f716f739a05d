-- The results that stand: computed by the version of today and not stale.
SELECT metric.metric, computed.week, metric.reach
FROM computed
JOIN metric ON metric.metric = computed.metric AND metric.version = computed.version
ANTI JOIN stale ON stale.metric = computed.metric AND stale.week = computed.week;
