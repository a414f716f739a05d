-- The concepts that the marts speak of; filled by warehouse.vocabulary from producers/vocabulary.
CREATE TABLE vocabulary (
    version INTEGER NOT NULL,
    skill VARCHAR NOT NULL,
    theme VARCHAR NOT NULL,
    industry BOOLEAN NOT NULL,
    fr VARCHAR NOT NULL,
    de VARCHAR NOT NULL,
    en VARCHAR NOT NULL
);
COMMENT ON TABLE vocabulary IS 'The concepts of the version in force; a skill that is none waits to be classified.';
COMMENT ON COLUMN vocabulary.version IS 'Version of the vocabulary; the same in all rows.';
COMMENT ON COLUMN vocabulary.skill IS 'Code of the concept, as skills stand in every table.';
COMMENT ON COLUMN vocabulary.theme IS 'Group that the concept is in.';
COMMENT ON COLUMN vocabulary.industry IS 'Whether it counts as industry 4.0.';
COMMENT ON COLUMN vocabulary.fr IS 'What it is called in French.';
COMMENT ON COLUMN vocabulary.de IS 'What it is called in German.';
COMMENT ON COLUMN vocabulary.en IS 'What it is called in English.';
