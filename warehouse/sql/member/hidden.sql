-- The spells in which she is not counted that hold at $present.
SELECT since
FROM hidden
WHERE list_contains($members, member) AND since <= $present AND (until IS NULL OR until > $present);
