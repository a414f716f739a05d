"""Every page of the site in a real browser: nothing is asked for elsewhere, nothing complains, and A4 holds it all."""

from __future__ import annotations

import base64
import itertools
import json
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analytics.report.serve import server
from producers.settings import Settings
from tests.browser import Browser, browser
from tests.small_region import LAST

pytestmark = pytest.mark.browser

LANGUAGES = ("fr", "en", "de")
A4 = (595, 842)
"""Points, across and down."""
PRINTED = 703
"""Points of the screen between the margins of A4: 186 mm."""
MOST_PAGES = 16
_OVERFLOWING = """
[...document.querySelectorAll('main *, header *, footer *')].filter(each => {
  if (each.closest('.sr, [hidden], details:not([open]) > :not(summary)')) return false;
  const box = each.getBoundingClientRect(), style = getComputedStyle(each);
  if (!box.width || style.visibility === 'hidden' || style.position === 'absolute') return false;
  const cut = style.overflowX !== 'visible' && !each.ownerSVGElement && each.scrollWidth > each.clientWidth + 1;
  return cut || box.right > innerWidth + 1 || box.left < -1;
}).map(each => each.tagName + '.' + each.className + ': ' + (each.textContent || '').trim().slice(0, 40)).slice(0, 5)
"""


