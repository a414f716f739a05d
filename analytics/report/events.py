"""What happened around the 52 weeks that a report shows, and what changed in how its figures are made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path

import yaml

from analytics.closure import closed_weeks
from analytics.holiday import holidays
from analytics.report.event import Change, Event
from analytics.report.state import Status
from analytics.restatement import Restatement
from analytics.week import Week, parse_week

SHOWN = 52
METHOD = Path(__file__).with_name("method.yaml")
TOLD = 4
"""Changes of method that are told."""


def build_events(week: Week, status: Status, restatement: Restatement | None) -> list[Event]:
    """Return what a reader of the 52 weeks up to ``week`` has to know, the latest first."""
    mondays = [(week + -back).monday for back in reversed(range(SHOWN))]
    named = holidays(mondays[0], week.sunday, status.countries)
    found = [
        *_closures(mondays),
        *[Event(kind="holiday", first=day, last=day, name=name) for day, name in named],
        *[Event(kind="silence", first=each.since, last=week.sunday, name=each.title) for each in status.silent],
        *([_restated(restatement)] if restatement else []),
    ]
    return sorted(found, key=lambda event: (event.first, event.kind, event.name), reverse=True)


@cache
def changes() -> list[Change]:
    """Return the changes of method, the latest first."""
    found = yaml.safe_load(METHOD.read_text(encoding="utf-8"))
    told = [
        Change(day=each["day"], texts={language: each[language] for language in each if language != "day"})
        for each in found
    ]
    return sorted(told, key=lambda change: change.day, reverse=True)[:TOLD]


def _closures(mondays: list[date]) -> Iterator[Event]:
    """Give each stretch of closed weeks."""
    marked = zip(mondays, closed_weeks(mondays), strict=True)
    for closed, run in groupby(marked, key=lambda each: bool(each[1])):
        stretch = [monday for monday, _ in run]
        if closed:
            yield Event(kind="closure", first=stretch[0], last=stretch[-1] + timedelta(days=6), count=len(stretch))


def _restated(restatement: Restatement) -> Event:
    before = parse_week(restatement.week)
    return Event(kind="restated", first=before.monday, last=before.sunday, count=len(restatement.counts))
