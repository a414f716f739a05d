-- The record: what came in, word for word as the contract keeps it, and where each partition stands.
-- Plain dialect on purpose: no primary key, no index, no sequence, no enum (ARCHITECTURE.md says why).

CREATE MACRO week_of(instant) AS CAST(date_trunc('week', instant AT TIME ZONE 'Europe/Paris') AS DATE);

CREATE TABLE events (
    id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    partition INTEGER NOT NULL,
    position BIGINT NOT NULL,
    data VARCHAR NOT NULL
);
COMMENT ON TABLE events IS 'Every valid event, once; the long record from which all other tables are made.';
COMMENT ON COLUMN events.id IS 'Id that the source gave; unique together with source.';
COMMENT ON COLUMN events.source IS 'Who published the event, a URN.';
COMMENT ON COLUMN events.type IS 'fr.maillage.<noun>.<past verb>.v<version>.';
COMMENT ON COLUMN events.subject IS 'What the event is about: the id of a place, member, workshop, request …';
COMMENT ON COLUMN events.occurred_at IS 'When it happened (UTC).';
COMMENT ON COLUMN events.recorded_at IS 'When the log appended it (UTC).';
COMMENT ON COLUMN events.partition IS 'Partition of the log where it stands.';
COMMENT ON COLUMN events.position IS 'Position in that partition.';
COMMENT ON COLUMN events.data IS 'The payload as canonical JSON: equal payloads, equal text.';

CREATE TABLE rejects (
    partition INTEGER NOT NULL,
    position BIGINT NOT NULL,
    size BIGINT NOT NULL,
    digest VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE rejects IS 'Lines of the log that break the contract; their bytes stay in the log.';
COMMENT ON COLUMN rejects.partition IS 'Partition of the log where the line stands.';
COMMENT ON COLUMN rejects.position IS 'Position in that partition.';
COMMENT ON COLUMN rejects.size IS 'Length of the line in bytes.';
COMMENT ON COLUMN rejects.digest IS 'SHA-256 of the line, in hexadecimal.';
COMMENT ON COLUMN rejects.reason IS 'Why it was rejected, in words, without any of its content that could be personal.';
COMMENT ON COLUMN rejects.seen_at IS 'When the log appended the line (UTC).';

CREATE TABLE ingest_offset (
    partition INTEGER NOT NULL,
    next_position BIGINT NOT NULL
);
COMMENT ON TABLE ingest_offset IS 'Where to read on; changed in the same transaction as events and rejects.';
COMMENT ON COLUMN ingest_offset.partition IS 'Partition of the log.';
COMMENT ON COLUMN ingest_offset.next_position IS 'First position that has not been ingested.';

CREATE TABLE metric (
    metric VARCHAR NOT NULL,
    family VARCHAR NOT NULL,
    reach INTEGER NOT NULL,
    reads VARCHAR[] NOT NULL,
    version VARCHAR NOT NULL
);
COMMENT ON TABLE metric IS 'What analytics computes, as it registered itself; staleness is derived from it.';
COMMENT ON COLUMN metric.metric IS 'Name of the metric.';
COMMENT ON COLUMN metric.family IS 'Metrics of one family are computed together.';
COMMENT ON COLUMN metric.reach IS 'How many weeks, its own included, an activity event can touch.';
COMMENT ON COLUMN metric.reads IS 'Event types that it reads, without prefix and version: help.answered …';
COMMENT ON COLUMN metric.version IS 'Changes when its definition or a setting that it reads changes.';

CREATE TABLE stale (
    metric VARCHAR NOT NULL,
    week DATE NOT NULL,
    since TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE stale IS 'What has to be computed again; nothing else decides it.';
COMMENT ON COLUMN stale.metric IS 'Name of the metric.';
COMMENT ON COLUMN stale.week IS 'Monday of the week.';
COMMENT ON COLUMN stale.since IS 'When it was last marked (UTC); a result clears only the mark that it has seen.';

CREATE TABLE pending (
    subject VARCHAR NOT NULL
);
COMMENT ON TABLE pending IS 'Subjects with events that the marts do not show yet; empty after each refresh.';
COMMENT ON COLUMN pending.subject IS 'Subject of the event.';

COMMENT ON TABLE migration IS 'Schema files that this warehouse has run.';
COMMENT ON COLUMN migration.name IS 'Name of the file, without its ending.';

CREATE TABLE span (
    first_week DATE,
    last_week DATE
);
INSERT INTO span VALUES (NULL, NULL);
COMMENT ON TABLE span IS 'One row: the weeks of the first and of the last activity; every week between is computed.';
COMMENT ON COLUMN span.first_week IS 'Monday of the week of the first activity; null before any.';
COMMENT ON COLUMN span.last_week IS 'Monday of the week of the last activity; null before any.';

CREATE MACRO kind_of(type) AS split_part(type, '.', 3) || '.' || split_part(type, '.', 4);
CREATE MACRO is_activity(type) AS
    type LIKE 'fr.maillage.workshop.%' OR type LIKE 'fr.maillage.help.%'
    OR type LIKE 'fr.maillage.machine.%' OR type LIKE 'fr.maillage.skill.%';
