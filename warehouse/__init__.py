"""From the event log to tables: ingest, marts, checks and the published snapshot, all in one DuckDB file."""
