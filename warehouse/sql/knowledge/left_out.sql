-- One row: how many of the people known here are left out because they objected since.
SELECT count(*) FROM left_out SEMI JOIN member USING (member) WHERE purpose = 'analytics';
