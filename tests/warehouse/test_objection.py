"""An objection holds for what was known before it too: whoever objected since is left out of an as-of reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from producers.event import (
    Attendee,
    ConsentGiven,
    ConsentWithdrawn,
    Event,
    EventRetracted,
    IdentityLinked,
    InputSummarised,
    MemberErased,
    WorkshopHeld,
    encode,
)
from producers.log import Entry
from producers.log.folder import FolderLog
from tests.story import person, tell
from warehouse.connection import read, write
from warehouse.ingest import ingest
from warehouse.knowledge import known_at
from warehouse.mart import refresh
from warehouse.reading import participation, prepare

pytestmark = pytest.mark.integration
THEN = datetime(2026, 1, 12, 8, tzinfo=UTC)
FROM, TO = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 12, tzinfo=UTC)
SUMMARY = InputSummarised(title="T", legal_basis="public_task", read=1, published=1, ignored=0, rejected=0)
WORKSHOP = WorkshopHeld(attendees=[Attendee(member=person(each), role="learner") for each in (1, 2, 3)])
EARLY = [tell(SUMMARY, "urn:test", "2026-01-05"), tell(WORKSHOP, "w", "2026-01-06")]
WITHDRAWN = tell(ConsentWithdrawn(purpose="analytics"), person(1), "2026-01-19")
Counted = Callable[[Sequence[Event]], tuple[list[str], int]]


@pytest.fixture
def counted(tmp_path: Path) -> Counted:
    """Give a function that tells events after the instant, and returns who is counted as of it and how many are not."""

    def found(since: Sequence[Event]) -> tuple[list[str], int]:
        log, path = FolderLog(tmp_path / "log"), tmp_path / "warehouse.duckdb"
        for events, recorded_at in ((EARLY, THEN - timedelta(days=1)), (since, THEN + timedelta(days=10))):
            log.append([Entry(each.key, encode(each)) for each in events], recorded_at=recorded_at)
        ingest(log, path)
        with write(path) as connection:
            refresh(connection)
        with (
            known_at(path, THEN, folder=tmp_path / "tmp") as known,
            read(known.home / "warehouse.duckdb") as connection,
        ):
            prepare(connection)
            return sorted(participation(connection, FROM, TO)["member"]), known.left_out

    return found


def test_whoever_stays_is_counted(counted: Counted) -> None:
    assert counted([]) == ([person(1), person(2), person(3)], 0)


def test_whoever_objected_since_is_left_out(counted: Counted) -> None:
    assert counted([WITHDRAWN]) == ([person(2), person(3)], 1)


def test_whoever_was_erased_since_is_left_out(counted: Counted) -> None:
    assert counted([tell(MemberErased(), person(2), "2026-01-19")]) == ([person(1), person(3)], 1)


def test_another_purpose_is_none_of_it(counted: Counted) -> None:
    other = tell(ConsentWithdrawn(purpose="matching"), person(1), "2026-01-19")
    assert counted([other]) == ([person(1), person(2), person(3)], 0)


def test_who_agrees_again_is_counted_again(counted: Counted) -> None:
    again = tell(ConsentGiven(purpose="analytics"), person(1), "2026-01-20")
    assert counted([WITHDRAWN, again]) == ([person(1), person(2), person(3)], 0)


def test_an_objection_that_was_a_mistake_is_none(counted: Counted) -> None:
    mistake = tell(EventRetracted(source=WITHDRAWN.source, id=WITHDRAWN.id, reason="mistake"), person(1), "2026-01-20")
    assert counted([WITHDRAWN, mistake]) == ([person(1), person(2), person(3)], 0)


def test_an_objection_holds_for_every_pseudonym_of_a_person(counted: Counted) -> None:
    linked = tell(IdentityLinked(other=person(3)), person(9), "2026-01-18")
    objection = tell(ConsentWithdrawn(purpose="analytics"), person(9), "2026-01-19")
    assert counted([linked, objection]) == ([person(1), person(2)], 1)


def test_an_event_that_a_person_objected_to_is_not_there(counted: Counted) -> None:
    workshop = EARLY[1]
    for reason, members in (("mistake", [person(1), person(2), person(3)]), ("objection", [])):
        taken_back = EventRetracted(source=workshop.source, id=workshop.id, reason=reason)  # type: ignore[arg-type]
        assert counted([tell(taken_back, "w", "2026-01-19", change=reason)]) == (members, 0)


def test_somebody_unknown_then_is_not_among_those_left_out(counted: Counted) -> None:
    assert counted([tell(ConsentWithdrawn(purpose="analytics"), person(8), "2026-01-19")])[1] == 0
