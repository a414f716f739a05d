"""Computing: what is stale, week by week, from the readings of the warehouse to its results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

import pandas as pd

from analytics.metrics import FAMILIES, LAYERS, METRICS, PASSES, Linked, linked, network_metrics, warm
from analytics.metrics.family import COLUMNS, Span
from analytics.metrics.metric import TIE_EVENTS
from analytics.metrics.skill import skill_week
from analytics.metrics.skill_metric import SKILL_EVENTS
from analytics.week import Week, last_closed
from producers.settings import Settings
from warehouse.connection import Connection, read, write
from warehouse.mart import refresh
from warehouse.reading import READINGS, prepare
from warehouse.result import SKILL_WEEK, TIE, Results, replace
from warehouse.stale import Mark, Reach, mark_all, marks, register

LONG_AGO = date(1, 1, 1)
LINKED = {TIE} | {name for name, metric in METRICS.items() if metric.family in FAMILIES}
"""What is computed from ties."""
WRITE_TOGETHER = 8
"""Weeks that are written in one transaction."""


@dataclass(frozen=True)
class Inputs:
    """What one week is computed from, with the consent in force at its end applied."""

    week: Week
    marks: tuple[Mark, ...]
    frames: Mapping[Span, pd.DataFrame]

    @property
    def metrics(self) -> frozenset[str]:
        """Return the names of what is stale in this week."""
        return frozenset(mark.metric for mark in self.marks)


def reaches(settings: Settings) -> list[Reach]:
    """Return what the warehouse has to know of every metric, under these settings."""
    window = settings.window_weeks
    version = f"window {window}, half-life {settings.half_life_weeks:g}, facilitators {settings.facilitators}"
    tables = [
        Reach(TIE, "tie", window, (*TIE_EVENTS, "help.closed"), f"2, {version}"),
        Reach(SKILL_WEEK, "skill", 1, SKILL_EVENTS, "1"),
    ]
    rows = [
        Reach(
            metric.name,
            metric.family,
            window if metric.reach == "window" else metric.reach,
            metric.reads,
            f"{metric.version}, {version}" if metric.reach == "window" else metric.version,
        )
        for metric in METRICS.values()
    ]
    return tables + rows


def to_compute(
    settings: Settings,
    present: datetime,
    *,
    first: Week | None = None,
    last: Week | None = None,
) -> list[Mark]:
    """Return what is stale in the weeks that are over, once the marts show every event.

    With ``first`` or ``last``, everything between them counts as stale.
    """
    over = last_closed(present)
    since, until = (first.monday if first else LONG_AGO), min(last or over, over).monday
    with write(settings.warehouse) as connection:
        refresh(connection)
        register(connection, reaches(settings))
        if first or last:
            mark_all(connection, since=since, until=until)
        return marks(connection, since=since, until=until)


def compute(
    settings: Settings,
    stale: Iterable[Mark],
    *,
    present: datetime,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Return how many weeks were computed; their results stand in the warehouse and their marks are cleared.

    Weeks are computed side by side by ``settings.workers`` threads (the kernels let go of the interpreter) and
    written in order, so that the result never depends on how many there are.
    """
    by_week = [(Week(monday), tuple(group)) for monday, group in groupby(stale, key=lambda mark: mark.week)]
    if not by_week:
        return 0
    warm()
    for start in range(0, len(by_week), WRITE_TOGETHER):
        together = by_week[start : start + WRITE_TOGETHER]
        with read(settings.warehouse) as connection:
            prepare(connection)
            inputs = [inputs_of(connection, week, group, settings) for week, group in together]
        with ThreadPoolExecutor(settings.workers) as pool:
            done = list(pool.map(lambda each: computed(each, settings), inputs))
        replace(settings.warehouse, _together(done), computed_at=present)
        if progress:
            progress(len(together))
    return len(by_week)


def computed(inputs: Inputs, settings: Settings) -> Results:
    """Return the results of one week: nothing but a function of its inputs and the settings."""
    results = Results(marks=list(inputs.marks))
    week, wanted = inputs.week, inputs.metrics
    families = {METRICS[name].family for name in wanted if name in METRICS} & FAMILIES.keys()
    if wanted & LINKED:
        for layer in LAYERS:
            found = _linked(inputs, layer, settings)
            if TIE in wanted:
                results.ties.append(found.ties.assign(week=week.monday, layer=layer))
            if families:
                values = network_metrics(found.ties, layer, families=families, behind=found.behind)
                results.figures.append(_values(values[values["metric"].isin(wanted)], week, layer))
    if SKILL_WEEK in wanted:
        results.skill_weeks.append(skill_week(inputs.frames["occasions", 1]))
    for each in PASSES:
        if each.metrics & wanted:
            results.figures.append(_values(each.rows(week, inputs.frames, wanted), week, None))
    return results


def inputs_of(connection: Connection, week: Week, group: tuple[Mark, ...], settings: Settings) -> Inputs:
    """Return what the marks of one week are computed from; ``prepare`` has to have run on the connection."""
    wanted = {mark.metric for mark in group}
    frames = {
        (name, weeks): READINGS[name](connection, (week + (1 - weeks)).since, week.until)
        for name, weeks in sorted(_spans(wanted, settings))
    }
    return Inputs(week=week, marks=group, frames=frames)


def _spans(wanted: set[str], settings: Settings) -> set[Span]:
    """Return what has to be read for the wanted metrics."""
    spans = {span for each in PASSES if each.metrics & wanted for span in each.spans}
    if wanted & LINKED:
        spans |= {(name, settings.window_weeks) for layer in LAYERS.values() for name in layer.readings}
    if SKILL_WEEK in wanted:
        spans |= {("occasions", 1)}
    return spans


def _linked(inputs: Inputs, layer: str, settings: Settings) -> Linked:
    return linked(
        layer,
        {name: inputs.frames[name, settings.window_weeks] for name in LAYERS[layer].readings},
        since=(inputs.week + (1 - settings.window_weeks)).since,
        until=inputs.week.until,
        half_life=timedelta(weeks=settings.half_life_weeks),
        facilitators=settings.facilitators,
    )


def _values(rows: pd.DataFrame, week: Week, layer: str | None) -> pd.DataFrame:
    weekly = rows.assign(week=week.monday, layer=pd.Series(layer, index=rows.index, dtype="str"))
    return weekly.reindex(columns=["week", "layer", *COLUMNS])


def _together(done: list[Results]) -> Results:
    return Results(
        marks=[mark for each in done for mark in each.marks],
        ties=[frame for each in done for frame in each.ties],
        skill_weeks=[frame for each in done for frame in each.skill_weeks],
        figures=[frame for each in done for frame in each.figures],
    )
