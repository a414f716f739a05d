from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from producers.simulation import simulate
from producers.sources import simulated

PRESENT = datetime(2026, 11, 16, 6, tzinfo=UTC)


def test_the_region_is_given_whole_and_in_order() -> None:
    given_input = simulated.fetch(b"", seed=3, members=150, weeks=20, last_week="2026-W46")
    items = list(given_input.items)
    region = simulate(seed=3, members=150, weeks=20, last_week="2026-W46")
    assert [each for item in items for each in given_input.parse(item)] == [each.event for each in region.arrivals]
    clocks = [item.recorded_at for item in items if item.recorded_at]
    assert clocks == sorted(clocks)
    assert len(items) == given_input.total == len(clocks)
    assert clocks[-1] <= region.present


def test_what_comes_on_sunday_evening_is_in_the_log_on_monday_before_six() -> None:
    evening = datetime(2026, 11, 15, 22, 30, tzinfo=UTC)
    assert simulated.sent_at(evening, PRESENT) == datetime(2026, 11, 16, 3, tzinfo=UTC)
    assert simulated.sent_at(datetime(2026, 11, 16, 5, tzinfo=UTC), PRESENT) == PRESENT


@given(st.datetimes(datetime(2024, 1, 1), datetime(2026, 11, 16, 6), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds the zone
def test_nothing_is_sent_before_it_arrives_or_more_than_a_day_later(arrival: datetime) -> None:
    assert arrival <= simulated.sent_at(arrival, PRESENT) <= min(PRESENT, arrival + timedelta(days=1))