class Witness:
    """A page of a browser that remembers what it asked for and what it complained about."""

    def __init__(self, page: Browser) -> None:
        self._socket, self._numbers = page._socket, itertools.count(10_000)
        self._told: list[dict[str, Any]] = []
        for domain in ("Network", "Log", "Runtime"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **parameters: object) -> Any:  # noqa: ANN401  the protocol's documents
        """Return the browser's answer to a command, and keep what it tells meanwhile."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._socket.recv(timeout=60))
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]
            self._told.append(answer)

    def open(self, url: str) -> None:
        """Let the page be open, whole."""
        self._told.clear()
        self.ask("Page.navigate", url=url)
        deadline = time.monotonic() + 30
        while not any(each["method"] == "Page.loadEventFired" for each in self._told):
            assert time.monotonic() < deadline, f"{url} does not open"
            self.ask("Runtime.evaluate", expression="1")
            time.sleep(0.05)
        self.ask("Runtime.evaluate", expression="new Promise(done => setTimeout(done, 100))", awaitPromise=True)

    def run(self, script: str) -> Any:  # noqa: ANN401  whatever the script gives
        """Return what a script gives."""
        return self.ask("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    @property
    def requests(self) -> list[str]:
        """Return the addresses that were asked for."""
        sent = [
            each["params"]["request"]["url"] for each in self._told if each["method"] == "Network.requestWillBeSent"
        ]
        return [url for url in sent if not url.startswith("data:")]

    @property
    def complaints(self) -> list[str]:
        """Return what stands in the console in red: errors of scripts, of the network and of the policy."""
        logged = [each["params"]["entry"] for each in self._told if each["method"] == "Log.entryAdded"]
        found = [
            f"{entry['text']} {entry.get('url', '')}" for entry in logged if entry["level"] in ("error", "warning")
        ]
        thrown = [each for each in self._told if each["method"] == "Runtime.exceptionThrown"]
        called = [each["params"] for each in self._told if each["method"] == "Runtime.consoleAPICalled"]
        return found + [str(each) for each in thrown] + [str(each) for each in called if each["type"] == "error"]


@pytest.fixture(scope="module")
def witness() -> Iterator[Witness]:
    with browser() as page:
        yield Witness(page)


@pytest.fixture
def offline(witness: Witness) -> Iterator[Witness]:
    """Give the browser without any network."""
    off = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    witness.ask("Network.emulateNetworkConditions", **off)
    yield witness
    witness.ask(
        "Network.emulateNetworkConditions",
        **{**off, "offline": False, "downloadThroughput": -1, "uploadThroughput": -1},
    )


@pytest.fixture(scope="module")
def pages(small_site: Settings) -> list[str]:
    """Give the addresses of one page of every kind in every language, and of each page that stands alone."""
    week = f"{LAST.year}/S{LAST.number:02d}"
    every = [path.relative_to(small_site.site).as_posix() for path in sorted(small_site.site.rglob("*.html"))]
    return [name for name in every if name.startswith(week) or not name[:1].isdigit()]


@pytest.fixture(scope="module")
def address(small_site: Settings) -> Iterator[str]:
    with server(small_site.site, 0) as serving:
        thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{serving.server_port}/"
        serving.shutdown()
        thread.join()


def test_there_is_a_page_of_every_kind(pages: list[str]) -> None:
    kinds = {Path(name).name for name in pages}
    assert {"index.html", "metrics.html"} <= kinds
    assert any("revisions/" in name for name in pages)
    assert {f"{LAST.year}/S{LAST.number:02d}/{language}/index.html" for language in LANGUAGES} <= set(pages)


def test_every_page_opens_without_a_network_and_asks_for_nothing(
    offline: Witness, small_site: Settings, pages: list[str]
) -> None:
    wrong = {}
    for name in pages:
        url = (small_site.site / name).as_uri()
        offline.open(url)
        elsewhere = [each for each in offline.requests if not each.startswith(small_site.site.as_uri())]
        if offline.complaints or elsewhere:
            wrong[name] = (offline.complaints, elsewhere)
        assert len(offline.run("document.body.innerText")) > 40, name
    assert wrong == {}


def test_every_page_that_is_served_keeps_the_policy(witness: Witness, address: str, pages: list[str]) -> None:
    wrong = {}
    for name in pages:
        witness.open(address + name)
        elsewhere = [each for each in witness.requests if not each.startswith(address)]
        if witness.complaints or elsewhere:
            wrong[name] = (witness.complaints, elsewhere)
    assert wrong == {}


def printed(witness: Witness, url: str) -> bytes:
    """Return a page as the browser prints it."""
    witness.open(url)
    found = witness.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
    return base64.b64decode(found["data"])


def sheets(pdf: bytes) -> list[tuple[int, int]]:
    """Return the size of each sheet in points."""
    boxes = re.findall(rb"/Type\s*/Page\b(?!s).*?/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf, re.DOTALL)
    return [(round(float(across)), round(float(down))) for across, down in boxes]


def texts(pdf: bytes, folder: Path) -> list[str]:
    """Return the text of each sheet; the test skips where there is nothing that reads PDF."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("no pdftotext (Debian: apt install poppler-utils)")
    path = folder / "page.pdf"
    path.write_bytes(pdf)
    found = subprocess.run([program, "-raw", str(path), "-"], capture_output=True, check=True, text=True).stdout
    return [re.sub(r"\s+", " ", sheet) for sheet in found.removesuffix("\f").split("\f")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_prints_on_a_few_sheets_of_a4_and_none_of_them_is_empty(
    witness: Witness, small_site: Settings, language: str, tmp_path: Path
) -> None:
    path = small_site.site / f"{LAST.year}/S{LAST.number:02d}/{language}/index.html"
    pdf = printed(witness, path.as_uri())
    found = sheets(pdf)
    assert 1 < len(found) <= MOST_PAGES
    assert all(abs(across - A4[0]) <= 1 and abs(down - A4[1]) <= 1 for across, down in found)
    assert all(len(text) > 60 for text in texts(pdf, tmp_path))


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_is_read_on_a_page_is_read_on_paper(
    witness: Witness, small_site: Settings, language: str, tmp_path: Path
) -> None:
    path = small_site.site / f"{LAST.year}/S{LAST.number:02d}/{language}/index.html"
    pdf = printed(witness, path.as_uri())
    on_paper = re.sub(r"[\s\u00ad-]+", "", " ".join(texts(pdf, tmp_path))).casefold()
    heads = witness.run("[...document.querySelectorAll('main h2, main h3')].map(each => each.textContent)")
    rows = witness.run(
        "[...document.querySelectorAll('main table tbody tr th')].map(each => each.firstChild.textContent)"
    )
    assert len(heads) > 4
    assert len(rows) > 10
    lost = [text for text in [*heads, *rows] if re.sub(r"[\s\u00ad-]+", "", text).casefold() not in on_paper]
    assert lost == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_cut_off_on_paper(witness: Witness, small_site: Settings, language: str) -> None:
    path = small_site.site / f"{LAST.year}/S{LAST.number:02d}/{language}/index.html"
    size = {"width": PRINTED, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
    witness.ask("Emulation.setDeviceMetricsOverride", **size)
    witness.ask("Emulation.setEmulatedMedia", media="print")
    try:
        witness.open(path.as_uri())
        assert witness.run(_OVERFLOWING) == []
        assert witness.run("document.documentElement.scrollWidth") <= PRINTED
    finally:
        witness.ask("Emulation.setEmulatedMedia", media="")
        witness.ask("Emulation.clearDeviceMetricsOverride")
