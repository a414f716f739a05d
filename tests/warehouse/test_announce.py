"""Announcing: a stale week is asked for once, again when there is a reason, and none is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.connection import Connection, memory
from warehouse.stale import announce

pytestmark = pytest.mark.integration
NOW = datetime(2026, 11, 16, 0, 5, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FIRST, SECOND, THIRD = date(2026, 10, 26), date(2026, 11, 2), date(2026, 11, 9)


@pytest.fixture
def connection() -> Iterator[Connection]:
    with memory() as opened:
        yield opened


def _mark(connection: Connection, week: date, since: datetime, metric: str = "m") -> None:
    connection.execute("DELETE FROM stale WHERE week = ? AND metric = ?", [week, metric])
    connection.execute("INSERT INTO stale VALUES (?, ?, ?)", [metric, week, since])


def _clear(connection: Connection, week: date) -> None:
    connection.execute("DELETE FROM stale WHERE week = ?", [week])


def _told(connection: Connection, present: datetime, begun: datetime | None = None) -> Sequence[date]:
    return announce(connection, until=THIRD, present=present, begun=begun)


def test_a_stale_week_is_told_once_however_many_metrics_are(connection: Connection) -> None:
    for week in (SECOND, FIRST):
        for metric in "abc":
            _mark(connection, week, NOW - HOUR, metric)
    assert _told(connection, NOW) == [FIRST, SECOND]
    assert _told(connection, NOW + MINUTE) == []
    assert connection.execute("SELECT count(*) FROM announced").fetchall() == [(2,)]


def test_it_is_told_again_when_it_is_marked_anew(connection: Connection) -> None:
    _mark(connection, FIRST, NOW - HOUR, "a")
    _mark(connection, FIRST, NOW - 2 * HOUR, "b")
    _told(connection, NOW)
    _mark(connection, FIRST, NOW + MINUTE, "b")
    assert _told(connection, NOW + 2 * MINUTE) == [FIRST]
    assert _told(connection, NOW + 3 * MINUTE) == []


def test_it_is_told_again_when_it_is_still_stale_after_an_hour(connection: Connection) -> None:
    _mark(connection, FIRST, NOW)
    _told(connection, NOW)
    assert _told(connection, NOW + HOUR - MINUTE) == []
    assert _told(connection, NOW + HOUR) == [FIRST]
    assert _told(connection, NOW + HOUR + MINUTE) == []


def test_what_was_computed_is_not_told_again_until_it_is_marked(connection: Connection) -> None:
    _mark(connection, FIRST, NOW)
    _told(connection, NOW)
    _clear(connection, FIRST)
    assert _told(connection, NOW + 2 * HOUR) == []
    _mark(connection, FIRST, NOW + 2 * HOUR)
    assert _told(connection, NOW + 2 * HOUR + MINUTE) == [FIRST]


def test_who_tries_again_is_told_again_of_what_the_try_that_failed_was_told_of(connection: Connection) -> None:
    _mark(connection, FIRST, NOW - MINUTE)
    _told(connection, NOW - MINUTE, begun=NOW - MINUTE)
    _mark(connection, SECOND, NOW)
    assert _told(connection, NOW + MINUTE, begun=NOW) == [SECOND]
    assert _told(connection, NOW + 2 * MINUTE, begun=NOW) == [SECOND]
    assert _told(connection, NOW + 3 * MINUTE, begun=NOW + 3 * MINUTE) == []


def test_a_week_that_is_not_over_waits_until_it_is(connection: Connection) -> None:
    _mark(connection, THIRD, NOW)
    assert announce(connection, until=SECOND, present=NOW) == []
    assert announce(connection, until=THIRD, present=NOW + MINUTE) == [THIRD]


def test_only_the_weeks_that_are_asked_about_are_told(connection: Connection) -> None:
    for week in (FIRST, SECOND, THIRD):
        _mark(connection, week, NOW)
    assert announce(connection, since=SECOND, until=SECOND, present=NOW) == [SECOND]
    assert _told(connection, NOW + MINUTE) == [FIRST, THIRD]


def test_without_anything_stale_nothing_is_told(connection: Connection) -> None:
    assert _told(connection, NOW) == []


def test_what_is_undone_was_not_told(connection: Connection) -> None:
    _mark(connection, FIRST, NOW)
    connection.execute("DROP TABLE announced")
    with pytest.raises(Exception, match="announced"):
        _told(connection, NOW)
    connection.execute("CREATE TABLE announced (week DATE, since TIMESTAMPTZ, told_at TIMESTAMPTZ)")
    assert _told(connection, NOW) == [FIRST]


_steps = st.lists(
    st.tuples(st.sampled_from(["mark", "ask", "compute", "lose"]), st.sampled_from([FIRST, SECOND, THIRD])), max_size=25
)


@settings(max_examples=40)
@given(_steps)
def test_whatever_happens_every_stale_week_is_told_within_an_hour_of_its_last_mark(
    steps: list[tuple[str, date]],
) -> None:
    """The listener computes a week that it is told of, unless the telling gets lost."""
    with memory() as connection:
        now = NOW
        for what, week in steps:
            now += 7 * MINUTE
            if what == "mark":
                _mark(connection, week, now)
            elif what == "compute":
                _clear(connection, week)
            else:
                for told in _told(connection, now):
                    if what == "ask":
                        _clear(connection, told)
        stale = {week for (week,) in connection.execute("SELECT DISTINCT week FROM stale").fetchall()}
        assert set(_told(connection, now + HOUR)) == stale
