"""The sections below: read from what was computed, each value through the one gate, none of a person."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from analytics.disclosure import Cell, Thresholds, publishable
from analytics.report import reading
from analytics.report.finding import Finding, Measure, Name, Range
from analytics.week import Week
from warehouse.connection import Connection

SECTIONS: Mapping[Name, tuple[str, ...]] = {
    "gap": ("gap", "unmet_share", "short_skills"),
    "fragile": ("absence_factor", "active_holders", "fragile_share"),
    "answer": ("answer_wait", "answer_share", "answer_open"),
    "newcomers": ("newcomer_tied", "newcomer_integrated", "newcomer_retention", "newcomer_integration_wait"),
    "porosity": ("porosity_place", "porosity_public", "porosity_country", "unlikely_encounters"),
    "profiles": (
        "place_answered",
        "place_answered_rank",
        "place_breadth",
        "place_breadth_rank",
        "place_porosity",
        "place_porosity_rank",
    ),
    "balance": (
        "balance_people_share",
        "balance_workshops_share",
        "balance_teachers_share",
        "balance_facilitators_share",
        "balance_answers_given_share",
        "balance_answers_received_share",
    ),
}
"""The metrics of each section; the first one says which subjects are listed."""
SKILLS = ("short_skills", "fragile_share")
"""Metrics about skills: what stands behind them is no person."""
LISTED = 8

Figures = Mapping[str, Mapping[str, reading.Figure]]
"""By metric and subject."""


def build_findings(connection: Connection, week: Week, thresholds: Thresholds) -> list[Finding]:
    """Return the sections of which something was computed in the week, in the order of ``SECTIONS``."""
    figures: dict[str, dict[str, reading.Figure]] = {}
    for row in reading.rows(connection, "report_finding", reading.Figure, week=week.monday):
        figures.setdefault(row.metric, {})[row.subject] = row
    asked = reading.rows(connection, "report_demand", reading.Demand, week=week.monday)
    organisations = {row.skill: row.contributions for row in asked if row.contributions}
    gate = _Gate(figures, organisations, thresholds)
    found = [_finding(name, metrics, gate, week) for name, metrics in SECTIONS.items()]
    return [each for each in found if each.measures]


class _Gate:
    """The one way from a computed figure to a measure."""

    def __init__(self, figures: Figures, organisations: Mapping[str, Sequence[float]], thresholds: Thresholds) -> None:
        self.figures = figures
        self._organisations = organisations
        self._thresholds = thresholds
        places = {row.subject: row.name for rows in figures.values() for row in rows.values() if row.name}
        often = Counter(places.values())
        self._names = {place: name if often[name] == 1 else f"{name} ({place})" for place, name in places.items()}

    def measure(self, metric: str, subject: str, *, people: int | None = None) -> Measure | None:
        """Return the measure, with ``people`` instead of those behind it where they are given."""
        row = self.figures.get(metric, {}).get(subject)
        if row is None:
            return None
        behind = None if metric in SKILLS else (row.n or 0) if people is None else people
        organisations = self._organisations.get(subject) if row.subject_kind == "skill" else None
        value = publishable(row.value, people=behind, organisations=organisations, thresholds=self._thresholds)
        return Measure(
            metric=metric,
            subject="" if row.subject_kind == "network" else self._names.get(subject, subject),
            value=value,
            interval=None if value.value is None else _interval(row.low, row.high),
            people=self._people(row, value, behind),
        )

    def _people(self, row: reading.Figure, value: Cell, behind: int | None) -> Cell:
        """Return how many stand behind a value; those of a withheld one are withheld with it."""
        if behind is None or value.reason == "withheld":
            return Cell(None, "missing")
        return publishable(row.n, people=behind, thresholds=self._thresholds)


def _interval(low: float | None, high: float | None) -> Range | None:
    """Return the interval; nothing where an end of it is not known."""
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return None
    return Range(low=low, high=high)


def _finding(name: Name, metrics: Sequence[str], gate: _Gate, week: Week) -> Finding:
    measures, hidden = _BY_SUBJECT.get(name, _of_network)(metrics, gate)
    return Finding(name=name, measures=measures, hidden=hidden, sql=query(metrics, week))


def _of_network(metrics: Sequence[str], gate: _Gate) -> tuple[list[Measure], int]:
    found = [gate.measure(metric, "network") for metric in metrics]
    return [each for each in found if each is not None], 0


def _listed(
    metrics: Sequence[str], gate: _Gate, order: Callable[[Measure], tuple[float, str]], most: int
) -> tuple[list[Measure], int]:
    """Return the measures of the first subjects in ``order`` that may be shown, and how many may not."""
    first, *others = metrics
    subjects = gate.figures.get(first, {})
    found = [(subject, measure) for subject in subjects if (measure := gate.measure(first, subject))]
    shown = sorted(((order(measure), subject) for subject, measure in found if measure.value.value is not None))[:most]
    rows = [gate.measure(metric, subject) for _, subject in shown for metric in (first, *others)]
    rows += [gate.measure(metric, "network") for metric in others]
    hidden = sum(1 for _, measure in found if measure.value.mark == "suppressed")
    return [each for each in rows if each is not None], hidden


def _gaps(metrics: Sequence[str], gate: _Gate) -> tuple[list[Measure], int]:
    return _listed(metrics, gate, lambda each: (-(each.value.value or 0.0), each.subject), LISTED)


def _fragile(metrics: Sequence[str], gate: _Gate) -> tuple[list[Measure], int]:
    return _listed(metrics, gate, lambda each: (each.value.value or 0.0, each.subject), LISTED)


def _profiles(metrics: Sequence[str], gate: _Gate) -> tuple[list[Measure], int]:
    """Return the measures of every place of which anything may be shown, by name: this is no league table."""
    places = sorted({subject for metric in metrics for subject in gate.figures.get(metric, {})})
    found = {place: [each for metric in metrics if (each := gate.measure(metric, place))] for place in places}
    shown = [rows for rows in found.values() if any(each.value.value is not None for each in rows)]
    ordered = sorted(shown, key=lambda rows: rows[0].subject.casefold())
    return [each for rows in ordered for each in rows], len(found) - len(shown)


def _balance(metrics: Sequence[str], gate: _Gate) -> tuple[list[Measure], int]:
    """Return the shares of each country; as they add up to one, a country with too few or none hides them all."""
    rows: list[Measure] = []
    for metric in metrics:
        found = gate.figures.get(metric, {})
        fewest = min((row.n or 0 for row in found.values()), default=0) or 1
        if len(found) > 1:
            rows += [each for country in sorted(found) if (each := gate.measure(metric, country, people=fewest))]
    return rows, 0


_BY_SUBJECT: Mapping[Name, Callable[[Sequence[str], _Gate], tuple[list[Measure], int]]] = {
    "gap": _gaps,
    "fragile": _fragile,
    "profiles": _profiles,
    "balance": _balance,
}


def query(metrics: Sequence[str], week: Week) -> str:
    """Return the query that gives the values of the metrics in the week again."""
    named = ", ".join(f"'{metric}'" for metric in metrics)
    return (
        "SELECT metric, subject, value, low, high, n FROM metric_value "
        f"WHERE week = DATE '{week.monday.isoformat()}' AND layer IS NULL AND metric IN ({named}) ORDER BY ALL"
    )
