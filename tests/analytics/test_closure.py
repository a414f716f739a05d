from __future__ import annotations

from datetime import date, timedelta

from analytics.closure import closed_weeks, closures, is_closed


def test_christmas_and_the_first_weeks_of_august_are_closed() -> None:
    assert sorted(closures(2026)) == [
        date(2026, 7, 27),
        date(2026, 8, 3),
        date(2026, 8, 10),
        date(2026, 12, 21),
        date(2026, 12, 28),  # 2026-W53
    ]


def test_a_week_across_new_year_belongs_to_the_year_of_its_monday() -> None:
    # 1 January 2025 is in the week of 30 December 2024; 25 December 2022 was a Sunday.
    assert date(2024, 12, 30) in closures(2024)
    assert {monday for monday in closures(2022) if monday.month == 12} == {date(2022, 12, 19), date(2022, 12, 26)}
    assert not [monday for monday in closures(2025) if monday.month == 1]


def test_new_year_on_a_monday_is_closed() -> None:
    assert date(2024, 1, 1) in closures(2024)


def test_every_closed_week_starts_on_a_monday() -> None:
    assert {monday.weekday() for year in range(2012, 2040) for monday in closures(year)} == {0}


def test_a_change_opens_a_closed_week_and_closes_an_open_one() -> None:
    changed = closures(2026, {date(2026, 8, 3): False, date(2026, 5, 11): True, date(2025, 5, 12): True})
    assert changed == closures(2026) - {date(2026, 8, 3)} | {date(2026, 5, 11)}


def test_the_mask_follows_the_order_of_the_weeks() -> None:
    weeks = [date(2025, 12, 15) + timedelta(weeks=number) for number in range(4)]
    assert closed_weeks(weeks).tolist() == [False, True, True, False]
    assert closed_weeks([]).tolist() == []


def test_every_day_of_a_closed_week_is_closed_and_no_other() -> None:
    # 2023: Christmas is a Monday; the week of 1 January 2024 is closed too, as it begins with that day.
    december = [date(2023, 12, 24) + timedelta(days=number) for number in range(16)]
    assert [is_closed(day) for day in december] == [False, *[True] * 14, False]
    year = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    assert sum(map(is_closed, year)) == 4 + 3 * 7 + 11  # to 4 January, in summer, from 21 December
