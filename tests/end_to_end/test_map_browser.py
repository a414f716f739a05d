"""The map in a real browser with the network off: search, slider, keyboard, both views, and no error."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from threading import Thread

import pytest

from analytics.disclosure import Thresholds
from analytics.map import map_files, map_page
from analytics.map.build import arranged
from analytics.map.content import Link, MapContent, Node
from analytics.map.reading import Facts, Pair, People, Place
from analytics.publication import PAGES
from analytics.report.serve import server
from tests.browser import Browser, browser

pytestmark = pytest.mark.browser

MONDAY = date(2026, 10, 5)
MANY = 5_000
_OFF = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
_CODES = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}
_WATCH = (
    "window.complaints = []; addEventListener('error', e => complaints.push(e.message)); "
    "addEventListener('securitypolicyviolation', e => complaints.push(e.violatedDirective)); "
    "console.error = (...all) => complaints.push(all.join(' '))"
)


def _region() -> MapContent:
    """Return four weeks of two places and two skills; who laser-cuts is in Besançon only, and more so every week."""
    weeks = tuple(MONDAY + timedelta(weeks=number) for number in range(4))
    places = (
        Place("besancon", "L’Horloge", "fablab", "FR", 47.24, 6.02),
        Place("bienne", "La Roue", "fablab", "CH", 47.14, 7.25),
    )
    people = [
        People(week, kind, node, None, 20 + rank)  # type: ignore[arg-type]
        for rank, week in enumerate(weeks)
        for kind, node in (("place", "besancon"), ("place", "bienne"), ("skill", "laser-cutting"), ("skill", "sewing"))
    ]
    pairs = [Pair(week, "place_skill", "besancon", "laser-cutting", 10 + rank, 5) for rank, week in enumerate(weeks)]
    pairs += [Pair(week, "place_skill", "bienne", "sewing", 8, 0) for week in weeks]
    pairs += [Pair(week, "place_place", "besancon", "bienne", 6, 0) for week in weeks]
    return arranged(Facts(weeks, places, tuple(people), tuple(pairs)), Thresholds())


def _crowd() -> MapContent:
    """Return a map of 5,000 nodes and 15,000 links."""
    nodes = [
        Node(
            kind="skill" if rank % 5 else "place",
            id=f"n{rank}",
            name=f"Node {rank}",
            people=[float(5 + rank % 90)],
            publics={},
            measures={},
            community=[1 + rank % 7],
            x=[round((rank % 71) / 36 - 1, 3)],
            y=[round((rank // 71) / 36 - 1, 3)],
        )
        for rank in range(MANY)
    ]
    links = [
        Link(kind="skill_skill", a=rank, b=(rank * step + step) % MANY, people=[5 + rank % 20])
        for rank in range(MANY)
        for step in (3, 7, 11)
    ]
    return MapContent(threshold_people=5, weeks=[MONDAY], nodes=nodes, links=links)


@pytest.fixture(scope="module")
def page() -> Iterator[Browser]:
    with browser() as found:
        found.ask("Network.enable")
        found.ask("Network.emulateNetworkConditions", **_OFF)
        found.ask("Page.addScriptToEvaluateOnNewDocument", source=_WATCH)
        yield found


@pytest.fixture
def online(page: Browser) -> Iterator[Browser]:
    """Give the browser with loopback in reach, which a network that is off is not."""
    page.ask("Network.emulateNetworkConditions", offline=False, latency=0, downloadThroughput=-1, uploadThroughput=-1)
    yield page
    page.ask("Network.emulateNetworkConditions", **_OFF)
    page.ask("Emulation.setDeviceMetricsOverride", width=1500, height=950, deviceScaleFactor=1, mobile=False)


def _open(page: Browser, content: MapContent, folder: Path) -> None:
    path = folder / "map.html"
    path.write_text(map_page(content, "fr", ["fr"]), encoding="utf-8")
    page.ask("Page.navigate", url=path.as_uri())
    _wait(page)


def _wait(page: Browser) -> None:
    """Wait for the first drawing; nothing may have been complained about."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not page.run("performance.getEntriesByName('painted').length"):
        time.sleep(0.1)
    assert page.run("complaints") == []


def _ask(page: Browser, query: str) -> str:
    page.run(f"document.getElementById('query').value = {query!r}; document.getElementById('search').requestSubmit()")
    return str(page.run("document.getElementById('panel').innerText"))


def _press(page: Browser, key: str) -> None:
    for kind in ("keyDown", "keyUp"):
        page.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key)


def test_a_question_is_answered_with_places_and_how_to_reach_them(page: Browser, tmp_path: Path) -> None:
    _open(page, _region(), tmp_path)
    answer = _ask(page, "qui peut aider pour la découpe laser")
    assert "L’Horloge – 10 porteurs" in answer
    assert "5 acceptent" in answer
    assert "La Roue" not in answer
    assert "maillage door laser-cutting" in answer
    assert "Aucune compétence" in _ask(page, "zzz")
    assert page.run("complaints") == []


