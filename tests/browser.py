"""Headless Chromium (Debian's package), driven through its own protocol: pages as a signed-in reader sees them."""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

_OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
_FRENCH = ("--lang=fr", "--accept-lang=fr")
_START_SECONDS = 30.0


class Browser:
    """One page of a browser."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._numbers = socket, itertools.count(1)
        self.ask("Page.enable")
        self.ask("Emulation.setDeviceMetricsOverride", width=1500, height=950, deviceScaleFactor=1, mobile=False)

    def ask(self, method: str, **parameters: object) -> Any:  # noqa: ANN401  the protocol's documents
        """Return the browser's answer to a command."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._socket.recv(timeout=60))
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]

    def sign_in(self, url: str, token: str) -> None:
        """Carry Airflow's token as its cookie from now on."""
        self.ask("Network.setCookie", name="_token", value=token, url=url, httpOnly=True)

    def shows(self, url: str, text: str, *, patience: float = 180.0) -> bool:
        """Return whether the page at ``url``, or a frame of it, comes to show the text."""
        self.ask("Page.navigate", url=url)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if text.casefold() in self._text().casefold():
                time.sleep(2)  # what moves has come to rest
                return True
            time.sleep(0.5)
        return False

    def run(self, script: str) -> Any:  # noqa: ANN401  whatever the script gives
        """Return what a script gives in the page."""
        found = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def save(self, path: Path) -> None:
        """Write what is seen as a picture."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"]))

    def _text(self) -> str:
        script = (
            "[document, ...[...document.querySelectorAll('iframe')].map(f => f.contentDocument)]"
            ".filter(Boolean).map(d => d.body ? d.body.innerText : '').join(' ')"
        )
        return str(self.run(script) or "")


@contextmanager
def browser() -> Iterator[Browser]:
    """Give a browser that is gone afterwards; the test skips where there is none, and fails there in CI."""
    program = shutil.which("chromium")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no chromium (Debian: apt install chromium)", pytrace=False)
        pytest.skip("no chromium (Debian: apt install chromium)")
    folder = Path(tempfile.mkdtemp(prefix="maillage-browser-"))
    command = [program, *_OPTIONS, *_FRENCH, f"--user-data-dir={folder}", "--remote-debugging-port=0", "about:blank"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with connect(_page(folder / "DevToolsActivePort"), max_size=None, proxy=None) as socket:
            yield Browser(socket)
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _page(told: Path) -> str:
    """Return the address of the browser's one page; the browser writes its port into the file ``told``."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            port = told.read_text().split()[0]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json", timeout=5) as answer:
                pages = [each for each in json.load(answer) if each["type"] == "page"]
            if pages:
                return str(pages[0]["webSocketDebuggerUrl"])
        except (OSError, IndexError, urllib.error.URLError):
            pass
        time.sleep(0.2)
    raise AssertionError("the browser does not start")
