"""The marts: what is in force, whatever the order in which it came; and all that changes is marked stale."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.event import Event, EventRetracted, encode
from producers.log import Entry
from producers.log.folder import FolderLog
from tests.story import Take, person
from tests.warehouse.life import circle, marts, story, take_back, whole_story
from warehouse.check import complaints
from warehouse.connection import Connection, write
from warehouse.ingest import ingest
from warehouse.mart import rebuild, refresh
from warehouse.reading import answers, occasions, participation, prepare
from warehouse.stale import Reach, register

pytestmark = pytest.mark.integration
NOON = datetime(2026, 11, 16, 6, tzinfo=UTC)
TIES = Reach("ties", "f", 3, ("workshop.held", "help.requested", "help.answered", "help.closed"), "1")
SKILLS = Reach("skills", "f", 2, (*TIES.reads[:3], "machine.used", "skill.declared", "skill.certified"), "1")
ELSEWHERE = (None, "elsewhere", "w1", person(9))
"""Subjects of retractions; none stands for that of the event which is taken back."""


def test_the_marts_say_what_the_story_says(take: Take, home: Path) -> None:
    take(story())
    with write(home) as connection:
        refresh(connection)
        found = marts(connection)
        assert complaints(connection) == []
    assert [(row[0], row[1], row[7] is None) for row in found["place"]] == [
        ("atelier", "Atelier", False),
        ("lab", "Le Lab", True),
    ]
    assert [row[1:] for row in found["attendance"]] == [(person(1), "learner"), (person(2), "instructor")]
    assert [(row[0], row[6], row[7]) for row in found["help_request"]] == [("q1", "solved", "a1")]
    assert [row[0] for row in found["help_answer"]] == ["a1"]
    assert [row[0] for row in found["member"]] == [person(1), person(2)]
    assert found["identity"] == [(person(2), person(2)), (person(3), person(2))]
    assert {row[2] for row in found["skill_evidence"]} == {"learned", "taught", "used", "helped", "declared"}
    assert len(found["hidden"]) == 1


@dataclass(frozen=True)
class Told:
    """Events in the batches in which they come, and those of them that are in force."""

    batches: list[list[Event]]
    in_force: list[Event]


@st.composite
def tellings(draw: st.DrawFn) -> Told:
    """Draw the whole story with retractions of anything in it, of retractions above all, in any order."""
    events, undoing = whole_story(), list[Event]()
    for number in range(draw(st.integers(0, 15))):
        again = bool(undoing) and draw(st.booleans())
        target = draw(st.sampled_from(undoing if again else events))
        subject, source = draw(st.sampled_from(ELSEWHERE)), draw(st.sampled_from(("urn:test", "urn:other")))
        undoing.append(take_back(target, key=str(number), subject=subject or target.subject, source=source))
    shuffled = draw(st.permutations([*events, *undoing, *circle()]))
    ends = sorted(draw(st.lists(st.integers(0, len(shuffled)), max_size=2)))
    batches = [shuffled[since:until] for since, until in pairwise([0, *ends, len(shuffled)])]
    return Told([*batches, shuffled[:3]], [each for each in events if _in_force(each, undoing)])


def _in_force(event: Event, undoing: list[Event]) -> bool:
    taking_back = [each for each in undoing if isinstance(each.data, EventRetracted) and each.data.id == event.id]
    return not any(_in_force(each, undoing) for each in taking_back)


@settings(max_examples=2)
@given(told=tellings())
def test_events_in_any_order_and_in_any_batches_give_the_tables_of_what_is_in_force(
    tmp_path_factory: pytest.TempPathFactory, told: Told
) -> None:
    _hold(tmp_path_factory, told)


@pytest.mark.slow
@settings(max_examples=100)
@given(told=tellings())
def test_many_events_in_any_order_and_in_any_batches_give_the_tables_of_what_is_in_force(
    tmp_path_factory: pytest.TempPathFactory, told: Told
) -> None:
    _hold(tmp_path_factory, told)


def _hold(folders: pytest.TempPathFactory, told: Told) -> None:
    """Hold the marts of all that was told against those of what is in force alone."""
    found = _taken(folders.mktemp("told"), told.batches)
    expected = _taken(folders.mktemp("in_force"), [told.in_force])
    del found["span"], expected["span"]  # the span is of the record, retracted or not
    assert found == expected


def _taken(folder: Path, batches: Iterable[list[Event]]) -> dict[str, list[Any]]:
    """Return the marts after the batches; each marks at least what it changes, and a rebuild changes nothing."""
    log, home = FolderLog(folder / "log", partitions=1), folder / "warehouse.duckdb"
    with write(home) as connection:
        register(connection, [TIES, SKILLS])
    before: dict[tuple[str, str], Any] = {}
    for batch in batches:
        log.append([Entry(each.key, encode(each)) for each in batch], recorded_at=NOON)
        ingest(log, home)
        with write(home) as connection:
            refresh(connection)
            after = _computed(connection)
            assert {key for key, rows in after.items() if before.get(key) != rows} <= _stale(connection)
            connection.execute("DELETE FROM stale")
            before, found = after, marts(connection)
    with write(home) as connection:
        rebuild(connection)
        assert marts(connection) == found
        found["complaints"] = complaints(connection)
    return found


def _computed(connection: Connection) -> dict[tuple[str, str], Any]:
    """Return what the two metrics are computed from, by metric and week."""
    prepare(connection)
    ((first, last),) = connection.execute("SELECT first_week, last_week FROM span").fetchall()
    found: dict[tuple[str, str], Any] = {}
    while first and first <= last:
        monday = datetime(first.year, first.month, first.day, tzinfo=ZoneInfo("Europe/Paris"))
        until = monday + timedelta(weeks=1)
        window, month = (until - timedelta(weeks=each.reach) for each in (TIES, SKILLS))
        readings = (participation(connection, window, until), answers(connection, window, until))
        found[TIES.metric, str(first)] = [_lines(each) for each in readings]
        found[SKILLS.metric, str(first)] = _lines(occasions(connection, month, until))
        first += timedelta(weeks=1)
    return found


def _lines(frame: pd.DataFrame) -> list[str]:
    return sorted(frame.to_csv(index=False).splitlines())


def _stale(connection: Connection) -> set[tuple[str, str]]:
    return {(metric, str(week)) for metric, week in connection.execute("SELECT metric, week FROM stale").fetchall()}
