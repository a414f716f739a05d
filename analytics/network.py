"""The network in Python: weeks, graphs, metrics and frames, from the published snapshot.

Example:
    >>> net = open_network()                                   # doctest: +SKIP
    >>> net.week("2026-W46").graph(layer="help")               # doctest: +SKIP
    >>> net.metric("betweenness", layer="copresence").head()   # doctest: +SKIP
"""

from __future__ import annotations

import atexit
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import networkx as nx
import pandas as pd

from analytics.compute import compute, to_compute
from analytics.metrics import LAYERS, METRICS, ties
from analytics.week import Week, parse_week
from analytics.week import weeks as between
from producers import identity
from producers.errors import UsageError, unknown
from producers.settings import Settings, read_settings
from warehouse.connection import read
from warehouse.knowledge import make_known, parse_instant
from warehouse.query import ask, frame
from warehouse.reading import answers, participation, prepare

BEGINNING, END = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


def open_network(home: str | Path | None = None, *, published: bool = False) -> Network:
    """Return the network under ``home`` (default: the settings), as its last published snapshot shows it.

    With ``published=True`` only what may be published is given: nothing about single members.

    Raises:
        WarehouseError: when nothing has been ingested there.
    """
    settings = read_settings() if home is None else read_settings({**os.environ, "MAILLAGE_HOME": str(home)})
    path = settings.snapshot if settings.snapshot.exists() else settings.warehouse
    with read(path):
        return Network(settings, path, published)


def pseudonym(identity_of: str, *, kind: str = "member", home: str | Path | None = None) -> str:
    """Return the pseudonym under which this installation knows a person or an organisation.

    Args:
        identity_of: The source and its own id, ``urn:maillage:stackexchange:quantum#7``.
        kind: ``member`` or ``organisation``.
        home: Where the key is; default: the settings.

    Raises:
        InputError: when there is no key yet, or others can read it.
    """
    settings = read_settings() if home is None else read_settings({**os.environ, "MAILLAGE_HOME": str(home)})
    if kind not in ("member", "organisation"):
        raise UsageError(unknown("kind", kind, ("member", "organisation")))
    return identity.pseudonym(identity.read_key(settings.home), identity_of, kind=kind)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Network:
    """A network as of its snapshot; every call opens the file for a moment only."""

    settings: Settings
    path: Path
    published: bool

    def as_of(self, instant: datetime | str) -> Network:
        """Return the network as it was known at an instant: the events on record by then, and what follows from them.

        It lies under the home's folder ``tmp`` and goes when this process ends. Weeks are computed when it is made,
        so it takes as long as ``maillage compute`` does.

        Raises:
            UsageError: when the instant tells no zone.
        """
        known = parse_instant(instant if isinstance(instant, str) else instant.isoformat())
        home = make_known(self.path, known, folder=self.settings.home / "tmp")
        atexit.register(shutil.rmtree, home, ignore_errors=True)
        past = msgspec.structs.replace(self.settings, home=home)
        compute(past, to_compute(past, known), present=known)
        return Network(past, past.warehouse, self.published)

    def sql(self, query: str, **parameters: object) -> pd.DataFrame:
        """Return the answer to a question in SQL; ``$name`` in it takes the keyword ``name``."""
        self._refuse_persons("sql")
        return self._frame(query, parameters)

    def weeks(self) -> list[Week]:
        """Return the weeks from the first to the last activity; empty before any."""
        first, last = ask(self.path, "SELECT first_week, last_week FROM span").rows[0]
        return between(Week(first), Week(last)) if first else []

    def week(self, name: str | date | None = None) -> NetworkWeek:
        """Return one week, ``2026-W46`` or a day in it; default: the last one that was computed."""
        if name is None:
            ((newest,),) = ask(self.path, "SELECT max(week) FROM computed").rows
            if newest is None:
                raise UsageError("nothing is computed yet", remedy="run: maillage compute")
            return NetworkWeek(self, Week(newest))
        return NetworkWeek(self, parse_week(str(name)))

    def graph(
        self,
        layer: str,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        half_life: timedelta | None = None,
    ) -> nx.Graph[str]:
        """Return the ties of a layer over ``[since, until)`` as a networkx graph.

        A DiGraph for help (requester to helper) and teaching (learner to instructor), a Graph for copresence.
        Edges carry ``count`` (shared events), ``strength`` (size-corrected; halved every ``half_life`` before
        ``until`` where one is given) and ``accepted`` (accepted answers). Answers to oneself are self-loops.
        Members are counted as their consent stands at ``until``. No event gives an empty graph.
        """
        self._refuse_persons("graph")
        opened, closed = _instant(since, BEGINNING), _instant(until, END)
        with read(self.path) as connection:
            prepare(connection)
            present = participation(connection, opened, closed)
            given = answers(connection, opened, closed)
        return _graph(ties(_layer(layer), present, given, since=opened, until=closed, half_life=half_life), layer)

    def metric(self, name: str, layer: str | None = None) -> pd.DataFrame:
        """Return ``week, layer, subject_kind, subject, value, low, high, n`` of a metric, by week and subject."""
        if name not in METRICS:
            raise UsageError(unknown("metric", name, METRICS))
        if METRICS[name].subject_kind == "member":
            self._refuse_persons(f"metric {name}")
        return self._frame(
            "SELECT week, layer, subject_kind, subject, value, low, high, n FROM metric_value "
            "WHERE metric = $metric AND ($layer IS NULL OR layer = $layer) ORDER BY week, layer, subject",
            {"metric": name, "layer": None if layer is None else _layer(layer)},
        )

    def skills(self) -> pd.DataFrame:
        """Return ``skill, week, events, people, learned, asked, answered``; published, without small counts."""
        rows = self._frame("SELECT * FROM skill_week ORDER BY skill, week")
        return rows[rows["people"] >= self.settings.threshold_persons] if self.published else rows

    def _frame(self, query: str, parameters: Mapping[str, object] | None = None) -> pd.DataFrame:
        with read(self.path) as connection:
            return frame(connection, query, dict(parameters or {}))

    def _refuse_persons(self, what: str) -> None:
        if self.published:
            raise UsageError(
                f"{what} can tell of single members",
                expected="figures that may be published",
                remedy="open_network() without published=True gives them to who may see them",
            )


