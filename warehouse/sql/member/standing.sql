-- Who she is to the network.
SELECT joined_at, left_at, place, public, country, facilitator
FROM member
WHERE list_contains($members, member)
ORDER BY joined_at;
