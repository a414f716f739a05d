"""What consent leaves out is told to whoever runs it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from producers.event import Attendee, ConsentGiven, ConsentWithdrawn, InputSummarised, WorkshopHeld
from tests.story import Take, person, tell
from warehouse.connection import write
from warehouse.hidden import Hidden, hidden_rows
from warehouse.mart import refresh

WORKSHOP = WorkshopHeld(attendees=[Attendee(member=person(each), role="learner") for each in (1, 2, 3)])


def found(home: Path, first: date = date.min, last: date = date.max) -> Hidden:
    with write(home) as connection:
        refresh(connection)
        return hidden_rows(connection, first, last)


def test_whoever_has_not_consented_is_left_out_until_she_does(take: Take, home: Path) -> None:
    take([tell(WORKSHOP, "one", "2026-01-06"), tell(WORKSHOP, "two", "2026-01-13")])
    assert found(home) == Hidden(activities=6, hidden=6)
    take([tell(ConsentGiven(purpose="analytics"), person(1), "2026-01-12")])
    assert found(home) == Hidden(activities=6, hidden=5)
    assert found(home, date(2026, 1, 12), date(2026, 1, 12)) == Hidden(activities=3, hidden=2)


def test_a_withdrawal_takes_effect_in_its_week_and_after(take: Take, home: Path) -> None:
    public = InputSummarised(title="T", legal_basis="public_task", read=1, published=1, ignored=0, rejected=0)
    take([tell(public, "urn:test", "2026-01-05")])
    take([tell(WORKSHOP, "one", "2026-01-06"), tell(WORKSHOP, "two", "2026-01-13")])
    assert found(home).hidden == 0
    take([tell(ConsentWithdrawn(purpose="analytics"), person(2), "2026-01-14")])
    assert found(home) == Hidden(activities=6, hidden=1)
    assert str(found(home)) == "1 of 6 activities not counted: no consent yet, or an objection"


def test_nothing_on_record_hides_nothing(home: Path) -> None:
    assert found(home) == Hidden(activities=0, hidden=0)
