-- The events that count, of the pending subjects: those that are in force and no retraction. Grain: one row an event.
CREATE OR REPLACE TEMP TABLE live AS
SELECT events.id, events.source, kind_of(events.type) AS kind, events.subject, events.occurred_at, events.data
FROM events
SEMI JOIN pending USING (subject)
ANTI JOIN retracted USING (source, id)
WHERE events.type <> 'fr.maillage.event.retracted.v1';
