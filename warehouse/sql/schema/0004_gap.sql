-- What was lost, and who accepted it in words: positions that retention took before they were ingested.

CREATE TABLE gap (
    partition INTEGER NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    accepted_at TIMESTAMPTZ NOT NULL,
    reason VARCHAR NOT NULL
);
COMMENT ON TABLE gap IS 'Positions of the log that were never ingested, each accepted in writing.';
COMMENT ON COLUMN gap.partition IS 'Partition of the log.';
COMMENT ON COLUMN gap.since IS 'First position lost.';
COMMENT ON COLUMN gap.until IS 'Position after the last one lost.';
COMMENT ON COLUMN gap.accepted_at IS 'When it was accepted (UTC).';
COMMENT ON COLUMN gap.reason IS 'Why, as the person who accepted it wrote.';
