-- Rejects that were seen before $before.
DELETE FROM rejects WHERE seen_at < $before;
