"""The site on this machine: its files by their addresses, for nobody else, and nothing beside them.

What a page may do is limited as in the plugin of Airflow: it asks for nothing from elsewhere, and runs no script but
the map's own.
"""

from __future__ import annotations

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from analytics.policy import policy
from producers.errors import UsageError

LOOPBACK = "127.0.0.1"
NAMES = (LOOPBACK, "localhost")
"""What the machine is called by whoever may ask: a page from elsewhere that has its own name lead here gets nothing."""
TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".png": "image/png",
    ".xml": "application/atom+xml; charset=utf-8",
}
"""What is served, by its suffix; any other file is as good as absent."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
INDEX = "index.html"
ICON = "/favicon.ico"
"""Every browser asks for it, and complains where it is refused."""


def server(site: Path, port: int) -> ThreadingHTTPServer:
    """Return a server of the site on loopback that listens; port 0 takes any one that is free.

    Raises:
        UsageError: when the port is taken.
    """
    handler = type("SiteHandler", (_Handler,), {"site": site})
    try:
        return ThreadingHTTPServer((LOOPBACK, port), handler)
    except OSError as error:
        remedy = "take another one: maillage serve --port 8010, or 0 for any"
        raise UsageError(f"port {port} cannot be taken: {error.strerror}", remedy=remedy) from error


def find(site: Path, address: str) -> Path | None:
    """Return the file that an address leads to, the index of a folder where it ends with a slash; None without one.

    Hidden files are absent, and so is whatever leads out of the site: by its name or by a link.
    """
    path = unquote(urlsplit(address).path).removeprefix("/")
    name = f"{path}{INDEX}" if not path or path.endswith("/") else path
    parts = name.split("/")
    if any(not part or part.startswith(".") or "\0" in part for part in parts) or Path(name).suffix not in TYPES:
        return None
    try:
        found = site.joinpath(*parts).resolve(strict=True)
    except (OSError, RuntimeError):  # no such file, a loop of links, a name that no file can have
        return None
    return found if found.is_relative_to(site.resolve()) and found.is_file() else None


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD; whoever asks otherwise is told that nothing else is understood."""

    site: Path
    policy = policy("'none'")
    server_version = "maillage"
    sys_version = ""
    timeout = 10

    def do_GET(self) -> None:
        """Send a file."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Send what would come before a file."""
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing: who reads what is nobody's business."""

    def end_headers(self) -> None:
        """Send the headers that limit what a page may do, whatever the answer."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def _answer(self, *, with_body: bool) -> None:
        if self.headers.get("Host", "").rpartition(":")[0] not in NAMES:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return
        found = find(self.site, self.path)
        if found is None:
            self._absent()
            return
        try:
            content = found.read_bytes()
        except OSError:  # it was replaced in this very moment
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        if found.suffix == ".html":
            self.policy = policy("'none'", content)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", TYPES[found.suffix])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if with_body:
            self.wfile.write(content)

    def _absent(self) -> None:
        """Lead to a folder's own address where its slash was left out; else there is nothing."""
        path = urlsplit(self.path).path
        if path == ICON:
            self.send_response(HTTPStatus.NO_CONTENT)
            self.end_headers()
            return
        if path.startswith("//") or find(self.site, f"{path}/") is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", f"{path}/")
        self.send_header("Content-Length", "0")
        self.end_headers()
