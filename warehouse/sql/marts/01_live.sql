-- The events that count, of the pending subjects: those that no retraction in force takes back.
-- Grain: one row an event; a retraction that is itself retracted is not in force.
CREATE OR REPLACE TEMP TABLE live AS
WITH retraction AS (
    SELECT source, id, json_extract_string(data, '$.source') AS target_source, json_extract_string(data, '$.id') AS target
    FROM events
    WHERE kind_of(type) = 'event.retracted'
),
in_force AS (
    SELECT retraction.target_source, retraction.target
    FROM retraction
    ANTI JOIN retraction AS undone ON undone.target_source = retraction.source AND undone.target = retraction.id
)
SELECT events.id, events.source, kind_of(events.type) AS kind, events.subject, events.occurred_at, events.data
FROM events
SEMI JOIN pending USING (subject)
ANTI JOIN in_force ON in_force.target_source = events.source AND in_force.target = events.id
WHERE kind_of(events.type) <> 'event.retracted';
