-- Every column that could hold a text, by its type: what is no number, no time and no yes or no. Grain: one row a column.
SELECT table_name, column_name
FROM duckdb_columns()
WHERE NOT internal AND database_name = current_database()
  AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE NOT temporary)
  AND NOT regexp_matches(data_type, '^(BOOLEAN|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*|DATE|TIME.*|INTERVAL)$')
ORDER BY table_name, column_index;
