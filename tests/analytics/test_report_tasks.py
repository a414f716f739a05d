"""What each place is told to do: requests, bridges and rare skills, and nothing that tells of few people."""

from __future__ import annotations

import pytest

from analytics.disclosure import Cell, Thresholds
from analytics.report import around, reading
from analytics.report.tasks import Desk, build_tasks
from analytics.report.words import Words
from analytics.week import Week
from tests.analytics.report_region import WEEK, region, report, request, source, told, workshop

pytestmark = pytest.mark.integration
SIX = ["ann", "bob", "cy", "dee", "eve", "flo"]
SEVEN = [f"m{number}" for number in range(7)]


def place(name: str) -> str:
    return f"INSERT INTO place VALUES ('{name}', 'Lab {name}', NULL, 'FR', NULL, NULL, NULL, NULL, NULL, NULL)"


def test_a_place_is_told_what_waits_there_and_the_query_gives_it() -> None:
    asked = [request(number, "2026-10-20", member) for number, member in enumerate(SEVEN)]
    there = "UPDATE help_request SET place = 'here'"
    network = told(
        source(), place("here"), place("there"), workshop(1, "2026-11-10", SIX, place="there"), *asked, there
    )
    content = report(network)
    assert content.tasks is not None
    (here,) = content.tasks.places
    assert here.place == "Lab here"
    assert [(task.kind, task.requests.value) for task in here.tasks] == [("answer", 7.0), ("scarce", 7.0)]
    assert here.tasks[1].holders == Cell(0, "zero")
    rows = network.execute(content.tasks.waiting_sql).fetchall()
    assert ("here", "laser", 7, 7) in [row[:4] for row in rows]
    assert network.execute(content.tasks.asked_sql).fetchall()[0][:3] == ("here", "laser", 7)


def test_a_hidden_place_cannot_be_worked_out_from_the_others() -> None:
    asked = [request(number, "2026-10-20", f"m{number}") for number in range(10)]
    split = "UPDATE help_request SET place = CASE WHEN requester IN ('m7', 'm8', 'm9') THEN 'there' ELSE 'here' END"
    network = told(source(), place("here"), place("there"), *asked, split)
    content = report(network)
    assert content.waiting.total == Cell(10, "shown")
    assert content.tasks is not None
    assert content.tasks.places == []  # 7 of 10 at one place would tell 3 at the other


def test_one_organisation_alone_gives_a_place_nothing_to_do() -> None:
    asked = [request(number, "2026-10-20", member) for number, member in enumerate(SEVEN)]
    firm = "UPDATE help_request SET place = 'here', organisation = 'o1'"
    content = report(told(source(), place("here"), *asked, firm))
    assert content.tasks is not None
    assert content.tasks.places == []


def test_a_bridge_leads_to_the_place_that_has_most_people_and_none_in_common() -> None:
    def desk(near: list[frozenset[str]]) -> Desk:
        return Desk(
            waiting={},
            asked={("a", "laser"): Cell(9, "shown")},
            holders={("b", "laser"): Cell(30, "shown"), ("c", "laser"): Cell(12, "shown")},
            scarce={("a", "laser")},
            near=near,
            names={"a": "A", "b": "B", "c": "C"},
        )

    (bridge,) = desk([]).tasks("a")
    assert (bridge.kind, bridge.towards, bridge.holders) == ("bridge", "B", Cell(30, "shown"))
    (other,) = desk([frozenset(("A", "B"))]).tasks("a")
    assert other.towards == "C"
    (rare,) = desk([frozenset(("A", "B")), frozenset(("A", "C"))]).tasks("a")
    assert (rare.kind, rare.holders) == ("scarce", Cell(0, "zero"))
    assert desk([]).tasks("b") == []
    assert around.task(bridge, Words("en")).startswith("Build a bridge to B, where 30 people practise laser cutting")


def test_places_that_share_people_need_no_bridge() -> None:
    connection = region()
    content = report(connection)
    found = reading.rows(connection, "report_place", reading.Place, week=WEEK)
    names = {row.place: row.name for row in found}
    tasks = build_tasks(connection, Week(WEEK), content.places, names, Thresholds())
    linked = {frozenset((link.a, link.b)) for link in content.places.links}
    assert tasks is not None
    for each in tasks.places:
        assert 1 <= len(each.tasks) <= 3
        for task in each.tasks:
            assert task.kind != "bridge" or frozenset((each.place, task.towards)) not in linked
