-- Which stale weeks somebody was told of, so that each is asked for once and not every five minutes.
CREATE TABLE announced (
    week DATE NOT NULL,
    since TIMESTAMPTZ NOT NULL,
    told_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE announced IS 'Stale weeks whose computing was asked for; one row a week.';
COMMENT ON COLUMN announced.week IS 'Monday of the week.';
COMMENT ON COLUMN announced.since IS 'The newest mark of the week at that time (UTC).';
COMMENT ON COLUMN announced.told_at IS 'When it was asked for (UTC).';
