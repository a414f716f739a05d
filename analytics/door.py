"""The right door in a warehouse: who to ask for help, and how well that would have gone so far."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from analytics.metrics.door import LEAST, Door, ranked, to_knock_on
from analytics.metrics.door.record import EPOCH, Ask, Facts, Kind, record_of
from analytics.metrics.door.replay import Verdict, judged
from analytics.metrics.door.time import MICROSECOND
from analytics.week import Week
from producers.errors import UsageError
from producers.settings import Settings
from producers.vocabulary import code_of, vocabulary
from warehouse.access import note_looks
from warehouse.connection import read
from warehouse.door import door_facts, last_week

KINDS: tuple[Kind, ...] = ("place", "person")
NEAR = 0.6
"""How alike a name has to be to be suggested."""


@dataclass(frozen=True)
class Advice:
    """Which doors to knock on, places first; none at all is an answer too."""

    ask: Ask
    places: list[Door]
    people: list[Door]
    """Only who agreed to be shown to who needs help."""
    full: int
    """Doors that were left out because they are at their cap."""
    unlikely: int
    """Doors that were left out because they hardly ever answer."""

    @property
    def no_door(self) -> bool:
        """Return whether there is nobody to ask."""
        return not (self.places or self.people)

    def frame(self) -> pd.DataFrame:
        """Return the doors as rows, places first; the columns are the fields of ``Door``, but for its parts."""
        columns = [name for name in Door.__dataclass_fields__ if name != "parts"]
        rows = [[getattr(door, name) for name in columns] for door in (*self.places, *self.people)]
        return pd.DataFrame(rows, columns=columns)


def advise(path: Path, skills: Sequence[str], place: str | None = None) -> Advice:
    """Return which doors of a warehouse to knock on for help with ``skills``, as it stands at the end of its last week.

    All people who are counted teach what a door is worth; only who agreed to matching is shown as a person.

    Args:
        path: A warehouse or its published snapshot.
        skills: What is needed, by code or in words of the vocabulary; a door that can do one of them is one.
        place: Where it is asked; without, nobody is near.

    Raises:
        UsageError: No skill, or a skill or place that nothing tells of.
    """
    facts, until = _read(path)
    meant = [code_of(each) or each for each in skills]
    on_record = {*facts.evidence["skill"], *facts.requests["skills"].explode().dropna()}
    _require_known("skill", meant, on_record | set(vocabulary().concepts))
    if place is not None:
        _require_known("place", [place], _places(facts))
    ask = Ask(tuple(sorted(set(meant))), place, until)
    shown = set(facts.members.loc[facts.members["shown"], "member"])
    places, everybody = (ranked(record_of(facts, kind), ask) for kind in KINDS)
    people = [door for door in everybody if door.door in shown]
    met = [*places, *people]
    return Advice(
        ask=ask,
        places=to_knock_on(places),
        people=to_knock_on(people),
        full=sum(not door.free for door in met),
        unlikely=sum(door.free and door.chance < LEAST for door in met),
    )


def noted(settings: Settings, advice: Advice, people: Sequence[Door], *, what: str) -> None:
    """Have it on record, before it is told, that somebody is shown these people of an advice, and what was asked.

    Raises:
        WarehouseError: when it cannot be noted; then nobody may be shown.
    """
    why = ", ".join(advice.ask.skills) + (f" – {advice.ask.place}" if advice.ask.place else "")
    shown = sorted({door.door for door in people})
    note_looks(settings.warehouse, shown, what=what, why=why, present=datetime.now(UTC))


def judge(path: Path) -> dict[Kind, Verdict]:
    """Return how the right door would have done on all past requests, for places and for people.

    People are all who are counted, whether they may be shown or not: the verdict names nobody.
    """
    facts, until = _read(path)
    return {kind: judged(record_of(facts, kind), (until - EPOCH) // MICROSECOND, LEAST) for kind in KINDS}


def _read(path: Path) -> tuple[Facts, datetime]:
    with read(path) as connection:
        week = last_week(connection)
        return Facts(**door_facts(connection)), Week(week).until.astimezone(UTC) if week else EPOCH


def _places(facts: Facts) -> set[str]:
    return {*facts.places["place"], *facts.members["place"].dropna(), *facts.requests["place"].dropna()}


def _require_known(kind: str, names: Sequence[str], known: Collection[str]) -> None:
    if not names:
        raise UsageError(f"no {kind} is asked for", expected=f"at least one {kind}")
    for name in names:
        if name not in known:
            near = get_close_matches(name, sorted(known), 3, NEAR)
            raise UsageError(
                f"unknown {kind} {name!r}",
                expected=f"one of the {len(known):,} that are known",
                remedy=f"did you mean {' or '.join(near)}?" if near else "",
            )
