-- Members who have a tie, on any layer in $week, to a member of another place.
SELECT count(DISTINCT person) AS people
FROM (
    SELECT unnest([tie.source, tie.target]) AS person
    FROM tie
    JOIN member AS near ON near.member = tie.source
    JOIN member AS far ON far.member = tie.target
    WHERE tie.week = $week AND near.place <> far.place
);
