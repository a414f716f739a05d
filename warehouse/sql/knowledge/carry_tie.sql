-- The ties that are taken over.
SELECT tie.* FROM tie SEMI JOIN kept ON kept.metric = 'tie' AND CAST(kept.week AS DATE) = tie.week;
