"""The small form of `make calibrate`: the same measurements on fewer worlds."""

from __future__ import annotations

import pytest

from analytics.metrics.growth import BUDGET
from tests.calibration import World, alarms, coverages, discrete_coverages, doublings_found, share_of_growth_found
from tests.calibration import share_with_a_false_flag as false_flags

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("world", [World(), World(grouped=True), World(weeks=156, wave=0.4)])
def test_reports_on_quiet_worlds_stay_within_the_budget(world: World) -> None:
    assert false_flags(40, world) <= BUDGET


def test_quiet_weeks_carry_no_more_alarms_than_announced() -> None:
    found = alarms(400, 40)
    assert found.signal <= 0.15
    assert found.any <= 0.22


def test_a_doubling_at_eight_a_week_is_found_in_four_weeks() -> None:
    assert doublings_found(300, 8.0) >= 0.80


def test_four_times_as_many_at_three_a_week_are_mostly_found_amid_a_whole_report() -> None:
    assert share_of_growth_found(30, 3.0, 4.0) >= 0.7


def test_intervals_hold_about_as_often_as_they_say() -> None:
    assert {name: share for name, share in coverages(60).items() if abs(share - 0.90) > 0.05} == {}


def test_intervals_of_whole_numbers_hold_at_least_as_often_as_they_say() -> None:
    assert {name: share for name, share in discrete_coverages(12).items() if share < 0.80} == {}
