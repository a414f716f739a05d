-- Grain: one row a source. Its summaries say what it is; only its other events show that it is heard.
SELECT events.source, coalesce(any_value(input.title), events.source) AS title, count(*) AS events,
       max(events.occurred_at) AS last_occurred_at, max(events.recorded_at) AS last_recorded_at
FROM events LEFT JOIN input USING (source)
WHERE kind_of(events.type) <> 'input.summarised'
GROUP BY events.source
ORDER BY events.source;
