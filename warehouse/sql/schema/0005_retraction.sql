-- Retractions: readings of the record, so they cannot go out of step with it.

CREATE VIEW retraction AS
SELECT source, id, subject, recorded_at,
       json_extract_string(data, '$.source') AS target_source, json_extract_string(data, '$.id') AS target
FROM events
WHERE type = 'fr.maillage.event.retracted.v1';
COMMENT ON VIEW retraction IS 'What each retraction names, in force or not; one row a retraction.';
COMMENT ON COLUMN retraction.source IS 'Who published the retraction.';
COMMENT ON COLUMN retraction.id IS 'Id of the retraction.';
COMMENT ON COLUMN retraction.subject IS 'Subject of the retraction; that of the event it takes back, or another.';
COMMENT ON COLUMN retraction.recorded_at IS 'When the log appended the retraction (UTC).';
COMMENT ON COLUMN retraction.target_source IS 'Who published the event that it takes back.';
COMMENT ON COLUMN retraction.target IS 'Id of that event, which may come later or be a retraction.';

-- The one definition: an event is in force when no retraction in force takes it back. A retraction names one event, so
-- retractions hang in trees below what they take back in the end, and each tree is judged from its deepest level up.
-- A circle of retractions hangs below nothing: it is never reached, and takes nothing back.
CREATE VIEW retracted AS
WITH RECURSIVE
hanging AS (
    SELECT source, id, target_source, target, recorded_at, 1 AS level
    FROM retraction
    ANTI JOIN retraction AS other ON other.source = retraction.target_source AND other.id = retraction.target
    UNION ALL
    SELECT retraction.source, retraction.id, retraction.target_source, retraction.target, retraction.recorded_at,
           hanging.level + 1
    FROM hanging
    JOIN retraction ON retraction.target_source = hanging.source AND retraction.target = hanging.id
),
judged AS (
    SELECT source, id, target_source, target, recorded_at, level, TRUE AS in_force
    FROM hanging
    WHERE level = (SELECT max(level) FROM hanging)
    UNION ALL
    SELECT hanging.source, hanging.id, hanging.target_source, hanging.target, hanging.recorded_at, hanging.level,
           (hanging.source, hanging.id) NOT IN (SELECT (target_source, target) FROM judged WHERE in_force)
    FROM hanging
    WHERE hanging.level = (SELECT max(level) - 1 FROM judged)
)
SELECT target_source AS source, target AS id, min(recorded_at) AS recorded_at
FROM judged
WHERE in_force
GROUP BY target_source, target;
COMMENT ON VIEW retracted IS 'Events that a retraction in force takes back, at any depth: they leave every reading.';
COMMENT ON COLUMN retracted.source IS 'Who published the event.';
COMMENT ON COLUMN retracted.id IS 'Id of the event.';
COMMENT ON COLUMN retracted.recorded_at IS 'When the log appended the first retraction in force (UTC).';
