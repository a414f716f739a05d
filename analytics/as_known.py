"""A week as it was known at an instant, written beside the report of today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import msgspec

from analytics.compute import compute, to_compute
from analytics.edition import edition, memory_of
from analytics.publication import REPORTED, Written, snapshot_of
from analytics.report import build_report
from analytics.report.check import refuse
from analytics.report.shelf import KEPT, alone, put
from analytics.report.site import folder
from analytics.report.status import as_known
from analytics.week import Week, last_closed
from producers.errors import UsageError, WarehouseError
from producers.settings import Settings
from warehouse.connection import read
from warehouse.knowledge import known_at
from warehouse.result import SKILL_WEEK, TIE
from warehouse.statement import statement


def publish_as_known(settings: Settings, week: Week | None, languages: Sequence[str], instant: datetime) -> Written:
    """Return what was written of a week as it was known at ``instant``, beside the report of today.

    Only the events on record by then are read, without the people who have objected since, and only what the report
    shows is computed where it differs from today.

    Raises:
        UsageError: when the instant is out of reach.
        ReportRefusedError: when the report is not fit to be read.
        WarehouseError: when the week was not over at ``instant``, or nothing had happened in it.
    """
    this = week or _last(instant)

    def wanted(metric: str, monday: date) -> bool:
        # Runs of weeks read the ties of every week, trends its skills, and what became of a community reads 13 weeks;
        # of the rest, its own week is shown.
        behind = {TIE: date.min, SKILL_WEEK: date.min, "community": (this + -13).monday}.get(metric, this.monday)
        return behind <= monday <= this.monday

    with known_at(snapshot_of(settings), instant, folder=settings.home / "tmp", wanted=wanted) as known:
        past = msgspec.structs.replace(settings, home=known.home)
        stale = [mark for mark in to_compute(past, instant) if wanted(mark.metric, mark.week)]
        compute(past, stale, present=instant)
        with read(past.warehouse) as connection:
            if not connection.execute(statement("readings/computed"), {"week": this.monday}).fetchall():
                raise WarehouseError(f"{this} has no report as known at {instant:%Y-%m-%dT%H:%MZ}", expected=REPORTED)
            content = build_report(connection, week=this.monday, present=instant, settings=past)
            told = as_known(content, instant, left_out=known.left_out)
            memory = memory_of(settings, this)
            files = edition(connection, told, tuple(languages), settings=past, memory=memory)
    refuse(files)
    home = _as_known(settings, this, instant)
    with alone(settings.drafts):
        changed = put(files, home)
    return Written(this, tuple(home / name for name in files if name.endswith("/index.html")), changed=changed)


def _last(instant: datetime) -> Week:
    try:
        return last_closed(instant)
    except OverflowError as error:
        raise UsageError(f"{instant:%Y-%m-%d} is out of reach", expected="an instant of the record") from error


def _as_known(settings: Settings, week: Week, instant: datetime) -> Path:
    return folder(settings.site, week.monday) / KEPT / f"{instant:%Y-%m-%dT%H%M%SZ}"
