"""Requests for help that nobody else has answered, by theme and age."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from analytics.disclosure import MISSING, Cell, Thresholds, beside, publishable
from analytics.report import reading
from analytics.report.content import BANDS, Indicator, Waiting, WaitingTheme
from analytics.report.window import waiting_bands, waiting_total
from analytics.week import Week
from warehouse.connection import Connection

LISTED = 8
ALL = "all"
DORMANT = "quarter"
_NONE = reading.Unanswered(skill=None, band="", requests=0, requesters=0, contributions=[])


def build_waiting(
    connection: Connection,
    week: Week,
    extent: reading.Extent,
    thresholds: Thresholds,
    indicators: Sequence[Indicator] = (),
) -> Waiting:
    """Return the section on requests without an answer; all missing where no request was ever told of.

    It is read beside the ``indicators``: of requests in weeks that are hidden there, it tells no more.
    """
    if extent.first_request is None:
        return Waiting(total=MISSING, bands=[MISSING] * len(BANDS), themes=[], other_themes=0, dormant=MISSING)
    by_theme: dict[str | None, dict[str, reading.Unanswered]] = defaultdict(dict)
    for row in reading.rows(connection, "report_unanswered", reading.Unanswered, week=week.monday):
        by_theme[row.skill][row.band] = row
    everything = by_theme.pop(None, {})
    total, bands = _side_by_side(everything, thresholds, indicators)
    told = [(skill, found) for skill, found in by_theme.items() if skill and ALL in found]
    themes = [_theme(skill, found, thresholds, indicators) for skill, found in told]
    shown = sorted((theme for theme in themes if theme.total.mark == "shown"), key=_size)
    return Waiting(
        total=total,
        bands=bands,
        themes=shown[:LISTED],
        other_themes=len(themes) - len(shown[:LISTED]),
        dormant=_cell(everything.get(DORMANT, _NONE), thresholds),
    )


def _theme(
    skill: str, found: dict[str, reading.Unanswered], thresholds: Thresholds, indicators: Sequence[Indicator]
) -> WaitingTheme:
    total, bands = _side_by_side(found, thresholds, indicators)
    concentrated = _cell(found[ALL], thresholds)
    return WaitingTheme(skill=skill, bands=bands, total=total if concentrated.mark == "shown" else concentrated)


def _side_by_side(
    found: dict[str, reading.Unanswered], thresholds: Thresholds, indicators: Sequence[Indicator]
) -> tuple[Cell, list[Cell]]:
    """Return a total and its age bands, none of which gives another or a hidden week away."""
    whole, *cells = (
        publishable(row.requests, people=row.requesters, thresholds=thresholds)
        for row in (found.get(band, _NONE) for band in (ALL, *BANDS))
    )
    parts = beside(waiting_bands(cells, indicators), waiting_total(whole, indicators))
    return parts.total, list(parts.parts)


def _cell(row: reading.Unanswered, thresholds: Thresholds) -> Cell:
    """Return a number of requests, if neither few people nor one organisation stand behind it."""
    return publishable(
        row.requests, people=row.requesters, organisations=row.contributions or None, thresholds=thresholds
    )


def _size(theme: WaitingTheme) -> tuple[float, str]:
    return -(theme.total.value or 0), theme.skill