def test_the_slider_changes_map_and_table_by_keyboard(page: Browser, tmp_path: Path) -> None:
    _open(page, _region(), tmp_path)
    page.run("document.getElementById('when').focus()")
    page.ask("Input.dispatchKeyEvent", type="keyDown", key="ArrowLeft", code="ArrowLeft", windowsVirtualKeyCode=37)
    time.sleep(0.5)
    assert page.run("state.week") == 2
    assert "semaine 43" in page.run("document.getElementById('told').value")
    assert page.run("document.querySelector('#places tbody td').textContent") == "20"
    assert page.run("complaints") == []


def test_the_table_of_the_script_is_the_table_of_the_page(page: Browser, tmp_path: Path) -> None:
    _open(page, _region(), tmp_path)
    text = "[...document.querySelectorAll('tbody tr')].map(r => [...r.cells].map(each => each.textContent).join('|'))"
    before = page.run(text)
    page.run("showTable()")
    assert page.run(text) == before


def test_arrows_go_from_node_to_node_and_escape_leaves(page: Browser, tmp_path: Path) -> None:
    _open(page, _region(), tmp_path)
    page.run("document.getElementById('map').focus()")
    for key in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"):
        _press(page, key)
    assert page.run("state.selected") >= 0
    assert page.run("document.querySelector('#panel h2').textContent") == page.run("nodes[state.selected].name")
    _press(page, "+")
    assert page.run("state.zoom") > 1
    _press(page, "0")
    _press(page, "Escape")
    assert page.run("[state.zoom, state.selected]") == [1, -1]


def _at(page: Browser, url: str, width: int, height: int) -> None:
    page.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)
    page.ask("Page.navigate", url=url)
    _wait(page)


def _keys(page: Browser, *names: str) -> None:
    for name in names:
        more = {"windowsVirtualKeyCode": _CODES[name]} if name in _CODES else {"text": name}
        text = {"text": "\r"} if name == "Enter" else {}
        page.ask("Input.dispatchKeyEvent", type="keyDown", key=name, code=name, **(more | text))
        page.ask("Input.dispatchKeyEvent", type="keyUp", key=name, code=name, **more)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a week of a site, as ``maillage serve`` shows it: with its policy."""
    site = tmp_path_factory.mktemp("site")
    for name, text in map_files(_region(), PAGES).items():
        path = site / "2026/S44" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with server(site, 0) as serving:
        thread = Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{serving.server_port}/2026/S44"
        serving.shutdown()
        thread.join()


@pytest.mark.parametrize("language", PAGES)
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844)])
def test_with_the_keyboard_alone_and_under_the_policy_of_the_site(
    online: Browser, served: str, language: str, width: int, height: int
) -> None:
    page = online
    _at(page, f"{served}/{language}/map.html", width, height)
    assert page.run("document.documentElement.scrollWidth") <= width, "nothing sticks out to the right"
    reached = []
    for _ in range(20):
        _keys(page, "Tab")
        reached.append(
            page.run("document.activeElement.id || document.activeElement.name || document.activeElement.tagName")
        )
        if reached[-1] == "query":
            _keys(page, *"laser", "Enter")
            assert "L’Horloge" in page.run("document.getElementById('panel').innerText")
        if reached[-1] == "view":
            _keys(page, "ArrowRight")
            assert page.run("state.view") == "geography"
        if reached[-1] == "map":
            _keys(page, "Escape", "ArrowLeft")
            assert page.run("state.selected") >= 0
        if reached[-1] == "when":
            break
    assert {"query", "view", "colour", "size", "map", "when"} <= set(reached)
    _keys(page, "ArrowLeft")
    assert page.run("state.week") == 2
    assert page.run("complaints") == []


def test_it_prints_on_a4_with_its_table(online: Browser, served: str) -> None:
    _at(online, f"{served}/fr/map.html", 1280, 720)
    printed = base64.b64decode(online.ask("Page.printToPDF", preferCSSPageSize=True)["data"])
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") >= 1
    assert b"595" in printed, "595 points are the width of A4"


def test_both_views_draw_something(page: Browser, tmp_path: Path) -> None:
    _open(page, _region(), tmp_path)
    inked = (
        "pen.getImageData(0, 0, canvas.width, canvas.height).data.filter((value, at) => at % 4 === 3 && value).length"
    )
    assert page.run(inked) > 500
    page.run("document.querySelector('[value=geography]').click()")
    assert page.run(inked) > 500
    page.run("by('colour').value = 'public'; by('colour').dispatchEvent(new Event('change'))")
    page.run("by('size').value = 'links'; by('size').dispatchEvent(new Event('change'))")
    assert page.run("complaints") == []


def test_five_thousand_nodes_are_painted_soon(
    page: Browser, tmp_path: Path, record_testsuite_property: Callable[[str, object], None]
) -> None:
    _open(page, _crowd(), tmp_path)
    painted = float(page.run("performance.getEntriesByName('painted')[0].startTime"))
    page.run("window.since = performance.now(); draw(); window.again = performance.now() - since")
    again = float(page.run("again"))
    record_testsuite_property("map_painted_ms", painted)
    record_testsuite_property("map_again_ms", again)
    assert painted < 1_000, f"{painted:.0f} ms to the first paint"
