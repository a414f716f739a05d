"""The health of the ingest service: what it did, whether it gets on, and a page of it for Prometheus."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from warehouse.ingest import Ingested

PATIENCE = 60.0
"""After so many seconds without a turn that went well, the service is not healthy."""


@dataclass
class Health:
    """What the service tells of itself. It is judged by progress: a dead broker raises nothing, it gives nothing."""

    done: Ingested = field(default_factory=Ingested)
    lag: dict[int, int] = field(default_factory=dict)
    batches: int = 0
    batch_seconds: float = 0.0
    went_well_at: float = field(default_factory=time.time)
    trouble: str = ""

    def turned(self, lag: Mapping[int, int]) -> None:
        """Note a turn that went well, and how far each partition is behind."""
        self.lag = dict(lag)
        self.went_well_at = time.time()
        self.trouble = ""

    def took(self, done: Ingested, seconds: float) -> None:
        """Note a batch."""
        self.done += done
        self.batches += 1
        self.batch_seconds += seconds

    def verdict(self) -> tuple[bool, dict[str, object]]:
        """Return whether all is well, and the reasons."""
        silence = time.time() - self.went_well_at
        well = silence < PATIENCE
        return well, {
            "healthy": well,
            "seconds_since_progress": round(silence, 1),
            "lag": sum(self.lag.values()),
            "trouble": self.trouble,
        }

    def metrics(self) -> str:
        """Return the page that Prometheus reads."""
        counts = {"read": self.done.read, "new": self.done.new, "duplicate": self.done.duplicates}
        lines = ["# TYPE maillage_ingest_lines_total counter"]
        lines += [
            f'maillage_ingest_lines_total{{outcome="{name}"}} {count}'
            for name, count in {**counts, "rejected": self.done.rejected}.items()
        ]
        lines.append("# TYPE maillage_ingest_lag gauge")
        lines += [f'maillage_ingest_lag{{partition="{number}"}} {lag}' for number, lag in sorted(self.lag.items())]
        lines += [
            "# TYPE maillage_ingest_batches_total counter",
            f"maillage_ingest_batches_total {self.batches}",
            "# TYPE maillage_ingest_batch_seconds_total counter",
            f"maillage_ingest_batch_seconds_total {self.batch_seconds:.6f}",
            "# TYPE maillage_ingest_progress_timestamp_seconds gauge",
            f"maillage_ingest_progress_timestamp_seconds {self.went_well_at:.3f}",
        ]
        return "\n".join(lines) + "\n"


@contextmanager
def served(health: Health, port: int) -> Iterator[int]:
    """Give the loopback port on which /metrics and /healthz answer; 0 takes a free one."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(health))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="health", daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(health: Health) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answers two questions and logs none."""

        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._answer(200, "text/plain; version=0.0.4", health.metrics())
            elif self.path == "/healthz":
                well, reasons = health.verdict()
                self._answer(200 if well else 503, "application/json", json.dumps(reasons) + "\n")
            else:
                self._answer(404, "text/plain", "ask for /metrics or /healthz\n")

        def log_message(self, *_: object) -> None:
            """Log no request: there is one every few seconds."""

        def _answer(self, code: int, kind: str, text: str) -> None:
            body = text.encode()
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
