-- The spells in which members are not counted, held for the other readings of this connection.
CREATE OR REPLACE TEMP TABLE hidden_spell AS SELECT member, since, until FROM hidden;
