-- Which results are taken over.
SELECT computed.*
FROM computed SEMI JOIN kept ON kept.metric = computed.metric AND CAST(kept.week AS DATE) = computed.week;
