"""A week of the site as whatever leads to it tells of it: the index, the feed, the address of the last report."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from analytics.report.content import Point
from analytics.report.revision import Revision
from analytics.week import Week

State = Literal["published", "to_correct", "closed", "running"]


class Entry(Struct, frozen=True, kw_only=True):
    """One week of the site."""

    week: Week
    address: str
    """Its folder, from the root of the site."""
    state: State
    to_correct: str
    languages: tuple[str, ...]
    points: tuple[Point, ...] = ()
    tables: bool = False
    revised: Revision | None = None
    """Its last correction."""
