-- Her answers to each purpose, the newest first.
SELECT purpose, given, since, until FROM consent WHERE list_contains($members, member) ORDER BY purpose, since DESC;
