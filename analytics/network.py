"""The network in Python: weeks, graphs, metrics and frames, from the published snapshot.

Example:
    >>> net = open_network()                                   # doctest: +SKIP
    >>> net.week("2026-W46").graph(layer="help")               # doctest: +SKIP
    >>> net.metric("betweenness", layer="copresence").head()   # doctest: +SKIP
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import networkx as nx
import pandas as pd

from analytics.disclosure import Thresholds
from analytics.door import Advice, advise
from analytics.instant import instant
from analytics.metrics import LAYERS, METRICS, linked
from analytics.metrics.lineage import Lineage, follow
from analytics.past import Past
from analytics.published import published_metric, published_skills
from analytics.trends import trends_of
from analytics.week import Week, parse_week
from analytics.week import weeks as between
from producers import identity
from producers.errors import UsageError, unknown
from producers.settings import Settings, read_settings
from warehouse.connection import read
from warehouse.knowledge import parse_instant
from warehouse.query import ask, frame
from warehouse.reading import READINGS, prepare
from warehouse.result import SKILL_WEEK
from warehouse.statement import statement

BEGINNING, END = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


def open_network(home: str | Path | None = None, *, published: bool = False) -> Network:
    """Return the network under ``home`` (default: the settings), as its last published snapshot shows it.

    With ``published=True`` every figure passes ``publishable()``: one with too few people behind it is missing, and a
    mark beside it says so. What can tell of single members is refused: graphs, their metrics, and questions in SQL.
    That is about what its methods return; whoever may read the file can ask the file.

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
    past: Past | None = None
    """Where its results come from, if it tells what was known then."""

    def as_of(self, instant: datetime | str) -> Network:
        """Return the network as it was known at an instant: the events on record by then, and what follows from them.

        Whoever has objected or was erased since is left out. It lies under the home's folder ``tmp`` until it is
        closed, or left as a ``with`` block, or nobody holds it any more. What differs from the results of today is
        computed when it is asked for: one week's in a moment, every week's as ``maillage compute`` takes.

        Raises:
            UsageError: when the instant tells no zone.
        """
        asked = parse_instant(instant if isinstance(instant, str) else instant.isoformat())
        past = self.past.earlier(asked) if self.past else Past(self.settings, self.path, asked)
        return Network(past.settings, past.settings.warehouse, self.published, past)

    def close(self) -> None:
        """Remove the home of a past network; a snapshot stays where it is."""
        if self.past:
            self.past.close()

    def __enter__(self) -> Self:
        """Give the network until the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def sql(self, query: str, **parameters: object) -> pd.DataFrame:
        """Return the answer to a question in SQL; ``$name`` in it takes the keyword ``name``."""
        self._refuse_persons("sql")
        self._bring()
        return self._frame(query, parameters)

    def weeks(self) -> list[Week]:
        """Return the weeks from the first to the last activity; empty before any."""
        first, last = ask(self.path, "SELECT first_week, last_week FROM span").rows[0]
        return between(Week(first), Week(last)) if first else []

    def week(self, name: str | date | None = None) -> NetworkWeek:
        """Return one week, ``2026-W46`` or a day in it; default: the last one that was computed."""
        if name is None:
            newest = self.past.newest() if self.past else _computed(self.path)
            if newest is None:
                raise UsageError("nothing is computed yet", remedy="run: maillage compute")
            return NetworkWeek(self, Week(newest))
        return NetworkWeek(self, parse_week(str(name)))

    def graph(
        self,
        layer: str,
        since: date | str | None = None,
        until: date | str | None = None,
        half_life: timedelta | None = None,
        *,
        facilitators: bool | None = None,
    ) -> nx.Graph[str]:
        """Return the ties of a layer over ``[since, until)`` as a networkx graph.

        A DiGraph for help (requester to helper) and teaching (learner to instructor), a Graph for copresence.
        Edges carry ``count`` (shared events), ``strength`` (size-corrected; halved every ``half_life`` before
        ``until`` where one is given) and ``accepted`` (accepted answers). Answers to oneself are self-loops.
        Layers of places and of skills: see ``analytics.metrics.layer``. ``facilitators=False`` leaves them out;
        default: the setting. Members are counted as their consent stands at ``until``. No event gives an empty graph.
        A day means its first instant in Europe/Paris, and a time without a zone is one there.
        """
        self._refuse_persons("graph")
        opened, closed = instant(since, BEGINNING), instant(until, END)
        if opened > closed:
            raise UsageError(f"since {since} is after until {until}", expected="since before until")
        with read(self.path) as connection:
            prepare(connection)
            frames = {name: READINGS[name](connection, opened, closed) for name in LAYERS[_layer(layer)].readings}
        kept = self.settings.facilitators if facilitators is None else facilitators
        found = linked(layer, frames, since=opened, until=closed, half_life=half_life, facilitators=kept)
        return _graph(found.ties, layer)

    def metric(self, name: str, layer: str | None = None, *, week: Week | None = None) -> pd.DataFrame:
        """Return ``week, layer, subject_kind, subject, value, low, high, n`` of a metric, by week and subject.

        With ``week``, only of that one. Published, with a column ``mark`` (see ``analytics.published``).
        """
        if name not in METRICS:
            raise UsageError(unknown("metric", name, METRICS))
        if METRICS[name].subject_kind == "member" and (layer is None or LAYERS[_layer(layer)].nodes == "member"):
            self._refuse_persons(f"metric {name}")
        self._bring(name, week)
        rows = self._frame(
            "SELECT week, layer, subject_kind, subject, value, low, high, n FROM metric_value "
            "WHERE metric = $metric AND ($layer IS NULL OR layer = $layer) AND ($week IS NULL OR week = $week) "
            "ORDER BY week, layer, subject",
            {
                "metric": name,
                "layer": None if layer is None else _layer(layer),
                "week": None if week is None else week.monday,
            },
        )
        return published_metric(rows, self._thresholds) if self.published else rows

    def door(self, skills: Sequence[str], place: str | None = None) -> Advice:
        """Return which doors to knock on, places first; people only if they agreed. See ``analytics.door``."""
        self._refuse_persons("door")
        return advise(self.path, skills, place)

    def trends(self, week: date | str | None = None) -> pd.DataFrame:
        """Return the verdict on every weekly series up to a week, all under one budget; see ``analytics.trends``."""
        self._refuse_persons("trends")
        this = self.week(week).week
        self._bring(SKILL_WEEK)
        with read(self.path) as connection:
            return trends_of(connection, this).rows

    def communities(self, layer: str) -> Lineage:
        """Return the communities of a layer through all computed weeks, with lasting numbers and what became of them.

        They are read from the metric ``community`` of each week; without a computed week it is empty.
        """
        rows = self.metric("community", layer)
        weeks = rows.groupby(pd.to_datetime(rows["week"]).dt.date)
        return follow([(week, dict(zip(each["subject"], each["value"], strict=True))) for week, each in weeks])

    def skills(self) -> pd.DataFrame:
        """Return ``skill, week, events, people, learned, asked, answered``; published, with a mark for each count."""
        self._bring(SKILL_WEEK)
        with read(self.path) as connection:
            rows = frame(connection, "SELECT * FROM skill_week ORDER BY skill, week")
            if not self.published:
                return rows
            prepare(connection)
            return published_skills(rows, frame(connection, statement("readings/skill_week_behind")), self._thresholds)

    @property
    def _thresholds(self) -> Thresholds:
        return Thresholds(self.settings.threshold_persons, self.settings.threshold_organisations)

    def _bring(self, metric: str | None = None, week: Week | None = None) -> None:
        """Have computed what is asked for next; a snapshot shows what it has."""
        if self.past:
            self.past.bring(metric, week)

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
        rows = self.network.metric(name, layer, week=self.week)
        return rows.sort_values(["value", "subject"], ascending=[False, True], ignore_index=True)

    def skills(self) -> pd.DataFrame:
        """Return the counts of this week by skill."""
        rows = self.network.skills()
        return rows[pd.to_datetime(rows["week"]).dt.date == self.week.monday].reset_index(drop=True)


def _graph(rows: pd.DataFrame, layer: str) -> nx.Graph[str]:
    graph: nx.Graph[str] = nx.DiGraph() if LAYERS[layer].directed else nx.Graph()
    for row in rows.itertuples(index=False):
        one: Any = row
        graph.add_edge(one.source, one.target, count=one.count, strength=one.strength, accepted=one.accepted)
    return graph


def _computed(path: Path) -> date | None:
    newest: date | None = ask(path, "SELECT max(week) FROM computed").rows[0][0]
    return newest


def _layer(name: str) -> str:
    if name not in LAYERS:
        raise UsageError(unknown("layer", name, LAYERS))
    return name