@dataclass(frozen=True)
class NetworkWeek:
    """One week of a network."""

    network: Network
    week: Week

    def __str__(self) -> str:
        """Return ``2026-W46``."""
        return str(self.week)

    def graph(self, layer: str) -> nx.Graph[str]:
        """Return the ties over the window that ends with this week, decayed as in the table ``tie``."""
        settings = self.network.settings
        opened = self.week + (1 - settings.window_weeks)
        half_life = timedelta(weeks=settings.half_life_weeks)
        return self.network.graph(layer, opened.since, self.week.until, half_life)

    def metric(self, name: str, layer: str | None = None) -> pd.DataFrame:
        """Return the values of a metric in this week, the greatest first."""
        rows = self.network.metric(name, layer)
        chosen = rows[pd.to_datetime(rows["week"]).dt.date == self.week.monday]
        return chosen.sort_values(["value", "subject"], ascending=[False, True], ignore_index=True)

    def skills(self) -> pd.DataFrame:
        """Return the counts of this week by skill."""
        rows = self.network.skills()
        return rows[pd.to_datetime(rows["week"]).dt.date == self.week.monday].reset_index(drop=True)


def _graph(rows: pd.DataFrame, layer: str) -> nx.Graph[str]:
    graph: nx.Graph[str] = nx.DiGraph() if LAYERS[layer] else nx.Graph()
    for row in rows.itertuples(index=False):
        one: Any = row
        graph.add_edge(one.source, one.target, count=one.count, strength=one.strength, accepted=one.accepted)
    return graph


def _layer(name: str) -> str:
    if name not in LAYERS:
        raise UsageError(unknown("layer", name, LAYERS))
    return name


def _instant(given: datetime | str | None, default: datetime) -> datetime:
    if given is None:
        return default
    instant = datetime.fromisoformat(given) if isinstance(given, str) else given
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
