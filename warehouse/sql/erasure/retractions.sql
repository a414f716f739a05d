-- The retractions of what goes, and of these, and so on, go with it.
INSERT INTO batch
WITH RECURSIVE hanging AS (
    SELECT retraction.source, retraction.id
    FROM retraction JOIN gone ON gone.source = retraction.target_source AND gone.id = retraction.target
    UNION
    SELECT retraction.source, retraction.id
    FROM hanging JOIN retraction ON hanging.source = retraction.target_source AND hanging.id = retraction.target
)
FROM events SEMI JOIN hanging USING (source, id) ANTI JOIN batch USING (source, id);
