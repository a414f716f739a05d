-- Every event that names one of $members, what became of her requests, and what takes one of these back; with where it
-- came from and until when it is kept. $days is how long activities are kept: a workshop and a request go with everything
-- told of them (sql/retention/expired.sql). kept_until is null for what stays until it is taken back or erased.
WITH naming AS (
    SELECT source, id
    FROM events
    WHERE list_has_any($members, regexp_extract_all(concat_ws(' ', id, source, subject, data), 'm_[0-9a-f]{24}'))
    UNION
    SELECT events.source, events.id
    FROM events JOIN help_request ON help_request.request = events.subject
    WHERE list_contains($members, help_request.requester) AND kind_of(events.type) IN ('help.answered', 'help.closed')
),
held AS (
    FROM naming
    UNION
    SELECT retraction.source, retraction.id
    FROM retraction JOIN naming ON naming.source = retraction.target_source AND naming.id = retraction.target
),
youngest AS (
    SELECT subject, max(occurred_at) AS occurred_at
    FROM events
    WHERE subject IN (SELECT subject FROM events SEMI JOIN held USING (source, id))
      AND split_part(kind_of(type), '.', 1) IN ('workshop', 'help')
    GROUP BY subject
)
SELECT events.source, coalesce(input.title, events.source) AS title,
       coalesce(input.legal_basis, 'consent') AS legal_basis, events.id, events.type, kind_of(events.type) AS kind,
       events.subject, events.occurred_at, events.recorded_at, events.data,
       retracted.id IS NOT NULL AS retracted,
       CASE WHEN is_activity(events.type) AND coalesce(input.legal_basis, 'consent') <> 'public_data'
            THEN coalesce(youngest.occurred_at, events.occurred_at) + to_days($days) END AS kept_until
FROM events
SEMI JOIN held USING (source, id)
LEFT JOIN input USING (source)
LEFT JOIN retracted USING (source, id)
LEFT JOIN youngest USING (subject)
ORDER BY events.occurred_at DESC, events.source, events.id;
