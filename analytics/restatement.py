"""Restatement: what a report said when it was due, beside what is known now, and why they differ.

A figure is named only where both sides may be shown or one of them came to be hidden or shown; the events behind it
are then counted only where both are shown, since a hidden figure could be told from the other one and their number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Annotated

from msgspec import Meta, Struct

from analytics.disclosure import WITHHELD, Cell, publishable
from analytics.week import PARIS, Week

DUE = time(6)
"""On the Monday after a week, by the clocks of Paris, its report is due."""

WORKSHOPS = frozenset({"workshop.held"})
ACTIVITY = WORKSHOPS | {
    "help.requested",
    "help.answered",
    "machine.used",
    "skill.declared",
    "skill.certified",
    "skill.lapsed",
}
PEOPLE = ACTIVITY | {"member.joined", "member.renewed", "member.left"}
READS: dict[str, frozenset[str]] = {
    "active_members": PEOPLE,
    "newcomers": PEOPLE,
    "visitors": PEOPLE,
    "workshops": WORKSHOPS,
    "attendances": WORKSHOPS,
    "learners": WORKSHOPS,
    "skills_taught": WORKSHOPS,
    "requests": frozenset({"help.requested"}),
    "answers": frozenset({"help.requested", "help.answered"}),
    "solved": frozenset({"help.requested", "help.closed"}),
}
"""The kinds of event that each raw weekly count is made of."""


class LateEvents(Struct, frozen=True):
    """Events of one kind and origin about a week that came after its report was due."""

    kind: str
    origin: str
    late: int
    retracted: int


class Late(Struct, frozen=True, kw_only=True):
    """Late events from one origin."""

    origin: Annotated[str, Meta(description="The place that they tell of, else the source that sent them.")]
    events: Cell


class Restated(Struct, frozen=True, kw_only=True):
    """A count that is not what it was."""

    name: Annotated[str, Meta(description="The indicator.")]
    then: Annotated[Cell, Meta(description="What was known when the report was due.")]
    now: Cell
    late: Annotated[list[Late], Meta(description="Events about that week that came later, most of them first.")]
    retracted: Annotated[Cell, Meta(description="Events known then that were taken back since.")]


class Restatement(Struct, frozen=True, kw_only=True):
    """What changed about a week since its report was due."""

    week: str
    due: Annotated[datetime, Meta(description="Monday after the week, 6:00 in Paris.")]
    counts: list[Restated]


def due(week: Week) -> datetime:
    """Return when the report on ``week`` is due, in UTC."""
    return datetime.combine((week + 1).monday, DUE, PARIS).astimezone(UTC)


def restated(then: Mapping[str, Cell], now: Mapping[str, Cell], events: Sequence[LateEvents]) -> list[Restated]:
    """Return the counts that are not what they were and have late or retracted events behind them.

    A count that was missing then or is now is none: a source that is heard for the first time corrects nobody.
    """
    found = []
    for name, before in then.items():
        after = now.get(name)
        behind = [row for row in events if row.kind in READS.get(name, ())]
        if after is not None and behind and _differ(before, after):
            found.append(_restated(name, before, after, behind))
    return found


def _differ(then: Cell, now: Cell) -> bool:
    """Return whether the two read differently; of two hidden ones, nothing is said."""
    if "missing" in (then.mark, now.mark) or then.mark == now.mark == "suppressed":
        return False
    return then != now


def _restated(name: str, then: Cell, now: Cell, behind: Sequence[LateEvents]) -> Restated:
    late: Counter[str] = Counter()
    for row in behind:
        late[row.origin] += row.late
    hidden = "suppressed" in (then.mark, now.mark)
    ordered = sorted(((origin, events) for origin, events in late.items() if events), key=lambda each: (-each[1], each))
    return Restated(
        name=name,
        then=then,
        now=now,
        late=[Late(origin=origin, events=_number(events, hidden=hidden)) for origin, events in ordered],
        retracted=_number(sum(row.retracted for row in behind), hidden=hidden),
    )


def _number(events: int, *, hidden: bool) -> Cell:
    """Return a number of events, which are about no person, unless it would tell a hidden figure."""
    return WITHHELD if hidden and events else publishable(events, people=None)
