"""The week in short, for the card on the home page: main points, how the newest report stands, who was heard when."""

from __future__ import annotations

import functools
from datetime import date, datetime
from pathlib import Path

import msgspec

from analytics.closure import is_closed
from analytics.week import PARIS
from dags.plugin import shelf
from dags.plugin.standing import Standing
from producers.errors import WarehouseError
from producers.settings import Settings
from warehouse.connection import read
from warehouse.silence import Rhythm, rhythms, silences

PATIENCE = 2.0
"""Seconds that a card may wait for the snapshot."""


class Told(msgspec.Struct):
    """The report of one week: where it is, and its main points as its page has them."""

    week: str
    monday: str
    address: str
    points: list[shelf.Point]
    to_correct: bool


class Approval(msgspec.Struct):
    """How far the run for the newest week is."""

    week: str
    monday: str
    run: str
    state: str


class Source(msgspec.Struct):
    """A source, the last day on which it told of something, and whether that is longer ago than is usual for it."""

    title: str
    last_heard: date
    silent: bool


class Summary(msgspec.Struct):
    """What ``summary.json`` holds; nothing in it counts people but the report's own sentences."""

    report: Told | None
    approval: Approval | None
    sources: list[Source] | None
    """None where nothing is published to read from."""


class _Numbers(msgspec.Struct):
    to_correct: str | msgspec.UnsetType = msgspec.UNSET


def summary(settings: Settings, language: str, newest: Standing | None, *, present: datetime) -> Summary:
    """Return the last published week and the state of things at ``present``."""
    return Summary(
        report(settings.site, language),
        Approval(str(newest.week), newest.week.monday.isoformat(), newest.run, newest.state) if newest else None,
        sources(settings.snapshot, present),
    )


def report(site: Path, language: str) -> Told | None:
    """Return the newest published report; None before the first one."""
    for week in shelf.weeks(site):
        if address := shelf.page(site, week, language):
            numbers = msgspec.json.decode((site / shelf.folder(week) / shelf.NUMBERS).read_bytes(), type=_Numbers)
            told = shelf.points((site / address).read_text(encoding="utf-8"))
            noted = numbers.to_correct is not msgspec.UNSET
            return Told(str(week), week.monday.isoformat(), f"site/{address}", told, noted)
    return None


def sources(snapshot: Path, present: datetime) -> list[Source] | None:
    """Return every source, the silent ones first, then the one that was heard longest ago; None without a snapshot."""
    try:
        state = snapshot.stat()
        heard = _heard(snapshot, state.st_mtime_ns, state.st_ino)
    except (OSError, WarehouseError):
        return None
    silent = {each.source for each in silences(heard, today=present.astimezone(PARIS).date(), closed=is_closed)}
    found = [Source(each.title, each.days[-1], each.source in silent) for each in heard]
    return sorted(found, key=lambda source: (not source.silent, source.last_heard, source.title))


@functools.lru_cache(maxsize=1)
def _heard(snapshot: Path, written: int, file: int) -> list[Rhythm]:  # noqa: ARG001 - they tell one snapshot from the next
    """Return when each source was heard; a snapshot is read once, until the next."""
    with read(snapshot, patience=PATIENCE) as connection:
        return rhythms(connection)
