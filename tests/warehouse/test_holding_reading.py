"""The readings of who holds a skill and who asks for it: what is known at an instant, and only that."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from producers.event import (
    Attendee,
    ConsentWithdrawn,
    Event,
    HelpAnswered,
    HelpRequested,
    IdentityLinked,
    InputSummarised,
    MachineUsed,
    MemberJoined,
    MemberLeft,
    MemberRenewed,
    OrganisationJoined,
    PlaceOpened,
    SkillCertified,
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
FIRM = f"o_{1:024x}"


def declared(number: int, day: str, skill: str = "cnc") -> Event:
    return tell(SkillDeclared(skill=skill, level=2), person(number), day, key=f"{number} {skill} {day}")


def read(home: Path, name: str, until: str, columns: str) -> list[tuple[Any, ...]]:
    """Return some columns of a reading from the beginning up to a day, in order."""
    span = {"since": datetime(2020, 1, 1, tzinfo=UTC), "until": datetime.fromisoformat(f"{until}T00:00:00+00:00")}
    with write(home) as connection:
        refresh(connection)
        prepare(connection)
        frame = connection.execute(statement(f"readings/{name}"), span).df()
    rows = frame[columns.split()].astype("object").where(frame[columns.split()].notna(), None)
    return sorted(rows.itertuples(index=False, name=None), key=str)


def test_every_rung_and_every_lapse_is_read_with_its_level(take: Take, home: Path) -> None:
    take(
        [
            PUBLIC,
            declared(1, "2026-01-05"),
            tell(SkillCertified(skill="cnc", level=3), person(1), "2026-01-06"),
            tell(SkillLapsed(skill="cnc"), person(1), "2026-01-07"),
            tell(MachineUsed(member=person(1), skill="cnc"), "mill", "2026-01-08"),
            tell(
                WorkshopHeld(
                    skills=["cnc"],
                    attendees=[
                        Attendee(member=person(1), role="learner"),
                        Attendee(member=person(2), role="instructor"),
                    ],
                ),
                "w1",
                "2026-01-09",
            ),
            tell(HelpRequested(skills=["cnc"], requester=person(2)), "q1", "2026-01-10"),
            tell(HelpAnswered(answer="a1", helper=person(1)), "q1", "2026-01-11"),
            tell(HelpAnswered(answer="a2", helper=person(2)), "q1", "2026-01-12"),
        ]
    )
    assert read(home, "evidence", "2026-02-01", "rung level member") == [
        ("certified", 3, person(1)),
        ("declared", 2, person(1)),
        ("helped", None, person(1)),
        ("lapsed", None, person(1)),
        ("learned", None, person(1)),
        ("taught", None, person(2)),
        ("used", None, person(1)),
    ]


def test_what_happens_at_the_end_or_later_is_not_seen(take: Take, home: Path) -> None:
    at_midnight = tell(SkillDeclared(skill="cnc"), person(2), "2026-01-20T00:00:00+00:00")
    take([PUBLIC, declared(1, "2026-01-05"), at_midnight, declared(3, "2026-02-05")])
    assert read(home, "evidence", "2026-01-20", "member") == [(person(1),)]
    assert len(read(home, "evidence", "2026-03-01", "member")) == 3


def test_who_has_left_is_no_holder_until_she_comes_back(take: Take, home: Path) -> None:
    take(
        [
            PUBLIC,
            tell(MemberJoined(), person(1), "2026-01-01"),
            declared(1, "2026-01-05"),
            tell(MemberLeft(), person(1), "2026-02-01"),
            tell(MemberRenewed(), person(1), "2026-06-01"),
        ]
    )
    held = {day: len(read(home, "evidence", day, "member")) for day in ("2026-01-20", "2026-03-01", "2026-07-01")}
    assert held == {"2026-01-20": 1, "2026-03-01": 0, "2026-07-01": 1}


def test_who_left_under_another_pseudonym_has_left(take: Take, home: Path) -> None:
    take(
        [
            PUBLIC,
            tell(MemberJoined(), person(2), "2026-01-01"),
            declared(1, "2026-01-05"),
            tell(IdentityLinked(other=person(2)), person(1), "2026-01-06"),
            tell(MemberLeft(), person(2), "2026-02-01"),
        ]
    )
    assert len(read(home, "evidence", "2026-01-20", "member")) == 1
    assert read(home, "evidence", "2026-03-01", "member") == []


def test_who_objects_neither_holds_nor_asks_from_then_on(take: Take, home: Path) -> None:
    take(
        [
            PUBLIC,
            declared(1, "2026-01-05"),
            tell(HelpRequested(skills=["laser"], requester=person(1), organisation=FIRM), "q1", "2026-01-06"),
            tell(ConsentWithdrawn(purpose="analytics"), person(1), "2026-02-01"),
        ]
    )
    assert len(read(home, "evidence", "2026-01-20", "member")) == 1
    assert read(home, "evidence", "2026-03-01", "member") == []
    asked = "skill request requester organisation"
    assert read(home, "demand", "2026-01-20", asked) == [("laser", "q1", person(1), FIRM)]
    assert read(home, "demand", "2026-03-01", asked) == [("laser", "q1", None, None)]


def test_without_consent_where_it_is_needed_nobody_holds_anything(take: Take, home: Path) -> None:
    take([declared(1, "2026-01-05")])
    assert read(home, "evidence", "2026-02-01", "member") == []


def test_a_request_is_from_where_it_was_asked_else_from_the_place_of_the_firm(take: Take, home: Path) -> None:
    take(
        [
            PUBLIC,
            tell(OrganisationJoined(circle="network", place="lab-a"), FIRM, "2026-01-01"),
            tell(HelpRequested(skills=["cnc"], organisation=FIRM), "q1", "2026-01-06"),
            tell(HelpRequested(skills=["cnc"], organisation=FIRM, place="lab-b"), "q2", "2026-01-07"),
            tell(HelpRequested(skills=["cnc"], requester=person(1)), "q3", "2026-01-08"),
        ]
    )
    assert read(home, "demand", "2026-02-01", "request place") == [("q1", "lab-a"), ("q2", "lab-b"), ("q3", None)]


def test_a_workshop_is_of_the_country_of_its_place(take: Take, home: Path) -> None:
    take(
        [
            PUBLIC,
            tell(PlaceOpened(name="Lab A", country="CH"), "lab-a", "2026-01-01"),
            tell(WorkshopHeld(place="lab-a"), "w1", "2026-01-06"),
            tell(WorkshopHeld(place="lab-b"), "w2", "2026-01-07"),
            tell(WorkshopHeld(), "w3", "2026-01-08"),
            tell(WorkshopHeld(place="lab-a"), "w4", "2026-02-08"),
        ]
    )
    assert read(home, "workshops", "2026-02-01", "workshop place country") == [
        ("w1", "lab-a", "CH"),
        ("w2", "lab-b", None),
        ("w3", None, None),
    ]


def test_a_request_is_read_once_for_each_of_its_skills_while_it_is_in_the_span(take: Take, home: Path) -> None:
    take(
        [
            PUBLIC,
            tell(HelpRequested(skills=["cnc", "laser"], requester=person(1)), "q1", "2026-01-06"),
            tell(HelpRequested(skills=["cnc"], organisation=FIRM), "q2", "2026-01-07"),
            tell(HelpRequested(skills=["cnc"], requester=person(2)), "q3", "2026-02-07"),
        ]
    )
    assert read(home, "demand", "2026-02-01", "request skill requester organisation") == [
        ("q1", "cnc", person(1), None),
        ("q1", "laser", person(1), None),
        ("q2", "cnc", None, FIRM),
    ]
