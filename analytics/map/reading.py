"""What the map reads from the warehouse: one struct a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from analytics.report.reading import row, rows
from warehouse.connection import Connection

NodeKind = Literal["place", "skill"]
LinkKind = Literal["place_place", "place_skill", "skill_skill"]


class Place(Struct, frozen=True):
    """A place as last described."""

    place: str
    name: str
    kind: str | None
    country: str | None
    latitude: float | None
    longitude: float | None


class People(Struct, frozen=True):
    """How many people of one public (none: of all) were at a place or took part in a skill."""

    week: date
    kind: NodeKind
    node: str
    public: str | None
    people: int


class Pair(Struct, frozen=True):
    """How many people link two nodes, and how many of them agreed to be put in touch."""

    week: date
    kind: LinkKind
    a: str
    b: str
    people: int
    reachable: int


class Measure(Struct, frozen=True):
    """One figure about a node."""

    week: date
    kind: NodeKind
    node: str
    metric: str
    value: float | None
    n: int | None


class _Span(Struct, frozen=True):
    first: date | None


@dataclass(frozen=True)
class Facts:
    """All that a map is made from, before anything of it may be shown."""

    weeks: tuple[date, ...]
    """The Mondays, oldest first."""
    places: tuple[Place, ...]
    people: tuple[People, ...]
    pairs: tuple[Pair, ...]
    measures: tuple[Measure, ...] = ()


def read_facts(connection: Connection, week: date, *, most: int, least: int) -> Facts:
    """Return the facts of ``week`` and of the weeks before it that are computed, ``most`` weeks at most.

    Pairs of fewer than ``least`` people are left out.
    """
    first = row(connection, "map_span", _Span, week=week).first or week
    first = max(first, week - timedelta(weeks=most - 1))
    many = (week - first).days // 7 + 1
    return Facts(
        weeks=tuple(first + timedelta(weeks=number) for number in range(many)),
        places=tuple(rows(connection, "map_place", Place)),
        people=tuple(rows(connection, "map_node", People, first=first, week=week)),
        pairs=tuple(rows(connection, "map_link", Pair, first=first, week=week, least=least)),
        measures=tuple(rows(connection, "map_measure", Measure, first=first, week=week)),
    )
