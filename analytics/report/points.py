"""The main points of a week, most important first."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.disclosure import Cell, stock_share
from analytics.report.content import Indicator, Places, Point, Skills, SkillTrend, Tone, Waiting
from analytics.report.state import Status

MOST_POINTS = 6
MOST_SIGNALS = 2
NAMED = 2
"""How many more names a point may carry."""
COVERAGE_STEP = 0.05
SIGNALS: dict[str, Tone] = {"signal_up": "up", "signal_down": "down", "shift": "plain"}


def build_points(
    status: Status, indicators: Sequence[Indicator], skills: Skills, places: Places, waiting: Waiting
) -> list[Point]:
    """Return up to six points: what is unusual first, then what stays to be done."""
    unusual = [
        *_signals(indicators),
        *_moving(skills.growing, "growing", "up"),
        *_moving(skills.fading, "fading", "down"),
        *_silence(status),
        *_coverage(status),
    ]
    standing = [*_waiting(waiting), *_concern(skills), *_single_holder(skills), *_link(places), *_half(places)]
    opening = unusual or [_calm(indicators, skills)]
    return [*opening, *standing][:MOST_POINTS]


def _calm(indicators: Sequence[Indicator], skills: Skills) -> Point:
    """Return the point that says that nothing stands out, or why nothing can be said."""
    if not indicators:
        return Point(kind="empty")
    judged = [row.verdict for row in indicators if row.kind == "judged"]
    if skills.too_early and all(verdict in ("too_early", "missing", "closed") for verdict in judged):
        weeks = sum(1 for cell in indicators[0].spark.cells if cell.mark != "missing")
        return Point(kind="early", value=Cell(float(weeks), "shown"))
    return Point(kind="closed" if judged and all(verdict == "closed" for verdict in judged) else "quiet")


def _signals(indicators: Sequence[Indicator]) -> list[Point]:
    """Return the indicators outside their usual variation, zeros that chance does not explain first."""
    found = [
        Point(
            kind="zero" if row.silent else _signal_kind(row),
            tone="alert" if row.silent else _tone(row),
            unusual=True,
            subject=row.name,
            value=row.value,
            reference=row.median,
        )
        for row in sorted(indicators, key=lambda row: (not row.silent, row.verdict == "shift"))
        if row.silent or row.verdict in SIGNALS
    ]
    return found[:MOST_SIGNALS]


def _signal_kind(row: Indicator) -> str:
    if row.verdict != "shift":
        return row.verdict
    return "shift_up" if row.run > 0 else "shift_down"


def _tone(row: Indicator) -> Tone:
    if row.verdict != "shift":
        return SIGNALS[row.verdict]
    return "up" if row.run > 0 else "down"


def _moving(trends: Sequence[SkillTrend], kind: str, tone: Tone) -> list[Point]:
    """Return one point for the skill that moves most, with the names of the next ones."""
    if not trends:
        return []
    first, *others = trends
    return [
        Point(
            kind=kind,
            tone=tone,
            unusual=True,
            subject=first.skill,
            names=[trend.skill for trend in others[:NAMED]],
            value=first.current,
            reference=first.previous,
            comparison=first.comparison,
        )
    ]


def _silence(status: Status) -> list[Point]:
    """Return one point for the silent sources, the one that fell silent last first: it is the news."""
    if not status.silent:
        return []
    *others, latest = status.silent
    return [
        Point(
            kind="silence",
            tone="alert",
            unusual=True,
            subject=latest.title,
            names=[silence.title for silence in others[:NAMED]],
            value=Cell(float(latest.days), "shown"),
            day=latest.since,
        )
    ]


def _coverage(status: Status) -> list[Point]:
    now = stock_share(status.counted, status.members)
    before = stock_share(status.counted_before, status.members_before)
    if now is None or before is None or abs(now - before) < COVERAGE_STEP:
        return []
    kind, tone = ("coverage_up", "up") if now > before else ("coverage_down", "down")
    value, reference = Cell(now, "shown"), Cell(before, "shown")
    return [Point(kind=kind, tone="up" if tone == "up" else "down", unusual=True, value=value, reference=reference)]


def _waiting(waiting: Waiting) -> list[Point]:
    if waiting.total.mark != "shown" and waiting.total.reason != "count":
        return []
    if not waiting.themes:
        return [Point(kind="waiting", tone="alert", value=waiting.total)]
    top = waiting.themes[0]
    return [Point(kind="waiting_theme", tone="alert", subject=top.skill, value=waiting.total, reference=top.total)]


def _concern(skills: Skills) -> list[Point]:
    if not skills.concerns:
        return []
    top, *others = skills.concerns
    return [
        Point(
            kind="concern",
            subject=top.skill,
            names=[concern.skill for concern in others[:NAMED]],
            value=top.organisations,
            reference=Cell(float(top.places), "shown"),
        )
    ]


def _single_holder(skills: Skills) -> list[Point]:
    if skills.single_holder.mark != "shown":
        return []
    return [Point(kind="single_holder", value=skills.single_holder, reference=Cell(float(skills.shown), "shown"))]


def _link(places: Places) -> list[Point]:
    if not places.links:
        return []
    top = places.links[0]
    return [Point(kind="link", subject=top.a, names=[top.b], value=top.people)]


def _half(places: Places) -> list[Point]:
    if places.half.mark in ("missing", "zero"):
        return []
    return [Point(kind="half", value=places.half, reference=places.beyond)]
