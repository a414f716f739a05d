-- Who was erased, as keyed hashes that lead nobody back, and who looked at whose data.
CREATE TABLE tombstone (
    mark VARCHAR NOT NULL,
    erased_at TIMESTAMPTZ NOT NULL,
    request VARCHAR NOT NULL
);
COMMENT ON TABLE tombstone IS 'One row a pseudonym that was erased: what names it is not taken in again.';
COMMENT ON COLUMN tombstone.mark IS 'Hash of the pseudonym under the key of the place.';
COMMENT ON COLUMN tombstone.erased_at IS 'When it was erased (UTC).';
COMMENT ON COLUMN tombstone.request IS 'Number of the request, by which its certificate is found.';

CREATE TABLE look (
    member VARCHAR NOT NULL,
    looked_at TIMESTAMPTZ NOT NULL,
    who VARCHAR NOT NULL,
    what VARCHAR NOT NULL,
    why VARCHAR NOT NULL
);
COMMENT ON TABLE look IS 'The access log: every time that a command opened the data of one member.';
COMMENT ON COLUMN look.member IS 'Pseudonym of the member.';
COMMENT ON COLUMN look.looked_at IS 'When (UTC).';
COMMENT ON COLUMN look.who IS 'Account that ran the command.';
COMMENT ON COLUMN look.what IS 'The command.';
COMMENT ON COLUMN look.why IS 'The reason that was given; empty where none was.';
