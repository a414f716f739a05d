"""Computing: what is stale, week by week, from the readings of the warehouse to its results."""

from __future__ import annotations

import atexit
import os
import signal
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from threading import Thread

import pandas as pd

from analytics.metrics import FAMILIES, LAYERS, METRICS, PASSES, Linked, linked, network_metrics, warm
from analytics.metrics.family import COLUMNS, Span
from analytics.metrics.metric import SKILL_EVENTS, TIE_EVENTS
from analytics.metrics.skill import skill_week
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
MANY_WEEKS = 12
"""From here on it pays to start processes: they take about two seconds."""
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
    processes: bool = False,
) -> int:
    """Return how many weeks were computed; their results stand in the warehouse and their marks are cleared.

    Weeks are computed side by side by ``settings.workers`` and written in order, so that the result never depends on
    how many there are. With ``processes``, these are processes where many weeks are stale, because half of a week is
    spent in pandas, which holds the interpreter; else threads. A program without a guarded main has to do without.
    """
    by_week = [(Week(monday), tuple(group)) for monday, group in groupby(stale, key=lambda mark: mark.week)]
    if not by_week:
        return 0
    warm()
    with _workers(settings, processes=processes and len(by_week) >= MANY_WEEKS) as pool:
        for start in range(0, len(by_week), WRITE_TOGETHER):
            together = by_week[start : start + WRITE_TOGETHER]
            done = list(pool.map(partial(_week, settings), together))
            replace(settings.warehouse, _together(done), computed_at=present)
            if progress:
                progress(len(together))
    return len(by_week)


def _week(settings: Settings, week: tuple[Week, tuple[Mark, ...]]) -> Results:
    with read(settings.warehouse) as connection:
        prepare(connection)
        inputs = inputs_of(connection, *week, settings)
    return computed(inputs, settings)


def _workers(settings: Settings, *, processes: bool) -> Executor:
    """Return the pool; its processes start afresh (a fork would take over the locks of threads) and end with ours."""
    if not processes or settings.workers == 1:
        return ThreadPoolExecutor(settings.workers)
    return ProcessPoolExecutor(settings.workers, mp_context=get_context("spawn"), initializer=_follow)


def _follow() -> None:
    """Leave Ctrl-C to the parent, and end when it has gone in whatever way."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    atexit.register(os._exit, 0)  # else duckdb complains on standard error of what outlives the interpreter
    if parent := parent_process():
        Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


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
