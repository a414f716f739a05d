"""The map in a real browser with the network off: search, slider, keyboard, both views, and no error."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics.disclosure import Thresholds
from analytics.map import map_page
from analytics.map.build import arranged
from analytics.map.content import Link, MapContent, Node
from analytics.map.reading import Facts, Pair, People, Place
from tests.browser import Browser, browser

pytestmark = pytest.mark.browser

MONDAY = date(2026, 10, 5)
MANY = 5_000
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
            community=[rank % 7],
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
        found.ask("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)
        found.ask("Page.addScriptToEvaluateOnNewDocument", source=_WATCH)
        yield found


def _run(page: Browser, script: str) -> Any:  # noqa: ANN401  whatever the script gives
    found = page.ask("Runtime.evaluate", expression=script, returnByValue=True)
    assert "exceptionDetails" not in found, found
    return found["result"].get("value")


def _open(page: Browser, content: MapContent, folder: Path) -> None:
    path = folder / "map.html"
    path.write_text(map_page(content, "fr", ["fr"]), encoding="utf-8")
    page.ask("Page.navigate", url=path.as_uri())
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not _run(page, "performance.getEntriesByName('painted').length"):
        time.sleep(0.1)
    assert _run(page, "complaints") == []


def _ask(page: Browser, query: str) -> str:
    _run(page, f"document.getElementById('query').value = {query!r}; document.getElementById('search').requestSubmit()")
    return str(_run(page, "document.getElementById('panel').innerText"))


def _press(page: Browser, key: str) -> None:
    for kind in ("keyDown", "keyUp"):
        page.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key)


def test_a_question_is_answered_with_places_and_how_to_reach_them(page: Browser, tmp_path: Path) -> None:
    _open(page, _region(), tmp_path)
    answer = _ask(page, "qui peut aider pour la découpe laser")
    assert "L’Horloge – 13 porteurs" in answer
    assert "5 acceptent" in answer
    assert "La Roue" not in answer
    assert "maillage door laser-cutting" in answer
    assert "Aucune compétence" in _ask(page, "zzz")
    assert _run(page, "complaints") == []


def test_the_slider_changes_map_and_table_by_keyboard(page: Browser, tmp_path: Path) -> None:
    _open(page, _region(), tmp_path)
    _run(page, "document.getElementById('when').focus()")
    page.ask("Input.dispatchKeyEvent", type="keyDown", key="ArrowLeft", code="ArrowLeft", windowsVirtualKeyCode=37)
    time.sleep(0.5)
    assert _run(page, "state.week") == 2
    assert "semaine 43" in _run(page, "document.getElementById('told').value")
    assert _run(page, "document.querySelector('#places tbody td').textContent") == "22"
    assert _run(page, "complaints") == []


def test_the_table_of_the_script_is_the_table_of_the_page(page: Browser, tmp_path: Path) -> None:
    _open(page, _region(), tmp_path)
    text = "[...document.querySelectorAll('tbody tr')].map(r => [...r.cells].map(each => each.textContent).join('|'))"
    before = _run(page, text)
    _run(page, "showTable()")
    assert _run(page, text) == before


def test_arrows_go_from_node_to_node_and_escape_leaves(page: Browser, tmp_path: Path) -> None:
    _open(page, _region(), tmp_path)
    _run(page, "document.getElementById('map').focus()")
    for key in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"):
        _press(page, key)
    assert _run(page, "state.selected") >= 0
    assert _run(page, "document.querySelector('#panel h2').textContent") == _run(page, "nodes[state.selected].name")
    _press(page, "+")
    assert _run(page, "state.zoom") > 1
    _press(page, "0")
    _press(page, "Escape")
    assert _run(page, "[state.zoom, state.selected]") == [1, -1]


def test_both_views_draw_something(page: Browser, tmp_path: Path) -> None:
    _open(page, _region(), tmp_path)
    inked = (
        "pen.getImageData(0, 0, canvas.width, canvas.height).data.filter((value, at) => at % 4 === 3 && value).length"
    )
    assert _run(page, inked) > 500
    _run(page, "document.querySelector('[value=geography]').click()")
    assert _run(page, inked) > 500
    _run(page, "by('colour').value = 'public'; by('colour').dispatchEvent(new Event('change'))")
    _run(page, "by('size').value = 'links'; by('size').dispatchEvent(new Event('change'))")
    assert _run(page, "complaints") == []


def test_five_thousand_nodes_are_painted_soon(
    page: Browser, tmp_path: Path, record_testsuite_property: Callable[[str, object], None]
) -> None:
    _open(page, _crowd(), tmp_path)
    painted = float(_run(page, "performance.getEntriesByName('painted')[0].startTime"))
    _run(page, "window.since = performance.now(); draw(); window.again = performance.now() - since")
    again = float(_run(page, "again"))
    record_testsuite_property("map_painted_ms", painted)
    record_testsuite_property("map_again_ms", again)
    assert painted < 5_000, f"{painted:.0f} ms to the first paint; the goal is 1,000 on an idle machine"
