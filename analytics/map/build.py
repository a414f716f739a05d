"""A week's map from the warehouse, and what it remembers of an earlier one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import msgspec
from msgspec.structs import replace

from analytics.disclosure import Thresholds
from analytics.map.community import communities, smoothed, weights
from analytics.map.content import MapContent, Node, shown_map
from analytics.map.layout import layout
from analytics.map.reading import Facts, read_facts
from producers.settings import Settings
from warehouse.connection import Connection

WEEKS = 52
"""Weeks that the map can go back."""
ALL = 5_200
"""More weeks than any record has."""


@dataclass(frozen=True)
class Memory:
    """Where nodes stood and to which community they belonged, by week and name."""

    positions: Mapping[date, Mapping[str, tuple[float, float]]] = field(default_factory=dict)
    communities: Mapping[date, Mapping[str, int]] = field(default_factory=dict)

    def until(self, week: date) -> Memory:
        """Return what the map of a week takes of it."""
        since = week - timedelta(weeks=WEEKS - 1)
        spots = {each: found for each, found in self.positions.items() if since <= each <= week}
        return Memory(spots, {each: found for each, found in self.communities.items() if since <= each <= week})


NOTHING = Memory()


def build_map(connection: Connection, *, week: date, settings: Settings, memory: Memory = NOTHING) -> MapContent:
    """Return the map of the week that starts on the Monday ``week``; the same snapshot and memory give the same map."""
    thresholds = Thresholds(people=settings.threshold_persons, organisations=settings.threshold_organisations)
    return arranged(read_facts(connection, week, most=WEEKS, least=thresholds.people), thresholds, memory)


def chart(connection: Connection, *, week: date, settings: Settings, memory: Memory = NOTHING) -> Memory:
    """Return what the maps of all weeks up to ``week`` remember, drawn as one from the first week that is computed."""
    thresholds = Thresholds(people=settings.threshold_persons, organisations=settings.threshold_organisations)
    facts = read_facts(connection, week, most=ALL, least=thresholds.people)
    return _memory([arranged(facts, thresholds, memory)])


def remembered(texts: Sequence[str], *, least: int = 0) -> Memory:
    """Return what maps (the texts of their ``map.json``) remember; where two tell of one week, the first one holds.

    A map that showed fewer people than ``least`` is forgotten: its distances would still tell of them.
    """
    told = [msgspec.json.decode(text, type=MapContent) for text in texts]
    return _memory([each for each in told if each.threshold_people >= least])


def _memory(maps: Sequence[MapContent]) -> Memory:
    positions: dict[date, Mapping[str, tuple[float, float]]] = {}
    groups: dict[date, Mapping[str, int]] = {}
    for told in maps:
        for rank, week in enumerate(told.weeks):
            positions.setdefault(week, {name_of(each): (each.x[rank], each.y[rank]) for each in told.nodes})
            groups.setdefault(week, {name_of(each): each.community[rank] for each in told.nodes})
    return Memory(positions, groups)


def arranged(facts: Facts, thresholds: Thresholds, memory: Memory = NOTHING) -> MapContent:
    """Return what may be shown, with its communities and positions."""
    bare = shown_map(facts, thresholds)
    names = [name_of(node) for node in bare.nodes]
    ties = smoothed([weights(bare.links, len(names), week) for week in range(len(bare.weeks))])
    groups = communities(ties, names, [memory.communities.get(week, {}) for week in bare.weeks])
    stored = [memory.positions.get(week, {}) for week in bare.weeks]
    spots = layout(names, [node.kind for node in bare.nodes], ties, stored)
    nodes = [
        replace(
            node,
            community=[week[rank] for week in groups],
            x=[float(each) for each in spots[:, rank, 0]],
            y=[float(each) for each in spots[:, rank, 1]],
        )
        for rank, node in enumerate(bare.nodes)
    ]
    return replace(bare, nodes=nodes)


def name_of(node: Node) -> str:
    """Return the name of a node that it bears in all maps."""
    return f"{node.kind}:{node.id}"
