-- What reads activities that are gone is not to be computed again; where nothing was retired, nothing is closed.
DELETE FROM stale USING closed
WHERE stale.metric = closed.metric AND stale.week >= closed.since AND stale.week < closed.until;
