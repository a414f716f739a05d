-- Looks at a member's data before $before.
DELETE FROM look WHERE looked_at < $before;
