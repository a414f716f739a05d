"""DuckDB alone, from a file of the same lines on disk: nothing checked, nothing known, no Kafka.

python duckdb_disk.py FILE FOLDER
"""

from __future__ import annotations

import sys

import duckdb

file, folder = sys.argv[1:]
connection = duckdb.connect(f"{folder}/peer.duckdb")
connection.execute(
    """
    CREATE TABLE events AS
    SELECT id, source, type, subject, CAST(time AS TIMESTAMPTZ) AS occurred_at, CAST(data AS VARCHAR) AS data
    FROM read_json($file, format = 'newline_delimited', columns = {
        id: 'VARCHAR', source: 'VARCHAR', type: 'VARCHAR', subject: 'VARCHAR', time: 'VARCHAR', data: 'JSON'})
    """,
    {"file": file},
)
connection.close()
