-- How many people showed up at each place, week by week, of those counted at $until. Grain: (place, week) with somebody.
SELECT appearance.place AS subject, week_of(appearance.appeared_at) AS week,
       count(DISTINCT appearance.member) AS people
FROM appearance
ANTI JOIN hidden_spell ON hidden_spell.member = appearance.member
    AND hidden_spell.since < $until AND (hidden_spell.until IS NULL OR hidden_spell.until >= $until)
WHERE appearance.appeared_at >= $since AND appearance.appeared_at < $until AND appearance.place IS NOT NULL
GROUP BY ALL
ORDER BY ALL;
