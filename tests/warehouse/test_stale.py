"""Staleness: an event marks exactly the weeks that it can touch, for the metrics that read it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from producers.event import (
    Attendee,
    ConsentWithdrawn,
    Event,
    HelpAnswered,
    HelpRequested,
    InputSummarised,
    PlaceUpdated,
    WorkshopHeld,
)
from tests.story import Take, person, tell
from tests.warehouse.life import take_back
from warehouse.connection import read, write
from warehouse.mart import refresh
from warehouse.result import Results, replace
from warehouse.stale import Reach, marks, register

pytestmark = pytest.mark.integration
HELP = Reach("help", "f", 3, ("help.requested", "help.answered"), "1")
WORKSHOP = Reach("workshop", "f", 1, ("workshop.held",), "1")
NOW = datetime(2026, 11, 16, tzinfo=UTC)


def held(*members: int) -> WorkshopHeld:
    return WorkshopHeld(place="lab", attendees=[Attendee(member=person(each), role="learner") for each in members])


@pytest.fixture
def stale(take: Take, home: Path) -> Callable[[], set[tuple[str, str]]]:
    """Give a warehouse of ten weeks in which nothing is stale, and a function that tells what is."""
    with write(home) as connection:
        register(connection, [HELP, WORKSHOP])
    take(
        [
            tell(held(1), "w1", "2026-01-05"),
            tell(held(1), "w10", "2026-03-09"),
            _summary(),
        ],
    )
    _settle(home)

    def found() -> set[tuple[str, str]]:
        with read(home) as connection:
            rows = connection.execute("SELECT metric, week FROM stale").fetchall()
        return {(metric, str(week)) for metric, week in rows}

    assert found() == set()
    return found


def _summary() -> Event:
    payload = InputSummarised(title="T", legal_basis="public_task", read=1, published=1, ignored=0, rejected=0)
    return tell(payload, "urn:test", "2026-03-09")


def _settle(home: Path) -> None:
    with write(home) as connection:
        refresh(connection)
        done = marks(connection, since=date.min, until=date.max)
    replace(home, Results(marks=done), computed_at=NOW)


def test_every_week_between_the_first_and_the_last_is_computed_once(take: Take, home: Path) -> None:
    with write(home) as connection:
        register(connection, [WORKSHOP])
    take([tell(held(1), "w1", "2026-01-05"), tell(held(1), "w3", "2026-01-19")])
    take([tell(held(1), "w0", "2025-12-22")])
    with read(home) as connection:
        weeks = [str(mark.week) for mark in marks(connection, since=date.min, until=date.max)]
    assert weeks == ["2025-12-22", "2025-12-29", "2026-01-05", "2026-01-12", "2026-01-19"]


def test_a_late_event_touches_its_reach_and_nothing_else(stale: Callable[[], set[tuple[str, str]]], take: Take) -> None:
    take([tell(HelpAnswered(answer="a", helper=person(2)), "q", "2026-01-28")])
    assert stale() == {("help", "2026-01-26"), ("help", "2026-02-02"), ("help", "2026-02-09")}


def test_the_reach_ends_with_the_last_week(stale: Callable[[], set[tuple[str, str]]], take: Take) -> None:
    take([tell(held(2), "w9", "2026-03-10")])
    assert stale() == {("workshop", "2026-03-09")}


def test_a_request_that_comes_late_touches_its_answers(
    stale: Callable[[], set[tuple[str, str]]], take: Take, home: Path
) -> None:
    take([tell(HelpAnswered(answer="a", helper=person(2)), "q", "2026-02-18")])
    _settle(home)
    take([tell(HelpRequested(skills=["x"], requester=person(1)), "q", "2026-01-07")])
    weeks = {"2026-01-05", "2026-01-12", "2026-01-19", "2026-02-16", "2026-02-23", "2026-03-02"}
    assert stale() == {("help", week) for week in weeks}


def test_whoever_a_source_that_needs_consent_names_for_the_first_time_is_touched_in_all_her_weeks(
    stale: Callable[[], set[tuple[str, str]]], take: Take, home: Path
) -> None:
    take([tell(held(2), "elsewhere", "2026-02-18", source="urn:other")])
    assert stale() == {("workshop", "2026-02-16")}
    _settle(home)
    take([tell(held(1, 2), "w7", "2026-02-19", source="urn:other")])
    of_hers = {("help", week) for week in ("2026-01-05", "2026-01-12", "2026-01-19", "2026-03-09")}
    assert stale() == of_hers | {("workshop", week) for week in ("2026-01-05", "2026-02-16", "2026-03-09")}
    _settle(home)
    take([tell(held(1), "w6", "2026-02-12", source="urn:other")])
    assert stale() == {("workshop", "2026-02-09")}


def test_whoever_is_named_no_longer_by_a_source_that_needs_consent_is_touched_in_all_her_weeks(
    stale: Callable[[], set[tuple[str, str]]], take: Take, home: Path
) -> None:
    event = tell(held(1), "w7", "2026-02-19", source="urn:other")
    take([event])
    _settle(home)
    take([take_back(event)])
    assert {("workshop", "2026-01-05"), ("workshop", "2026-03-09")} <= stale()


def test_a_retraction_touches_what_the_event_had_touched(
    stale: Callable[[], set[tuple[str, str]]], take: Take, home: Path
) -> None:
    event = tell(held(1, 2), "w5", "2026-02-04")
    take([event])
    _settle(home)
    take([take_back(event)])
    assert stale() == {("workshop", "2026-02-02")}


def test_undoing_a_retraction_touches_what_the_event_had_touched_at_any_depth_and_whatever_the_subjects(
    stale: Callable[[], set[tuple[str, str]]], take: Take, home: Path
) -> None:
    told = [tell(held(1, 2), "w5", "2026-02-04")]
    take(told)
    for level in range(4):
        _settle(home)
        told.append(take_back(told[-1], subject=f"elsewhere-{level}"))
        take(told[-1:])
        assert stale() == {("workshop", "2026-02-02")}


def test_a_retraction_that_waits_for_its_event_touches_nothing_until_it_comes(
    stale: Callable[[], set[tuple[str, str]]], take: Take
) -> None:
    event = tell(held(1, 2), "w5", "2026-02-04")
    take([take_back(event)])
    assert stale() == set()
    take([event])
    assert stale() == {("workshop", "2026-02-02")}


def test_another_telling_touches_the_week_of_the_one_that_it_replaces_and_gives_way_to(
    stale: Callable[[], set[tuple[str, str]]], take: Take, home: Path
) -> None:
    first, second = tell(held(1), "w5", "2026-02-04"), tell(held(1), "w5", "2026-02-11")
    take([first])
    for each in (second, take_back(second), take_back(take_back(second))):
        _settle(home)
        take([each])
        assert stale() == {("workshop", "2026-02-02"), ("workshop", "2026-02-09")}


def test_a_retracted_summary_touches_the_weeks_of_all_whom_its_source_names(
    stale: Callable[[], set[tuple[str, str]]], take: Take
) -> None:
    take([take_back(_summary())])
    assert {week for metric, week in stale() if metric == "workshop"} == {"2026-01-05", "2026-03-09"}


def test_who_asks_touches_the_weeks_in_which_she_is_answered(
    stale: Callable[[], set[tuple[str, str]]], take: Take, home: Path
) -> None:
    take(
        [
            tell(HelpRequested(skills=["x"], requester=person(3)), "q", "2026-01-05"),
            tell(HelpAnswered(answer="a", helper=person(2)), "q", "2026-02-25"),
        ],
    )
    _settle(home)
    take([tell(ConsentWithdrawn(purpose="analytics"), person(3), "2026-02-10")])
    assert stale() == {
        ("help", "2026-02-23"),
        ("help", "2026-03-02"),
        ("help", "2026-03-09"),
        ("workshop", "2026-02-23"),
    }


def test_a_withdrawn_consent_touches_the_weeks_after_it_that_her_events_reach(
    stale: Callable[[], set[tuple[str, str]]], take: Take, home: Path
) -> None:
    take([tell(HelpRequested(skills=["x"], requester=person(3)), "q", "2026-02-02")])
    _settle(home)
    take([tell(ConsentWithdrawn(purpose="analytics"), person(3), "2026-02-10")])
    assert stale() == {("help", "2026-02-09"), ("help", "2026-02-16")}


def test_the_description_of_a_place_touches_no_metric_that_does_not_read_it(
    stale: Callable[[], set[tuple[str, str]]], take: Take
) -> None:
    take([tell(PlaceUpdated(name="Lab"), "lab", "2026-02-02")])
    assert stale() == set()


def test_a_new_version_of_a_metric_makes_all_its_weeks_stale(
    stale: Callable[[], set[tuple[str, str]]], home: Path
) -> None:
    with write(home) as connection:
        register(connection, [HELP, Reach("workshop", "f", 1, ("workshop.held",), "2")])
    assert {metric for metric, _ in stale()} == {"workshop"}
    assert len(stale()) == 10


def test_a_mark_that_was_set_again_while_computing_stays(
    stale: Callable[[], set[tuple[str, str]]], take: Take, home: Path
) -> None:
    take([tell(held(2), "w5", "2026-02-04")])
    with read(home) as connection:
        seen = marks(connection, since=date.min, until=date.max)
    take([tell(held(3), "w6", "2026-02-05")])
    replace(home, Results(marks=seen), computed_at=NOW)
    assert stale() == {("workshop", "2026-02-02")}


def test_results_replace_what_stood_for_their_metric_and_week(home: Path, take: Take) -> None:
    with write(home) as connection:
        register(connection, [WORKSHOP])
    take([tell(held(1), "w1", "2026-01-05")])
    for value in (1.0, 2.0, float("nan")):
        with write(home) as connection:
            connection.execute("INSERT INTO stale VALUES ('workshop', DATE '2026-01-05', now())")
            done = marks(connection, since=date.min, until=date.max)
        row = {"metric": "workshop", "week": date(2026, 1, 5), "layer": None, "subject_kind": "member", "subject": "x"}
        figures = pd.DataFrame([{**row, "value": value, "low": None, "high": None, "n": 1}])
        replace(home, Results(marks=done, figures=[figures]), computed_at=NOW)
    with read(home) as connection:
        assert connection.execute("SELECT value FROM metric_value").fetchall() == [(None,)]
        assert connection.execute("SELECT metric, week FROM computed").fetchall() == [("workshop", date(2026, 1, 5))]
