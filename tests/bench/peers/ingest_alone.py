"""Our ingest up to the record: decoded, checked, deduplicated, rejects kept; no marts, no published copy.

python ingest_alone.py SERVERS TOPIC FOLDER COUNT
"""

from __future__ import annotations

import sys
from pathlib import Path

from producers.log.opening import open_log
from warehouse.ingest import ingest

servers, topic, folder, _ = sys.argv[1:]
log = open_log(f"kafka://{servers}/{topic}")
ingest(log, Path(folder) / "warehouse.duckdb")
log.close()
