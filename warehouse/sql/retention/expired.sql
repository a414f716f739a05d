-- The activities that are kept no longer: those of before $before, but for published data sets. A workshop and a request
-- go with everything that was told of them, once none of it is younger: an answer never stands without its request.
-- Who joined, who consented or objected and which pseudonyms are one stays: that holds until it is taken back.
CREATE OR REPLACE TEMP TABLE expired AS
SELECT events.source, events.id, events.subject, events.occurred_at
FROM events
LEFT JOIN input USING (source)
WHERE is_activity(events.type) AND coalesce(input.legal_basis, 'consent') <> 'public_data'
QUALIFY CASE WHEN split_part(kind_of(events.type), '.', 1) IN ('workshop', 'help')
             THEN max(events.occurred_at) OVER (PARTITION BY events.subject)
             ELSE events.occurred_at END < $before;
