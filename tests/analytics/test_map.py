"""The map: what it shows, that nothing of it is below the thresholds, and that it stays where it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from html.parser import HTMLParser
from random import Random
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.disclosure import Thresholds
from analytics.map import Memory, as_json, build_map, chart, map_files, map_page, remembered
from analytics.map.build import arranged, name_of
from analytics.map.community import NONE, communities
from analytics.map.content import MapContent, shown_map
from analytics.map.outlines import outlines
from analytics.map.page import HEAVIEST, in_page
from analytics.map.reading import Facts, Pair, People, Place
from analytics.map.words import FOLDER
from analytics.report.check_map import crowded
from producers.settings import Settings
from tests.analytics.report_region import WEEK, region

pytestmark = pytest.mark.integration
MONDAY = date(2026, 1, 5)
THRESHOLDS = Thresholds(people=5)


def _weeks(many: int) -> tuple[date, ...]:
    return tuple(MONDAY + timedelta(weeks=number) for number in range(many))


def _facts(counts: list[list[int]], pairs: list[list[int]], name: str = "Here") -> Facts:
    """Return three places and three skills: people by week and node, and people of each pair by week."""
    weeks = _weeks(len(counts))
    nodes = [("place", f"p{number}") for number in range(3)] + [("skill", f"s{number}") for number in range(3)]
    ends = [(one, other) for rank, one in enumerate(nodes) for other in nodes[rank + 1 :]]
    return Facts(
        weeks=weeks,
        places=tuple(Place(f"p{number}", name, "fablab", "FR", 47.0 + number / 3, 6.0) for number in range(3)),
        people=tuple(
            People(week, kind, node, public, people)  # type: ignore[arg-type]
            for week, found in zip(weeks, counts, strict=True)
            for (kind, node), whole in zip(nodes, found, strict=True)
            for public, people in ((None, whole), ("company", whole // 3), ("general", whole - whole // 3))
            if people
        ),
        pairs=tuple(
            Pair(week, f"{one[0]}_{other[0]}", one[1], other[1], people, people // 2)  # type: ignore[arg-type]
            for week, found in zip(weeks, pairs, strict=True)
            for (one, other), people in zip(ends, found, strict=True)
            if people
        ),
    )


@st.composite
def _worlds(draw: st.DrawFn) -> Facts:
    many = draw(st.integers(1, 5))
    counts = st.lists(st.integers(0, 30), min_size=6, max_size=6)
    pairs = st.lists(st.integers(0, 15), min_size=15, max_size=15)
    found = [draw(st.lists(each, min_size=many, max_size=many)) for each in (counts, pairs)]
    return _facts(found[0], found[1])


def test_a_place_shows_its_people_and_a_small_one_says_that_it_is_small() -> None:
    told = shown_map(_facts([[12, 4, 0, 9, 0, 0]], [[0] * 15]), THRESHOLDS)
    assert [(node.id, node.people) for node in told.nodes] == [
        ("p0", [10.0]),
        ("p1", ["few"]),
        ("p2", [0.0]),
        ("s0", [5.0]),
    ]


def test_a_skill_that_never_has_enough_people_is_not_on_the_map() -> None:
    told = shown_map(_facts([[9, 9, 9, 4, 4, 5]], [[0] * 15]), THRESHOLDS)
    assert [node.id for node in told.nodes if node.kind == "skill"] == ["s2"]


def test_a_public_that_the_others_would_give_away_is_withheld() -> None:
    told = shown_map(_facts([[12, 0, 0, 0, 0, 0]], [[0] * 15]), THRESHOLDS)  # 4 of companies, 8 of the general public
    assert not any(isinstance(each, float) for values in told.nodes[0].publics.values() for each in values)


@given(_worlds())
@settings(max_examples=60)
def test_nothing_on_the_map_is_below_the_threshold(facts: Facts) -> None:
    told = json.loads(as_json(arranged(facts, THRESHOLDS)))
    counts = [people for link in told["links"] for people in link["people"] + link["reachable"]]
    counts += [value for node in told["nodes"] for value in node["people"]]
    counts += [value for node in told["nodes"] for values in node["publics"].values() for value in values]
    assert all(value in ("few", "withheld", 0) or value >= 5 for value in counts)
    assert all(value in ("few", "withheld") or value % 5 == 0 for value in counts), "no difference tells of one person"


@given(_worlds())
@settings(max_examples=30)
def test_what_is_hidden_moves_nothing(facts: Facts) -> None:
    hidden = Facts(facts.weeks, facts.places, facts.people, tuple(pair for pair in facts.pairs if pair.people >= 5))
    assert as_json(arranged(facts, THRESHOLDS)) == as_json(arranged(hidden, THRESHOLDS))


def _moves(content: MapContent) -> float:
    x, y = (np.array([getattr(node, axis) for node in content.nodes]) for axis in ("x", "y"))
    return float(np.hypot(np.diff(x, axis=1), np.diff(y, axis=1)).max(initial=0.0))


@given(_worlds())
@settings(max_examples=40)
def test_no_node_moves_more_than_three_percent_of_the_radius_in_a_week(facts: Facts) -> None:
    content = arranged(facts, THRESHOLDS)
    assert _moves(content) <= 0.03
    assert all(np.hypot(x, y) <= 1.001 for node in content.nodes for x, y in zip(node.x, node.y, strict=True))


@given(_worlds(), _worlds())
@settings(max_examples=40)
def test_the_next_map_goes_on_where_the_last_one_stood(facts: Facts, revised: Facts) -> None:
    before = arranged(facts, THRESHOLDS)
    after = arranged(revised, THRESHOLDS, remembered([as_json(before)]))
    assert _moves(after) <= 0.03
    stood = {(node.kind, node.id): (node.x, node.y) for node in before.nodes}
    shared = min(len(before.weeks), len(after.weeks))
    for node in after.nodes:
        x, y = stood.get((node.kind, node.id), (node.x, node.y))
        assert (node.x[:shared], node.y[:shared]) == (x[:shared], y[:shared])


@given(_worlds())
@settings(max_examples=30)
def test_a_map_that_remembers_itself_stays_as_it_is(facts: Facts) -> None:
    drawn = as_json(arranged(facts, THRESHOLDS))
    assert as_json(arranged(facts, THRESHOLDS, remembered([drawn]))) == drawn


def test_a_map_of_smaller_counts_than_may_be_shown_now_is_forgotten() -> None:
    drawn = as_json(arranged(_facts([[9] * 6], [[9] * 15]), THRESHOLDS))
    assert remembered([drawn], least=5).positions.keys() == {MONDAY}
    assert remembered([drawn], least=6) == Memory()


def _two_halves(weeks: int) -> Facts:
    """Return two places with three skills of their own, linked by numbers that vary by chance from week to week."""
    chance = Random(1)  # noqa: S311 - a story
    near = {frozenset(pair) for pair in (("p0", "s0"), ("p0", "s1"), ("p1", "s2"), ("p1", "p2"), ("s0", "s1"))}
    names = ["p0", "p1", "p2", "s0", "s1", "s2"]
    ends = [frozenset((one, other)) for rank, one in enumerate(names) for other in names[rank + 1 :]]
    pairs = [[(60 if pair in near else 12) + chance.randrange(20) for pair in ends] for _ in range(weeks)]
    return _facts([[90] * 6] * weeks, pairs)


def test_a_colour_does_not_change_by_chance() -> None:
    told = arranged(_two_halves(40), THRESHOLDS)
    groups = np.array([node.community for node in told.nodes])
    assert len(set(groups[:, -1])) == 2
    assert (groups[:, 0] == groups[:, -1]).all()
    assert (np.diff(groups) != 0).mean() < 0.01


def test_a_community_that_is_new_gets_a_number_that_nobody_has_borne() -> None:
    one, other = np.zeros((6, 6)), np.zeros((6, 6))
    one[:3, :3] = other[3:, 3:] = 1.0 - np.eye(3)
    names = list("abcdef")
    assert communities([one, other, one], names, [{}] * 3) == [
        [1, 1, 1, NONE, NONE, NONE],
        [NONE, NONE, NONE, 2, 2, 2],
        [3, 3, 3, NONE, NONE, NONE],
    ]
    assert communities([one], names, [{}])[0][0] == 1
    stored = [dict(zip(names, [7, 7, 7, NONE, NONE, NONE], strict=True)), {}]
    assert communities([one, other], names, stored)[1] == [NONE, NONE, NONE, 8, 8, 8]


def test_a_chart_of_all_weeks_gives_each_map_what_it_needs() -> None:
    known = chart(region(), week=WEEK, settings=Settings())
    told = build_map(region(), week=WEEK, settings=Settings(), memory=known.until(WEEK))
    assert set(told.weeks) <= known.positions.keys()
    for node in told.nodes:
        spots = [known.positions[week][name_of(node)] for week in told.weeks]
        assert list(zip(node.x, node.y, strict=True)) == spots
    assert not known.until(told.weeks[0] - timedelta(weeks=1)).positions


@given(_worlds())
@settings(max_examples=40)
def test_whoever_checks_a_map_finds_nothing_to_complain_about(facts: Facts) -> None:
    assert list(crowded(as_json(arranged(facts, THRESHOLDS)))) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda told: told["nodes"][0].update(people=[4.0]), "node 0: has a number of people that is no multiple of 5"),
        (lambda told: told["nodes"][1].update(people=[31.0]), "node 1: has"),
        (lambda told: told["nodes"][0]["publics"].update(company=[1.0]), "node 0: has"),
        (lambda told: told["nodes"][5].update(measures={"holders": [2]}), "node 5: has"),
        (lambda told: told["links"][1].update(people=[3]), "link 1: has"),
        (lambda told: told["links"][1].update(reachable=[8]), "link 1: has"),
        (lambda told: told.update(threshold_people=2), "the file: has a threshold below 3"),
        (lambda told: told.update(threshold_people="?"), "the file: cannot be read"),
        (lambda told: told.pop("nodes"), "the file: cannot be read"),
    ],
)
def test_a_map_that_tells_of_few_is_complained_about(change: Callable[[Any], object], says: str) -> None:
    told = json.loads(as_json(arranged(_facts([[30] * 6], [[11] * 15]), THRESHOLDS)))
    change(told)
    assert says in " ".join(map(str, crowded(json.dumps(told))))


def test_the_same_warehouse_gives_the_same_bytes() -> None:
    one, other = (map_files(build_map(region(), week=WEEK, settings=Settings()), ["fr", "en"]) for _ in range(2))
    assert one == other
    assert sorted(one) == ["en/map.html", "fr/map.html", "map.json"]


def test_places_have_the_people_that_the_report_counts() -> None:
    told = build_map(region(), week=WEEK, settings=Settings())
    assert any(isinstance(node.people[-1], float) and node.people[-1] >= 5 for node in told.nodes)
    assert told.weeks[-1] == WEEK


class _Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.asked: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.asked += [value or "" for name, value in attrs if name in ("src", "srcset", "action", "data")]


NASTY = '</script><img src=x onerror="alert(1)"><!--'


def test_a_name_is_never_mark_up() -> None:
    page = map_page(arranged(_facts([[9] * 6], [[9] * 15], NASTY), THRESHOLDS), "fr", ["fr", "en"])
    tags = _Tags(page)
    assert "img" not in tags.tags
    assert not tags.asked
    assert tags.tags.count("script") == 2


@given(st.text(alphabet=st.sampled_from("<>&\"'/!-script\u2028 ")))
def test_data_in_a_page_come_back_as_they_were(text: str) -> None:
    inside = in_page({"name": text})
    assert not set("<>&") & set(inside)
    assert json.loads(inside) == {"name": text}


def test_the_page_may_load_nothing_and_says_so() -> None:
    page = map_page(arranged(_facts([[9] * 6], [[9] * 15]), THRESHOLDS), "en", ["en"])
    assert "default-src &#39;none&#39;" in page
    assert "unsafe" not in page.split("</head>", maxsplit=1)[0]


def test_a_map_that_is_too_heavy_goes_back_less_far(monkeypatch: pytest.MonkeyPatch) -> None:
    content = arranged(_facts([[9] * 6] * 40, [[9] * 15] * 40), THRESHOLDS)
    whole = map_page(content, "en", ["en"])
    monkeypatch.setattr("analytics.map.page.HEAVIEST", len(whole.encode()) - 1)
    lighter = map_page(content, "en", ["en"])
    assert 'max="39"' in whole
    assert 'max="19"' in lighter
    assert len(lighter) < len(whole) < HEAVIEST


def test_every_language_says_the_same_things() -> None:
    said = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))]
    keys = [{(section, name) for section, branch in each.items() for name in branch} for each in said]
    assert len(keys) == 3
    assert keys[0] == keys[1] == keys[2]


@pytest.mark.parametrize("places", [[], [(6.8, 47.6)], [(6.8, 47.6), (-70.0, -33.0)]])
def test_outlines_surround_the_places(places: list[tuple[float, float]]) -> None:
    found = outlines(places)
    assert bool(found.border) == bool(places)
    assert found.unit == {0: 1.0, 1: 0.001, 2: 0.01}[len(places)]


def test_a_network_without_anything_has_a_map() -> None:
    content = arranged(Facts(_weeks(1), (), (), ()), THRESHOLDS)
    assert "<canvas" in map_page(content, "fr", ["fr"])
