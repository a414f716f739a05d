-- The position moves over what is lost.
UPDATE ingest_offset SET next_position = $until WHERE partition = $partition;
