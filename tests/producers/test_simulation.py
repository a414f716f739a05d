"""The simulated region: always the same, always valid, and as untidy as life."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from producers.errors import UsageError
from producers.event import (
    Event,
    EventRetracted,
    InputSummarised,
    MachineUsed,
    MemberJoined,
    PlaceOpened,
    WorkshopHeld,
    decode,
    encode,
    identifier,
)
from producers.simulation import Region, simulate
from producers.simulation.places import PLACES

DIGEST = """
import hashlib
from producers.event import encode
from producers.simulation import simulate
region = simulate(members=120, weeks=24)
lines = (f"{arrival.recorded_at} {encode(arrival.event).decode()}" for arrival in region.arrivals)
print(hashlib.sha256("\\n".join(lines).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def region() -> Region:
    return simulate()


@pytest.fixture(scope="module")
def standing(region: Region) -> list[Event]:
    """Return every event once, without those that were taken back."""
    gone = set(region.truth.retracted)
    events = {(arrival.event.source, arrival.event.id): arrival.event for arrival in region.arrivals}
    return [event for key, event in events.items() if key not in gone]


def attendances(events: list[Event]) -> list[tuple[str, str]]:
    return [
        (attendee.member, event.data.place or "")
        for event in events
        if isinstance(event.data, WorkshopHeld)
        for attendee in event.data.attendees
        if attendee.member
    ]


def lines(region: Region) -> list[str]:
    return [f"{arrival.recorded_at} {encode(arrival.event).decode()}" for arrival in region.arrivals]


@pytest.mark.process
def test_the_same_arguments_give_the_same_region_in_any_process() -> None:
    here = hashlib.sha256("\n".join(lines(simulate(members=120, weeks=24))).encode()).hexdigest()
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    there = subprocess.run([sys.executable, "-c", DIGEST], env=environment, capture_output=True, check=True, text=True)
    assert there.stdout.strip() == here


def test_another_seed_gives_another_region() -> None:
    one, other = simulate(members=120, weeks=24), simulate(seed=2, members=120, weeks=24)
    assert not {arrival.event.id for arrival in one.arrivals if isinstance(arrival.event.data, MemberJoined)} & {
        arrival.event.id for arrival in other.arrivals if isinstance(arrival.event.data, MemberJoined)
    }


def test_every_event_is_valid_and_survives_its_line(region: Region) -> None:
    assert all(decode(encode(arrival.event)) == arrival.event for arrival in region.arrivals)


def test_the_default_region_has_the_asked_size(region: Region) -> None:
    joined = {a.event.subject for a in region.arrivals if isinstance(a.event.data, MemberJoined)}
    opened = {a.event.subject for a in region.arrivals if isinstance(a.event.data, PlaceOpened)}
    assert 50_000 < len(region.arrivals) < 90_000
    assert 970 < len(joined) <= 1000
    assert opened == {place.slug for place in PLACES}
    assert len(opened) == 13


def test_events_arrive_in_order_after_they_happened_and_before_the_present(region: Region) -> None:
    assert region.present == datetime(2026, 11, 16, 6, tzinfo=UTC)
    assert all(one.recorded_at <= other.recorded_at for one, other in pairwise(region.arrivals))
    assert all(arrival.event.time <= arrival.recorded_at <= region.present for arrival in region.arrivals)


def test_everything_happens_within_the_span(region: Region) -> None:
    first_monday = datetime(2024, 11, 18, tzinfo=ZoneInfo("Europe/Paris"))
    assert min(arrival.event.time for arrival in region.arrivals) >= first_monday


def test_some_events_are_late_and_some_come_twice(region: Region) -> None:
    late = sum(arrival.recorded_at - arrival.event.time > timedelta(days=3) for arrival in region.arrivals)
    counts = Counter((arrival.event.source, arrival.event.id) for arrival in region.arrivals)
    assert 0.015 < late / len(region.arrivals) < 0.05
    assert 0.005 < (len(region.arrivals) - len(counts)) / len(region.arrivals) < 0.02


def test_an_id_never_has_two_contents(region: Region) -> None:
    contents: dict[tuple[str, str], Event] = {}
    for arrival in region.arrivals:
        key = arrival.event.source, arrival.event.id
        assert contents.setdefault(key, arrival.event) == arrival.event


def test_every_retraction_takes_back_an_earlier_event(region: Region) -> None:
    seen: set[tuple[str, str, str]] = set()
    reasons = Counter[str]()
    for arrival in region.arrivals:
        data = arrival.event.data
        if isinstance(data, EventRetracted):
            assert (data.source, data.id, arrival.event.subject) in seen
            reasons[data.reason] += 1
        seen.add((arrival.event.source, arrival.event.id, arrival.event.subject))
    assert reasons["mistake"] > 50
    assert reasons["duplicate"] > 5


def test_a_corrected_workshop_stands_once_with_everybody_in_it(region: Region, standing: list[Event]) -> None:
    subjects = Counter(event.subject for event in standing if isinstance(event.data, WorkshopHeld))
    assert set(subjects.values()) == {1}
    held = {event.subject: event for event in standing if isinstance(event.data, WorkshopHeld)}
    wrong = [
        arrival.event.data.attendees
        for arrival in region.arrivals
        if isinstance(arrival.event.data, WorkshopHeld)
        and (right := held.get(arrival.event.subject)) is not None
        and right.id == identifier(right.source, right.subject, "corrected-1")
        and arrival.event.id != right.id
        and isinstance(right.data, WorkshopHeld)
        and set(map(str, arrival.event.data.attendees)) < set(map(str, right.data.attendees))
    ]
    assert len(wrong) > 30


def test_people_mostly_stay_local(standing: list[Event]) -> None:
    home = {event.subject: event.data.place for event in standing if isinstance(event.data, MemberJoined)}
    local = [home[member] == place for member, place in attendances(standing) if member in home]
    assert 0.72 < sum(local) / len(local) < 0.88


def test_attendance_has_a_heavy_tail_and_many_come_once(standing: list[Event]) -> None:
    counts = sorted(Counter(member for member, _ in attendances(standing)).values(), reverse=True)
    assert sum(counts[: len(counts) // 10]) > 0.4 * sum(counts)
    assert counts.count(1) > 0.25 * len(counts)


def test_meetings_are_small_and_some_are_only_counted(standing: list[Event]) -> None:
    held = [event.data for event in standing if isinstance(event.data, WorkshopHeld)]
    sizes = sorted(len(data.attendees) for data in held if data.attendees)
    assert 3 <= sizes[len(sizes) // 2] <= 7
    assert sizes[-2] <= 25
    assert 0.02 < sum(bool(data.head_count) and not data.attendees for data in held) / len(held) < 0.15


def test_workshops_follow_local_time_in_summer_and_winter(standing: list[Event]) -> None:
    paris = ZoneInfo("Europe/Paris")
    starts = [event.time.astimezone(paris) for event in standing if isinstance(event.data, WorkshopHeld)]
    assert {start.hour for start in starts} == {9, 10, 14, 18, 19}
    assert {start.utcoffset() for start in starts} == {timedelta(hours=1), timedelta(hours=2)}


def test_nobody_is_active_before_joining(standing: list[Event]) -> None:
    joined = {event.subject: event.time for event in standing if isinstance(event.data, MemberJoined)}
    used = [(event.data.member, event.time) for event in standing if isinstance(event.data, MachineUsed)]
    came = [
        (attendee.member, event.time)
        for event in standing
        if isinstance(event.data, WorkshopHeld)
        for attendee in event.data.attendees
    ]
    assert all(joined[member] <= time for member, time in used + came if member in joined)


def test_summaries_add_up_to_what_each_source_published(region: Region) -> None:
    published, said = Counter[str](), Counter[str]()
    for arrival in region.arrivals:
        data = arrival.event.data
        if isinstance(data, InputSummarised):
            assert data.read == data.published + data.ignored + data.rejected
            said[arrival.event.source] += data.published
        else:
            published[arrival.event.source] += 1
    silent = f"urn:maillage:simulated:{region.truth.silent_place}"
    assert said.pop(silent) < published.pop(silent)
    assert said == published
    assert len(said) == 13


@pytest.mark.parametrize("asked", [{"members": 99}, {"weeks": 19}, {"weeks": 10**6}, {"last_week": "2026-46"}])
def test_what_cannot_be_simulated_is_refused(asked: dict[str, int | str]) -> None:
    with pytest.raises(UsageError, match="expected"):
        simulate(**asked)  # type: ignore[arg-type]  # one value of each kind


@pytest.mark.parametrize("last_week", ["2026-W32", "2026-W53", "2025-W01"])
def test_any_week_can_be_the_last(last_week: str) -> None:
    small = simulate(members=100, weeks=20, last_week=last_week)
    assert small.truth.open_day in {arrival.event.subject for arrival in small.arrivals}
