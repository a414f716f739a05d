-- How many events of each kind were in force in [$since, $until). Grain: one kind.
SELECT kind_of(type) AS kind, count(*) AS events
FROM events
ANTI JOIN retracted USING (source, id)
WHERE occurred_at >= $since AND occurred_at < $until AND kind_of(type) IN (SELECT unnest($kinds))
GROUP BY ALL
ORDER BY kind;
