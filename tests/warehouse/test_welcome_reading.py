"""The readings of who waits for an answer and who appears: what is known at an instant, of those who are counted."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from producers.event import (
    Attendee,
    ConsentWithdrawn,
    Event,
    HelpAnswered,
    HelpClosed,
    HelpRequested,
    InputSummarised,
    MachineUsed,
    MemberJoined,
    SkillDeclared,
    SkillLapsed,
    WorkshopHeld,
)
from tests.story import Take, person, tell
from warehouse.connection import write
from warehouse.mart import refresh
from warehouse.reading import prepare
from warehouse.statement import statement

PUBLIC = tell(
    InputSummarised(title="Test", legal_basis="public_task", read=1, published=1, ignored=0, rejected=0),
    "urn:test",
    "2026-01-01",
)


def read(home: Path, name: str, until: str, since: str = "2020-01-01") -> pd.DataFrame:
    """Return a reading from one day up to another."""
    span = {
        "since": datetime.fromisoformat(since).replace(tzinfo=UTC),
        "until": datetime.fromisoformat(until).replace(tzinfo=UTC),
    }
    with write(home) as connection:
        refresh(connection)
        prepare(connection)
        return connection.execute(statement(f"readings/{name}"), span).df()


def request(name: str, day: str, requester: int | None = 1, skills: tuple[str, ...] = ("laser", "cnc")) -> Event:
    who = None if requester is None else person(requester)
    return tell(HelpRequested(skills=list(skills), requester=who), name, day)


def answer(name: str, request: str, day: str, helper: int | None) -> Event:
    who = None if helper is None else person(helper)
    return tell(HelpAnswered(answer=name, helper=who), request, day, key=name)


def test_the_first_answer_is_the_first_by_somebody_known_other_than_the_requester(take: Take, home: Path) -> None:
    take(
        [
            PUBLIC,
            request("q1", "2026-01-05"),
            answer("a1", "q1", "2026-01-06", 1),
            answer("a2", "q1", "2026-01-07", None),
            answer("a3", "q1", "2026-01-09", 2),
            answer("a4", "q1", "2026-01-08", 3),
        ]
    )
    found = read(home, "requests", "2026-02-01").iloc[0]
    assert found["answered_at"] == pd.Timestamp("2026-01-08T12:00Z")
    assert list(found["skills"]) == ["cnc", "laser"]
    assert pd.isna(found["closed_at"])


def test_what_comes_at_the_end_or_later_is_not_known_yet(take: Take, home: Path) -> None:
    closed = tell(HelpClosed(outcome="withdrawn"), "q1", "2026-01-20T00:00:00+00:00")
    take(
        [
            PUBLIC,
            request("q1", "2026-01-05"),
            answer("a1", "q1", "2026-01-22", 2),
            closed,
            request("q2", "2026-01-20T00:00:00+00:00"),
        ]
    )
    before = read(home, "requests", "2026-01-20")
    assert before["request"].tolist() == ["q1"]
    assert before[["answered_at", "closed_at"]].isna().all(axis=None)
    after = read(home, "requests", "2026-02-01", since="2026-01-01")
    assert after["request"].tolist() == ["q1", "q2"]
    assert after.loc[0, ["answered_at", "closed_at"]].notna().all()
    assert read(home, "requests", "2026-02-01", since="2026-01-20")["request"].tolist() == ["q2"]


def test_a_request_without_a_skill_or_a_requester_is_one_too(take: Take, home: Path) -> None:
    take([PUBLIC, request("q1", "2026-01-05", requester=None, skills=())])
    found = read(home, "requests", "2026-02-01").iloc[0]
    assert list(found["skills"]) == []
    assert pd.isna(found["requester"])


def test_who_objects_neither_waits_nor_appears_from_then_on_but_her_answers_came(take: Take, home: Path) -> None:
    take(
        [
            PUBLIC,
            request("q1", "2026-01-05", requester=1),
            request("q2", "2026-01-05", requester=2),
            answer("a1", "q2", "2026-01-06", 1),
            tell(ConsentWithdrawn(purpose="analytics"), person(1), "2026-02-01"),
        ]
    )
    assert read(home, "requests", "2026-01-20")["request"].tolist() == ["q1", "q2"]
    later = read(home, "requests", "2026-03-01")
    assert later["request"].tolist() == ["q2"]
    assert later["answered_at"].notna().all()
    assert set(read(home, "appearances", "2026-01-20")["member"]) == {person(1), person(2)}
    assert set(read(home, "appearances", "2026-03-01")["member"]) == {person(2)}


def test_every_activity_is_an_appearance_once_but_no_lapse_and_no_facilitator(take: Take, home: Path) -> None:
    there = [Attendee(member=person(number), role="learner") for number in (1, 9)]
    take(
        [
            PUBLIC,
            tell(MemberJoined(facilitator=True), person(9), "2026-01-01"),
            tell(WorkshopHeld(skills=["cnc"], attendees=there), "w1", "2026-01-02"),
            request("q1", "2026-01-03", requester=2),
            answer("a1", "q1", "2026-01-04", 1),
            tell(MachineUsed(member=person(1)), "mill", "2026-01-05"),
            tell(SkillDeclared(skill="cnc"), person(1), "2026-01-05", key="one"),
            tell(SkillLapsed(skill="cnc"), person(1), "2026-01-06"),
        ]
    )
    found = read(home, "appearances", "2026-02-01")
    seen = list(zip(found["member"], found["at"].dt.day, strict=True))
    assert seen == [(person(1), 2), (person(2), 3), (person(1), 4), (person(1), 5)]


def test_without_consent_where_it_is_needed_nobody_asks_or_appears(take: Take, home: Path) -> None:
    take([request("q1", "2026-01-05")])
    assert read(home, "requests", "2026-02-01").empty
    assert read(home, "appearances", "2026-02-01").empty
