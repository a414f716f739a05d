"""How far a report can be trusted: which sources were heard, and who is counted."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from analytics.closure import closed_weeks
from analytics.disclosure import Thresholds, publishable_stock
from analytics.report import reading
from analytics.report.content import Content
from analytics.report.state import Period, Silence, Status
from analytics.week import Week
from warehouse.connection import Connection

PARIS = ZoneInfo("Europe/Paris")


def build_period(week: Week, present: datetime) -> Period:
    """Return the week that the report is about, as seen at ``present``."""
    (closed,) = closed_weeks([week.monday])
    return Period(
        week=str(week), monday=week.monday, sunday=week.sunday, over=present >= week.until, closed=bool(closed)
    )


def build_status(
    connection: Connection, week: Week, extent: reading.Extent, *, present: datetime, thresholds: Thresholds
) -> Status:
    """Return the status line of the report."""
    sources = reading.rows(connection, "report_source", reading.Source, week=week.monday)
    silent = [source for source in sources if _is_silent(source)]
    now = reading.row(connection, "report_coverage", reading.Coverage, week=week.monday)
    before = reading.row(connection, "report_coverage", reading.Coverage, week=(week + -1).monday)
    return Status(
        complete_until=_complete_until(
            [source for source in sources if source not in silent], min(week.until, present)
        ),
        sources=len(sources),
        heard=len(sources) - len(silent),
        silent=[_silence(source) for source in sorted(silent, key=lambda source: (source.last_event, source.title))],
        members=publishable_stock(now.members, thresholds=thresholds),
        counted=publishable_stock(now.counted, thresholds=thresholds),
        members_before=publishable_stock(before.members, thresholds=thresholds),
        counted_before=publishable_stock(before.counted, thresholds=thresholds),
        places=extent.places,
        countries=extent.countries,
    )


def as_known(content: Content, instant: datetime, *, left_out: int) -> Content:
    """Return the report as one of what was known at ``instant``, without so many people who have objected since."""
    thresholds = Thresholds(people=content.threshold_people, organisations=content.threshold_organisations)
    hidden = publishable_stock(left_out, thresholds=thresholds)
    status = msgspec.structs.replace(content.status, known_at=instant, left_out=hidden)
    return msgspec.structs.replace(content, status=status)


def _is_silent(source: reading.Source) -> bool:
    """Return whether a source has been still for longer than is usual for it; unknown usage judges nobody."""
    return source.rhythm_days is not None and source.silent_days > source.rhythm_days


def _silence(source: reading.Source) -> Silence:
    return Silence(
        title=source.title,
        since=source.last_event.astimezone(PARIS).date(),
        days=int(source.silent_days),
        rhythm_days=source.rhythm_days or 0,
    )


def _complete_until(heard: list[reading.Source], end: datetime) -> datetime | None:
    """Return up to when every source that is heard has been read, the end of the week at most."""
    if not heard:
        return None
    read = min(max(source.last_event, source.read_at or source.last_event) for source in heard)
    return min(read, end)
