"""The notebooks run from top to bottom on the demo, together in under a minute, and are stored without output.

What the interface tells of the demo is what its report tells, and the SQL behind each figure gives the figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

import jupytext
import pytest
from nbclient import NotebookClient

from analytics import open_network
from analytics.provenance.figure import figures
from analytics.provenance.reason import PATTERNS, ask_for
from analytics.provenance.repeated import repeated
from tests.end_to_end.conftest import Maillage
from warehouse.connection import read
from warehouse.query import frame

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.py"))
SECONDS = 60.0
SAMPLED = 7
"""One figure in so many has its SQL run; the small region's have it run for nearly all."""
FINDS = {
    "who_links_whom": (r"people have a tie beyond their own place", 1, 1),
    "which_skills_grow": (r"predictive-maintenance is growing: ×\d", 2, 0),
    "where_is_the_gap": (r"tightest skills are surely short: \w", 1, 1),
    "one_places_year": (r"ranks \d+ to \d+ are possible", 1, 1),
}
"""By notebook: what it finds in the demo, how many pictures it draws, and how many charts of the report."""


@pytest.fixture(scope="module")
def spent() -> Iterator[list[float]]:
    """Give the seconds that each notebook took; at the end, whether they fit together."""
    seconds: list[float] = []
    yield seconds
    assert sum(seconds) < SECONDS, f"the notebooks took {sum(seconds):.0f} s of processor time"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(
    demo: Maillage, path: Path, monkeypatch: pytest.MonkeyPatch, spent: list[float]
) -> None:
    monkeypatch.setenv("MAILLAGE_HOME", str(demo.home))
    notebook = jupytext.read(path)
    before = processor_seconds()
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    spent.append(processor_seconds() - before)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    said = "".join(output.get("text", "") for output in outputs if output.get("name") == "stdout")
    complaints = [output["text"] for output in outputs if output.get("name") == "stderr"]
    found, pictures, charts = FINDS[path.stem]
    assert "2026-W46, the last of 104 weeks" in said
    assert re.search(found, said)
    assert (kinds(outputs, "image/png"), kinds(outputs, "image/svg+xml")) == (pictures, charts)
    assert "SQL:" in outputs[-1]["data"]["text/plain"], "it ends with how it knows"
    assert not complaints


def processor_seconds() -> float:
    """Return what the processes that we have started and seen the end of took, on a machine that others use too."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def kinds(outputs: list[dict[str, Any]], kind: str) -> int:
    """Return how many outputs are of a kind."""
    return sum(1 for output in outputs if kind in output.get("data", {}))


def test_each_of_the_four_stories_has_a_notebook_that_uses_the_public_interface_only() -> None:
    assert {path.stem for path in NOTEBOOKS} == FINDS.keys()
    for path in NOTEBOOKS:
        text = path.read_text(encoding="utf-8")
        ours = re.findall(r"^(?:from|import) (?:analytics|warehouse|producers)\b.*$", text, re.MULTILINE)
        assert ours == ["from analytics import open_network"], path.name
        assert "open_network(published=True)" in text, "what it shows may be shown"
        assert jupytext.reads(text, fmt="py:percent").metadata["kernelspec"]["language"] == "python"


def test_no_notebook_is_stored_with_its_output() -> None:
    assert not list(FOLDER.rglob("*.ipynb"))
    assert all(not cell.get("outputs") for path in NOTEBOOKS for cell in jupytext.read(path).cells)


def test_the_sql_behind_a_figure_of_the_demo_gives_the_figure(demo: Maillage) -> None:
    net = open_network(demo.home)
    content = net.week("2026-W46").report()
    asked = [each for each in figures(content) if each.pattern in PATTERNS and not repeated(each)][::SAMPLED]
    told = 0
    with read(net.path) as connection:
        for figure in asked:
            question = ask_for(figure, content, net.settings)
            answer = frame(connection, question.sql)
            if question.exact and figure.cell.value is not None:
                assert [float(each) for each in answer["value"]] == [figure.cell.value], figure.place
                told += 1
    assert told > 100


def test_the_interface_tells_of_the_demo_what_the_report_tells(demo: Maillage) -> None:
    report, net = demo.report(2026, 46), open_network(demo.home)
    week, places = net.week("2026-W46"), net.places().set_index("name")["place"]
    shown = open_network(demo.home, published=True).week("2026-W46")
    told = {row["name"]: shown.metric(row["name"]).iloc[0] for row in report["indicators"]}
    assert {name: (row["value"], row["mark"]) for name, row in told.items()} == {
        row["name"]: (row["value"]["value"], row["value"]["mark"]) for row in report["indicators"]
    }
    measures = [each for finding in report["findings"] for each in finding["measures"] if each["value"]["value"]]
    assert len(measures) > 100
    metrics = {name: week.metric(name).set_index("subject") for name in {each["metric"] for each in measures}}
    for each in measures:
        only = metrics[each["metric"]].loc[places.get(each["subject"], each["subject"] or "network")]
        assert only["value"] == each["value"]["value"], each
        assert each["interval"] is None or [only["low"], only["high"]] == [*each["interval"].values()], each
