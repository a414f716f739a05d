"""Silence: told against a source's own habit, with closed days left out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from producers.event import HelpRequested, InputSummarised
from tests.story import Take, tell
from warehouse.connection import read, write
from warehouse.mart import refresh
from warehouse.silence import Rhythm, Silence, rhythms, silences
from warehouse.told import Telling, Told

LAST = date(2026, 6, 1)
PRESENT = datetime(2026, 11, 24, 3, tzinfo=UTC)


def every(interval: int, *, times: int = 10, longest: int | None = None, recorded: date = LAST) -> Rhythm:
    """Return a source that spoke at an interval of so many days, last on 1 June."""
    days = tuple(LAST - timedelta(days=interval * step) for step in reversed(range(times)))
    return Rhythm("urn:s", "Forum", longest, days, recorded)


def on(days: int, source: Rhythm, closed: frozenset[date] = frozenset()) -> list[Silence]:
    """Return who is silent so many days after 1 June."""
    return silences([source], today=LAST + timedelta(days=days), closed=closed.__contains__)


def test_a_daily_source_is_silent_after_two_weeks() -> None:
    assert on(14, every(1)) == []
    assert on(15, every(1)) == [Silence("urn:s", "Forum", LAST, 15, 14)]


def test_a_monthly_source_has_three_months() -> None:
    assert on(90, every(30)) == []
    assert on(91, every(30)) == [Silence("urn:s", "Forum", LAST, 91, 90)]


def test_what_a_source_says_of_itself_comes_first() -> None:
    assert on(15, every(1, longest=60)) == []
    assert on(6, every(30, longest=5)) == [Silence("urn:s", "Forum", LAST, 6, 5)]


def test_a_source_that_spoke_once_has_two_weeks() -> None:
    assert on(14, every(1, times=1)) == []
    assert len(on(15, every(1, times=1))) == 1


def test_closed_days_are_no_silence() -> None:
    closed = frozenset(LAST + timedelta(days=step) for step in range(3, 24))
    assert on(35, every(1), closed) == []
    assert on(36, every(1), closed) == [Silence("urn:s", "Forum", LAST, 15, 14)]


def test_an_archive_is_not_silent() -> None:
    assert on(400, every(1, recorded=LAST + timedelta(days=300))) == []


def test_the_longest_silence_comes_first() -> None:
    other = Rhythm("urn:a", "Agenda", None, (LAST - timedelta(days=9),), LAST)
    found = silences([every(1), other], today=LAST + timedelta(days=20), closed=lambda _: False)
    assert [each.title for each in found] == ["Agenda", "Forum"]


@given(st.integers(1, 60), st.integers(0, 400))
def test_who_is_silent_stays_so_until_it_speaks(interval: int, days: int) -> None:
    if on(days, every(interval)):
        assert on(days + 1, every(interval))


def test_only_activity_counts_as_heard(take: Take, home: Path) -> None:
    summary = InputSummarised(
        title="Forum", legal_basis="public_task", read=1, published=1, ignored=0, rejected=0, rhythm_days=9
    )
    take(
        [
            tell(HelpRequested(skills=["laser"]), "q1", "2026-11-02"),
            tell(HelpRequested(skills=["laser"]), "q2", "2026-11-02"),
            tell(HelpRequested(skills=["laser"]), "q3", "2026-11-05T23:30:00+00:00"),
            tell(summary, "urn:test", "2026-11-15"),
        ]
    )

    with write(home) as connection:
        refresh(connection)
    with read(home) as connection:
        (found,) = rhythms(connection)
    days = (date(2026, 11, 2), date(2026, 11, 6))
    assert found == Rhythm("urn:test", "Forum", 9, days, date(2026, 11, 16))


def test_what_was_told_is_remembered_by_matter(tmp_path: Path) -> None:
    told = Told(tmp_path, "silence")
    assert told.last() == Telling()
    told.keep({"urn:b", "urn:a"}, present=PRESENT)
    assert told.last() == Telling(PRESENT, frozenset({"urn:a", "urn:b"}))
    assert Told(tmp_path, "other").last() == Telling()


def test_a_broken_note_is_as_good_as_none(tmp_path: Path) -> None:
    told = Told(tmp_path, "silence")
    told.keep({"urn:a"}, present=PRESENT)
    for path in (tmp_path / "told").iterdir():
        path.write_text("{")
    assert told.last() == Telling()
