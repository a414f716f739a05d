"""A network in Python: weeks, graphs, metrics and frames, from its snapshot; ``analytics.network.opening`` opens it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import networkx as nx
import pandas as pd

from analytics.disclosure import Thresholds
from analytics.door import Advice, advise, noted
from analytics.metrics import LAYERS, METRICS, linked
from analytics.metrics.lineage import Lineage, follow
from analytics.network.instant import instant
from analytics.network.past import Past
from analytics.network.published import OF_REQUESTS, published_metric, published_skills
from analytics.network.values import Origin, Values, values
from analytics.network.week import NetworkWeek
from analytics.network.weekly import INDICATORS, indicator_rows, require_no_layer
from analytics.provenance import Why, why
from analytics.trends import trends_of
from analytics.week import Week, parse_week
from analytics.week import weeks as between
from producers.errors import UsageError, unknown
from producers.settings import Settings
from warehouse.connection import read
from warehouse.knowledge import parse_instant
from warehouse.query import ask, frame
from warehouse.reading import READINGS, prepare
from warehouse.result import SKILL_WEEK, TIE
from warehouse.statement import statement

BEGINNING, END = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


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
            newest = self._newest()
            if newest is None:
                raise UsageError("nothing is computed yet", remedy="run: maillage compute")
            return NetworkWeek(self, newest)
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

    def metric(self, name: str, layer: str | None = None, *, week: Week | None = None) -> Values:
        """Return ``week, layer, subject_kind, subject, value, low, high, n`` of a metric, by week and subject.

        An indicator of the report (``analytics.network.weekly.INDICATORS``) is one of the network, without a layer.
        With ``week``, only of that one. Published, with a column ``mark`` (see ``analytics.network.published``).
        """
        rows = self._indicator(name, layer, week) if name in INDICATORS else self._metric(name, layer, week)
        if week is not None:
            rows = rows[pd.to_datetime(rows["week"]).dt.date == week.monday].reset_index(drop=True)
        return values(rows, Origin(self, name, week or self._newest()))

    def why(self, figure: str, week: Week | date | str | None = None) -> Why:
        """Return how a figure of the report is known: inputs, formula, SQL, version, code.

        Args:
            figure: Its place in ``report.json``, ``indicators.requests.value``; items of a list go by number or by
                name, and the beginning may be left out: ``requests``, ``unmet_share.metrology``, ``places.beyond``.
            week: Which report; default: the newest one.

        Raises:
            UsageError: when the report has no such figure, or several.
        """
        return why(self.week(None if week is None else str(week)), figure)

    def door(self, skills: Sequence[str], place: str | None = None) -> Advice:
        """Return which doors to knock on, places first; people only if they agreed. See ``analytics.door``.

        That people were shown is noted in the warehouse first; they read it on their page.
        """
        self._refuse_persons("door")
        advice = advise(self.path, skills, place)
        noted(self.past.present if self.past else self.settings, advice, advice.people, what="net.door")
        return advice

    def trends(self, week: date | str | None = None) -> pd.DataFrame:
        """Return the verdict on every weekly series up to a week, all under one budget; see ``analytics.trends``."""
        self._refuse_persons("trends")
        this = self.week(week).week
        self._bring(SKILL_WEEK)
        with read(self.path) as connection:
            return trends_of(connection, this).trends.rows

    def communities(self, layer: str) -> Lineage:
        """Return the communities of a layer through all computed weeks, with lasting numbers and what became of them.

        They are read from the metric ``community`` of each week; without a computed week it is empty.
        """
        rows = self.metric("community", layer)
        weeks = rows.groupby(pd.to_datetime(rows["week"]).dt.date)
        return follow([(week, dict(zip(each["subject"], each["value"], strict=True))) for week, each in weeks])

    def places(self) -> pd.DataFrame:
        """Return ``place, name, country`` of every place, by name."""
        return self._frame("SELECT place, coalesce(name, place) AS name, country FROM place ORDER BY name, place")

    def skills(self) -> pd.DataFrame:
        """Return ``skill, week, events, people, learned, asked, answered``; published, with a mark for each count."""
        self._bring(SKILL_WEEK)
        with read(self.path) as connection:
            rows = frame(connection, "SELECT * FROM skill_week ORDER BY skill, week")
            if not self.published:
                return rows
            prepare(connection)
            return published_skills(rows, frame(connection, statement("readings/skill_week_behind")), self.thresholds)

    @property
    def thresholds(self) -> Thresholds:
        """Return how many must stand behind a figure before it may be published."""
        return Thresholds(self.settings.threshold_persons, self.settings.threshold_organisations)

    def _newest(self) -> Week | None:
        """Return the last week that was computed."""
        newest = self.past.newest() if self.past else ask(self.path, "SELECT max(week) FROM computed").rows[0][0]
        return Week(newest) if newest else None

    def _indicator(self, name: str, layer: str | None, week: Week | None) -> pd.DataFrame:
        require_no_layer(name, layer)
        last = week or self.week().week
        if name == "across":
            self._bring(TIE)
        with read(self.path) as connection:
            return indicator_rows(connection, name, last, self.thresholds, published=self.published)

    def _metric(self, name: str, layer: str | None, week: Week | None) -> pd.DataFrame:
        if name not in METRICS:
            raise UsageError(unknown("metric", name, [*INDICATORS, *METRICS]))
        if METRICS[name].subject_kind == "member" and (layer is None or LAYERS[_layer(layer)].nodes == "member"):
            self._refuse_persons(f"metric {name}")
        self._bring(name, week)
        monday, of = week.monday if week else None, None if layer is None else _layer(layer)
        rows = self._frame(statement("readings/metric_rows"), {"metric": name, "layer": of, "week": monday})
        if not self.published:
            return rows
        return published_metric(rows, self.thresholds, self._askers(name, monday) if name in OF_REQUESTS else None)

    def _askers(self, name: str, monday: date | None) -> pd.DataFrame:
        """Return who asks about the skills of a metric: what each firm or person adds, week by week."""
        with read(self.path) as connection:
            prepare(connection)
            return frame(connection, statement("readings/askers"), {"metric": name, "week": monday})

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


def _graph(rows: pd.DataFrame, layer: str) -> nx.Graph[str]:
    graph: nx.Graph[str] = nx.DiGraph() if LAYERS[layer].directed else nx.Graph()
    for row in rows.itertuples(index=False):
        one: Any = row
        graph.add_edge(one.source, one.target, count=one.count, strength=one.strength, accepted=one.accepted)
    return graph


def _layer(name: str) -> str:
    if name not in LAYERS:
        raise UsageError(unknown("layer", name, LAYERS))
    return name
