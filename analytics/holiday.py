"""Public holidays of the countries that the network spans, as far as a whole country (or nearly) observes them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta

FIXED: Mapping[str, tuple[tuple[int, int], tuple[str, ...]]] = {
    "labour_day": ((5, 1), ("FR",)),
    "victory_day": ((5, 8), ("FR",)),
    "bastille_day": ((7, 14), ("FR",)),
    "swiss_day": ((8, 1), ("CH",)),
    "assumption": ((8, 15), ("FR",)),
    "all_saints": ((11, 1), ("FR",)),
    "armistice": ((11, 11), ("FR",)),
}
MOVABLE: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "good_friday": (-2, ("CH",)),
    "easter_monday": (1, ("FR", "CH")),
    "ascension": (39, ("FR", "CH")),
    "whit_monday": (50, ("FR", "CH")),
}
"""Days after Easter Sunday."""


def holidays(first: date, last: date, countries: Collection[str]) -> list[tuple[date, str]]:
    """Return the holidays from ``first`` to ``last``, each with its name, in order; Christmas is in the closures."""
    found = [each for year in range(first.year, last.year + 1) for each in _of(year, countries)]
    return sorted((day, name) for day, name in found if first <= day <= last)


def easter(year: int) -> date:
    """Return Easter Sunday of a year (Gregorian; Meeus, Jones and Butcher)."""
    golden, century, rest = year % 19, year // 100, year % 100
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    number = epact + weekday - 7 * late + 114
    return date(year, number // 31, number % 31 + 1)


def _of(year: int, countries: Collection[str]) -> Iterator[tuple[date, str]]:
    for name, ((month, day), where) in FIXED.items():
        if {*where} & {*countries}:
            yield date(year, month, day), name
    for name, (after, where) in MOVABLE.items():
        if {*where} & {*countries}:
            yield easter(year) + timedelta(days=after), name
