"""The health of the ingest service: what it did, whether it gets on, and a page of it for Prometheus."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from producers.errors import MaillageError
from warehouse.ingest import Ingested

PATIENCE = 60.0
"""After so many seconds without a turn that went well, the service is not healthy."""
PATIENCE_IN_TROUBLE = 10.0
"""The same where it is known what the service waits for, such as a broker that does not answer."""


@dataclass
class Health:
    """What the service tells of itself. It is judged by progress: a dead broker raises nothing, it gives nothing.

    Spans are measured on the clock that nobody sets; only the page for Prometheus shows the time of day.
    """

    done: Ingested = field(default_factory=Ingested)
    lag: dict[int, int] = field(default_factory=dict)
    position: dict[int, int] = field(default_factory=dict)
    batches: int = 0
    batch_seconds: float = 0.0
    went_well_at: float = field(default_factory=time.monotonic)
    shown: Ingested = field(default_factory=Ingested)
    published_at: float | None = None
    trouble: str = ""
    kind: str = ""

    def turned(self, lag: Mapping[int, int]) -> None:
        """Note a turn that went well, and how far each partition is behind."""
        self.lag = dict(lag)
        self.went_well_at = time.monotonic()
        self.trouble = self.kind = ""

    def took(self, done: Ingested, seconds: float) -> None:
        """Note a batch."""
        self.done += done
        self.batches += 1
        self.batch_seconds += seconds

    def published(self) -> None:
        """Note that the published snapshot shows everything taken so far."""
        self.shown = self.done
        self.published_at = time.monotonic()

    def troubled(self, error: MaillageError) -> bool:
        """Note what is waited for; return whether it is news, and not another wording of the same."""
        kind, self.kind = self.kind, type(error).__name__
        self.trouble = str(error)
        return kind != self.kind

    def silence(self) -> float:
        """Return the seconds since the last turn that went well."""
        return time.monotonic() - self.went_well_at

    def verdict(self) -> tuple[bool, dict[str, object]]:
        """Return whether all is well, and the reasons."""
        silence, lag = self.silence(), sum(self.lag.values())
        well = silence < (PATIENCE_IN_TROUBLE if self.trouble else PATIENCE)
        reason = self.trouble or f"nothing got on for {silence:.0f} s, {lag} lines behind"
        return well, {
            "healthy": well,
            "seconds_since_progress": round(silence, 1),
            "lag": lag,
            "reason": "" if well else reason,
            "trouble": self.trouble,
        }

    def metrics(self) -> str:
        """Return the page that Prometheus reads."""
        done = self.done
        lines = _labelled(
            "outcome",
            {"read": done.read, "new": done.new, "duplicate": done.duplicates, "rejected": done.rejected},
        )
        lag, position = (_labelled("partition", dict(sorted(each.items()))) for each in (self.lag, self.position))
        well, published = _time_of(self.went_well_at), self.published_at
        return "".join(
            [
                _metric("lines_total", "counter", "Lines taken from the log, by what became of them.", lines),
                _metric("lag", "gauge", "Lines in the log that the warehouse does not have yet.", lag),
                _metric("position", "gauge", "Where to read on; all before can be queried.", position),
                _metric("batches_total", "counter", "Batches taken.", {"": self.batches}),
                _metric("batch_seconds_total", "counter", "Seconds that they took.", {"": self.batch_seconds}),
                _metric("progress_timestamp_seconds", "gauge", "When a turn last went well.", {"": well}),
                _metric(
                    "published_timestamp_seconds",
                    "gauge",
                    "When the snapshot was last up to date.",
                    {} if published is None else {"": _time_of(published)},
                ),
                _metric("healthy", "gauge", "1 where /healthz says so.", {"": int(self.verdict()[0])}),
            ],
        )


def _time_of(monotonic: float) -> float:
    return time.time() - (time.monotonic() - monotonic)


def _labelled(label: str, values: Mapping[str, int] | Mapping[int, int]) -> dict[str, float]:
    return {f'{{{label}="{name}"}}': value for name, value in values.items()}


def _metric(name: str, kind: str, text: str, values: Mapping[str, float]) -> str:
    """Return one metric in the text format of Prometheus."""
    head = f"# HELP maillage_ingest_{name} {text}\n# TYPE maillage_ingest_{name} {kind}\n"
    lines = (f"maillage_ingest_{name}{labels} {round(value, 6)}\n" for labels, value in values.items())
    return head + "".join(lines)


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
