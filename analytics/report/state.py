"""How far a report can be trusted: its week, what was heard, and who is counted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from analytics.disclosure import Cell


class Period(Struct, frozen=True, kw_only=True):
    """The week that the report is about."""

    week: Annotated[str, Meta(description="ISO week, for example 2026-W46; weeks are those of Europe/Paris.")]
    monday: date
    sunday: date
    over: Annotated[bool, Meta(description="False while the week is still running: the figures are provisional.")]
    closed: Annotated[bool, Meta(description="True for a week in which places are usually closed.")]


class Silence(Struct, frozen=True, kw_only=True):
    """A source that has told of nothing for longer than is usual for it."""

    title: str
    since: Annotated[date, Meta(description="Day of its last event.")]
    days: Annotated[int, Meta(description="Whole days from its last event to the end of the week.")]
    rhythm_days: Annotated[int, Meta(description="Longest silence that is usual for it.")]


class Corrected(Struct, frozen=True, kw_only=True):
    """One indicator that a correction changed."""

    indicator: str
    unit: str
    before: Cell
    after: Cell


class Correction(Struct, frozen=True, kw_only=True):
    """The last correction of a published week."""

    at: datetime
    figures: Annotated[int, Meta(description="Figures that changed.")]
    indicators: list[Corrected]


class Status(Struct, frozen=True, kw_only=True):
    """How far the report can be trusted: what was heard, and who is counted."""

    complete_until: Annotated[
        datetime | None, Meta(description="Up to here every source that is heard has been read; null without source.")
    ]
    sources: Annotated[int, Meta(description="Sources that have told of anything up to the end of the week.")]
    heard: int
    silent: list[Silence]
    members: Annotated[Cell, Meta(description="Members at the end of the week.")]
    counted: Annotated[Cell, Meta(description="Those of them who are counted: consent or another basis in force.")]
    counted_before: Annotated[Cell, Meta(description="Counted members at the end of the week before.")]
    members_before: Cell
    places: Annotated[int, Meta(description="Places that are open at the end of the week.")]
    countries: Annotated[list[str], Meta(description="Their countries, ISO 3166.")]
    known_at: Annotated[datetime | None, Meta(description="Set where the report tells what was known then.")] = None
    left_out: Annotated[
        Cell | None, Meta(description="People known then who are left out: they objected or were erased since.")
    ] = None
