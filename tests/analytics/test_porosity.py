"""Porosity from readings: who is left out, what is a first encounter, and what chance leaves no room for."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from analytics.metrics.porosity import POROSITY_METRICS, encounters, porosity
from analytics.week import Week

WEEK = Week(date(2026, 11, 9))
NOBODY = pd.DataFrame({"request": [], "answer": [], "requester": [], "helper": [], "at": [], "accepted": []})


def workshop(name: str, members: str, weeks_ago: int = 0) -> list[tuple[str, str, str, pd.Timestamp, int]]:
    at = pd.Timestamp(WEEK.since) + timedelta(days=1) - timedelta(weeks=weeks_ago)
    return [(name, member, "learner", at, len(members)) for member in members]


def there(*workshops: list[tuple[str, str, str, pd.Timestamp, int]]) -> pd.DataFrame:
    rows = [row for each in workshops for row in each]
    return pd.DataFrame(rows, columns=["workshop", "member", "role", "at", "size"])


def labels(places: str, facilitators: str = "") -> pd.DataFrame:
    """Return members a, b, c … with the places of these letters; '-' is not known."""
    members = [chr(ord("a") + number) for number in range(len(places))]
    return pd.DataFrame(
        {
            "member": members,
            "place": [None if place == "-" else place for place in places],
            "public": "general",
            "country": ["FR" if place in "AB" else "CH" for place in places],
            "facilitator": [member in facilitators for member in members],
        }
    )


def helping(*pairs: str) -> pd.DataFrame:
    at = pd.Timestamp(WEEK.since)
    rows = [(f"r{number}", f"a{number}", *pair, at, False) for number, pair in enumerate(pairs)]
    return pd.DataFrame(rows, columns=["request", "answer", "requester", "helper", "at", "accepted"])


def value(rows: pd.DataFrame, metric: str) -> float:
    return float(rows.set_index("metric")["value"][metric])


def test_places_that_meet_among_themselves_lie_below_chance() -> None:
    met = there(workshop("one", "abcd"), workshop("two", "efgh"))
    rows = porosity(WEEK, participation=met, answers=NOBODY, labels=labels("AAAACCCC"))
    assert value(rows, "porosity_place") == value(rows, "porosity_country") < -2
    assert np.isnan(value(rows, "porosity_public")), "everybody is of the same public"
    assert set(rows["n"]) == {0, 8}


def test_a_facilitator_on_every_request_is_no_liaison() -> None:
    given = helping("ab", "bc", "db", "be", "fa")
    free = porosity(WEEK, participation=there(), answers=given, labels=labels("ABCAAB"))
    animated = porosity(WEEK, participation=there(), answers=given, labels=labels("ABCAAB", facilitators="b"))
    assert value(free, "brokerage_liaison") > 1
    assert not value(animated, "brokerage_liaison") > 0


def test_without_an_event_nothing_can_be_said_but_no_row_is_missing() -> None:
    rows = pd.concat(
        [
            porosity(WEEK, participation=there(), answers=NOBODY, labels=labels("")),
            encounters(WEEK, participation=there(), labels=labels("")),
        ]
    )
    assert set(rows["metric"]) == {metric.name for metric in POROSITY_METRICS}
    assert rows["value"].isna().all()


def crowd(*more: list[tuple[str, str, str, pd.Timestamp, int]]) -> pd.DataFrame:
    """Return a year in which a to h of place A met often, y and z of place B once, and what is more."""
    often = [workshop(f"often-{weeks}", "abcdefgh", weeks) for weeks in range(1, 30)]
    return there(*often, workshop("once", "yz", 20), *more)


PLACES = pd.concat([labels("AAAAAAAA"), labels("BB").assign(member=["y", "z"])])


def test_two_places_that_hardly_meet_make_an_unlikely_encounter() -> None:
    rows = encounters(WEEK, participation=crowd(workshop("now", "ay")), labels=PLACES)
    assert value(rows, "unlikely_encounters") == 1
    assert rows["n"].tolist() == [2]


def test_two_places_that_often_meet_make_none() -> None:
    together = [workshop(f"both-{weeks}", "bz", weeks) for weeks in range(1, 9)]
    met = crowd(*together, workshop("now", "ay"))
    assert value(encounters(WEEK, participation=met, labels=PLACES), "unlikely_encounters") == 0


def test_who_met_within_the_year_does_not_meet_for_the_first_time() -> None:
    met = crowd(workshop("before", "ay", 51), workshop("now", "ay"))
    assert value(encounters(WEEK, participation=met, labels=PLACES), "unlikely_encounters") == 0
    met = crowd(workshop("before", "ay", 53), workshop("now", "ay"))
    assert value(encounters(WEEK, participation=met, labels=PLACES), "unlikely_encounters") == 1


@pytest.mark.parametrize("members", ["ab", "yq"])
def test_neither_neighbours_nor_the_unknown_make_one(members: str) -> None:
    met = crowd(workshop("now", members))
    assert value(encounters(WEEK, participation=met, labels=PLACES), "unlikely_encounters") == 0


def test_a_day_of_many_people_is_no_encounter() -> None:
    day = workshop("day", "ay" + "ijklmnopqrstuvwxzABCDEF")
    assert value(encounters(WEEK, participation=crowd(day), labels=PLACES), "unlikely_encounters") == 0


def test_in_the_first_week_of_all_everything_would_be_a_first_encounter() -> None:
    rows = encounters(WEEK, participation=there(workshop("now", "ay")), labels=PLACES)
    assert np.isnan(value(rows, "unlikely_encounters"))
