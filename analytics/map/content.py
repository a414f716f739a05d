"""What the map shows of each week, free of language and of drawing; nothing in it is below the thresholds.

Every figure passes the gate (``disclosure``), and every number of people is a multiple of the threshold: a map has a
year in it, and no difference of two of its weeks may tell of one person who came or went. Links, positions and
communities are made from what has passed, so that neither a line nor a distance tells of anything hidden.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Annotated, Literal, TypeVar

from msgspec import Meta, Struct

from analytics.disclosure import Cell, Thresholds, publishable, publishable_parts, publishable_stock
from analytics.map.reading import Facts, LinkKind, Measure, NodeKind, Pair, People, Place

VERSION = 1
MOST: Mapping[NodeKind, int] = {"place": 300, "skill": 200}
"""Nodes of a kind at most, those with most people in the last week."""
STRONGEST = 5
"""Links that a skill keeps with other skills: the closest."""
COUNTS = ("place_holders", "active_holders")
"""Figures that are themselves a number of people."""
MEASURES = {"betweenness": "between", "place_holders": "holders", "active_holders": "holders"}
"""What the map calls a metric: places and skills are sized by the same words."""
PUBLICS = ("university", "company", "general")

Hidden = Literal["few", "withheld"]
Shown = float | Hidden | None
Row = TypeVar("Row", People, Measure)


class Node(Struct, frozen=True, kw_only=True):
    """A place or a skill; every list has one entry a week."""

    kind: NodeKind
    id: Annotated[str, Meta(description="Id of the place or code of the skill.")]
    name: Annotated[str, Meta(description="Name of the place; a skill is called by its code here.")]
    place_kind: str | None = None
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    people: Annotated[list[Shown], Meta(description="At least so many people in 13 weeks; few: hidden; null: unknown.")]
    publics: Annotated[dict[str, list[Shown]], Meta(description="Those of them of each public.")]
    measures: Annotated[dict[str, list[Shown]], Meta(description="holders: people who showed it; between: bridge.")]
    community: Annotated[list[int], Meta(description="Lasting number of its community; -1 for none.")] = []
    x: Annotated[list[float], Meta(description="Position in the network view, within a circle of radius 1.")] = []
    y: list[float] = []


class Link(Struct, frozen=True, kw_only=True):
    """Two nodes, by their rank in the list of nodes; every list has one entry a week, 0 where it is not shown.

    Numbers of people are multiples of the threshold: so many at least.
    """

    kind: LinkKind
    a: int
    b: int
    people: list[int]
    reachable: Annotated[list[int], Meta(description="Holders who agreed to be put in touch.")] = []


class MapContent(Struct, frozen=True, kw_only=True):
    """The map of a week and of the weeks before it."""

    version: int = VERSION
    threshold_people: Annotated[int, Meta(description="Fewer people than this behind a figure, and it is hidden.")]
    weeks: Annotated[list[date], Meta(description="The Mondays, oldest first.")]
    nodes: list[Node]
    links: list[Link]


def shown_map(facts: Facts, thresholds: Thresholds) -> MapContent:
    """Return the map without communities and positions: nodes that may be shown, and links of enough people."""
    rank_of_week = {week: rank for rank, week in enumerate(facts.weeks)}
    nodes = _chosen(_nodes(facts, rank_of_week, thresholds))
    return MapContent(
        threshold_people=thresholds.people,
        weeks=list(facts.weeks),
        nodes=nodes,
        links=_links(facts.pairs, nodes, rank_of_week, thresholds),
    )


def _nodes(facts: Facts, weeks: Mapping[date, int], thresholds: Thresholds) -> list[Node]:
    """Return the known places, and the skills that enough people take part in in some week."""
    described = {place.place: place for place in facts.places}
    people = _grouped(facts.people)
    measures = _grouped(facts.measures)
    keys: set[tuple[NodeKind, str]] = {("place", name) for name in described}
    keys |= set(people)
    made = [
        _node(kind, name, described.get(name), people[kind, name], measures[kind, name], weeks, thresholds)
        for kind, name in sorted(keys)
    ]
    return [node for node in made if node.kind == "place" or any(_number(value) for value in node.people)]


def _grouped(rows: Iterable[Row]) -> dict[tuple[NodeKind, str], list[Row]]:
    found: dict[tuple[NodeKind, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[row.kind, row.node].append(row)
    return found


def _node(
    kind: NodeKind,
    name: str,
    place: Place | None,
    people: Sequence[People],
    measures: Sequence[Measure],
    weeks: Mapping[date, int],
    thresholds: Thresholds,
) -> Node:
    told = place if kind == "place" else None
    whole, publics = _people(people, weeks, thresholds)
    return Node(
        kind=kind,
        id=name,
        name=told.name if told else name,
        place_kind=told.kind if told else None,
        country=told.country if told else None,
        latitude=told.latitude if told else None,
        longitude=told.longitude if told else None,
        people=whole,
        publics=publics,
        measures=_measures(measures, weeks, thresholds),
    )


def _people(
    rows: Sequence[People], weeks: Mapping[date, int], thresholds: Thresholds
) -> tuple[list[Shown], dict[str, list[Shown]]]:
    """Return the people of a node by week, and those of each public, none of which can be found by subtraction."""
    counts: dict[date, dict[str | None, int]] = defaultdict(dict)
    for row in rows:
        counts[row.week][row.public] = row.people
    whole: list[Shown] = [0.0] * len(weeks)
    publics: dict[str, list[Shown]] = {public: [0.0] * len(weeks) for public in PUBLICS}
    for week, found in counts.items():
        total = found.get(None, 0)
        parts = [found.get(public, 0) for public in PUBLICS]
        parts.append(total - sum(parts))
        cells = publishable_parts(parts, people=parts, total=total, total_people=total, thresholds=thresholds)
        whole[weeks[week]] = _stock(cells.total, thresholds)
        for public, cell in zip(PUBLICS, cells.parts, strict=False):
            publics[public][weeks[week]] = _stock(cell, thresholds)
    return whole, {public: values for public, values in publics.items() if any(values)}


def _measures(rows: Sequence[Measure], weeks: Mapping[date, int], thresholds: Thresholds) -> dict[str, list[Shown]]:
    found: dict[str, list[Shown]] = {}
    for row in rows:
        if row.metric in COUNTS:
            cell = publishable_stock(None if row.value is None else int(row.value), thresholds=thresholds)
        else:
            cell = publishable(row.value, people=row.n or 0, thresholds=thresholds)
        values = found.setdefault(MEASURES[row.metric], [None] * len(weeks))
        values[weeks[row.week]] = _shown(cell)
    return found


def _stock(cell: Cell, thresholds: Thresholds) -> Shown:
    """Return a number of people as a multiple of the threshold, or as what hides it."""
    return _shown(cell if cell.value is None else publishable_stock(int(cell.value), thresholds=thresholds))


def _shown(cell: Cell) -> Shown:
    """Return a cell as a number of four decimals at most, as what hides it, or as nothing."""
    if cell.value is not None:
        return round(cell.value, 4)
    if cell.mark == "missing":
        return None
    return "withheld" if cell.reason == "withheld" else "few"


def _number(value: Shown) -> float:
    return value if isinstance(value, float) else 0.0


def _chosen(nodes: Sequence[Node]) -> list[Node]:
    """Return the nodes with most people in the last week, by kind and id."""
    kept: list[Node] = []
    for kind, most in MOST.items():
        alike = [node for node in nodes if node.kind == kind]
        largest = sorted(alike, key=lambda each: (-_number(each.people[-1]), each.id))
        kept += sorted(largest[:most], key=lambda each: each.id)
    return kept


def _links(
    pairs: Sequence[Pair], nodes: Sequence[Node], weeks: Mapping[date, int], thresholds: Thresholds
) -> list[Link]:
    """Return the pairs that enough people link in some week."""
    rank: dict[tuple[str, str], int] = {(node.kind, node.id): number for number, node in enumerate(nodes)}
    found: dict[tuple[LinkKind, int, int], Link] = {}
    for pair in _backbone([each for each in pairs if each.people >= thresholds.people]):
        one, other = pair.kind.split("_")
        ends = rank.get((one, pair.a)), rank.get((other, pair.b))
        cell = publishable_stock(pair.people, thresholds=thresholds)
        if ends[0] is None or ends[1] is None or cell.value is None:
            continue
        key = (pair.kind, ends[0], ends[1])
        if key not in found:
            none = [0] * len(weeks)
            found[key] = Link(kind=pair.kind, a=ends[0], b=ends[1], people=none, reachable=none[:])
        found[key].people[weeks[pair.week]] = int(cell.value)
        found[key].reachable[weeks[pair.week]] = _reachable(pair.reachable, pair.people, thresholds)
    return [found[key] for key in sorted(found)]


@cache  # the same few pairs of numbers come by for every link and week
def _reachable(agreed: int, people: int, thresholds: Thresholds) -> int:
    """Return how many agreed to be put in touch; 0 where they, or those who did not, are too few to be told."""
    parts = [agreed, people - agreed]
    cells = publishable_parts(parts, people=parts, total=people, total_people=people, thresholds=thresholds)
    reachable = _stock(cells.parts[0], thresholds) if cells.total.value is not None else 0.0
    return int(_number(reachable))


def _backbone(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the pairs, of those between two skills the closest of each skill and week only.

    Closest: of most people, given how many links both skills have with all others.
    """
    whole: dict[tuple[date, str], int] = defaultdict(int)
    for pair in pairs:
        if pair.kind == "skill_skill":
            whole[pair.week, pair.a] += pair.people
            whole[pair.week, pair.b] += pair.people
    often: dict[tuple[date, str], int] = defaultdict(int)
    kept = []
    for pair in sorted(pairs, key=lambda each: (-_closeness(each, whole), each.week, each.a, each.b)):
        ends = (pair.week, pair.a), (pair.week, pair.b)
        if pair.kind == "skill_skill":
            if min(often[end] for end in ends) >= STRONGEST:
                continue
            for end in ends:
                often[end] += 1
        kept.append(pair)
    return kept


def _closeness(pair: Pair, whole: Mapping[tuple[date, str], int]) -> float:
    behind = whole.get((pair.week, pair.a), 0) * whole.get((pair.week, pair.b), 0)
    return pair.people / math.sqrt(behind) if behind else float(pair.people)
