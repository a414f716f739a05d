from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.disclosure import Thresholds
from analytics.metrics.concern import common_concerns
from analytics.metrics.demand import DEMAND_METRICS, concerns
from analytics.week import parse_week

WEEK = parse_week("2026-W46")
SINCE, UNTIL = (WEEK + -12).since, WEEK.until

Raised = tuple[str, str | None, str | None, float]


def raised(*rows: Raised) -> pd.DataFrame:
    """Return requests by skill, organisation, place and weeks before the end of the week, one each."""
    frame = pd.DataFrame(rows, columns=["skill", "organisation", "place", "weeks"], dtype="object")
    at = [WEEK.until - timedelta(weeks=weeks) for weeks in frame["weeks"]]
    frame["at"] = pd.Series(at, index=frame.index, dtype="datetime64[us, UTC]")
    return frame.assign(request=[f"q{number}" for number in frame.index]).drop(columns="weeks")


def themes(*rows: Raised) -> dict[str, tuple[int, int]]:
    found = common_concerns(raised(*rows), since=SINCE, until=UNTIL)
    return dict(zip(found["skill"], zip(found["organisations"], found["places"], strict=True), strict=True))


THREE: list[Raised] = [("cyber", "o1", "A", 1), ("cyber", "o2", "A", 2), ("cyber", "o3", "B", 12.9)]


def test_three_organisations_from_two_places_have_a_concern_in_common() -> None:
    assert themes(*THREE) == {"cyber": (3, 2)}


@pytest.mark.parametrize("missing", range(3))
def test_two_organisations_have_none(missing: int) -> None:
    assert themes(*(row for number, row in enumerate(THREE) if number != missing)) == {}


def test_three_organisations_of_one_place_have_none() -> None:
    assert themes(*((skill, firm, "A", weeks) for skill, firm, _, weeks in THREE)) == {}
    assert themes(*THREE[:2], ("cyber", "o3", None, 1)) == {}


def test_what_is_older_or_at_the_end_or_later_is_not_raised() -> None:
    for weeks in (13.1, 0, -1):
        assert themes(*THREE[:2], ("cyber", "o3", "B", weeks)) == {}


def test_people_without_an_organisation_raise_nothing() -> None:
    assert themes(*THREE[:2], *(("cyber", None, place, 1) for place in "BCDEF")) == {}


def test_a_firm_that_asks_more_than_85_percent_makes_its_own_concern() -> None:
    again: list[Raised] = [("cyber", "o1", "A", 1)] * 10
    assert themes(*THREE, *again) == {"cyber": (3, 2)}  # 11 of 13 are 84.6 %
    assert themes(*THREE, *again, ("cyber", "o1", "A", 2)) == {}  # 12 of 14 are 85.7 %


def test_a_stricter_threshold_holds() -> None:
    assert common_concerns(raised(*THREE), since=SINCE, until=UNTIL, thresholds=Thresholds(organisations=4)).empty


def test_the_most_common_come_first_and_no_organisation_is_named() -> None:
    more: list[Raised] = [("energy", f"o{number}", "AB"[number % 2], 1) for number in range(5)]
    found = common_concerns(raised(*THREE, *more), since=SINCE, until=UNTIL)
    assert found["skill"].tolist() == ["energy", "cyber"]
    assert "organisation" not in found
    assert not found.astype("str").isin(["o1", "o2", "o3"]).any(axis=None)


def test_no_request_gives_no_concern_and_counts_none() -> None:
    rows = concerns(WEEK, demand=raised())
    assert rows[["metric", "subject", "value", "n"]].to_numpy().tolist() == [["concerns", "network", 0.0, 0]]


def test_the_rows_of_the_table_are_those_of_the_concerns() -> None:
    rows = concerns(WEEK, demand=raised(*THREE))
    assert set(rows["metric"]) == {metric.name for metric in DEMAND_METRICS if metric.compute is concerns}
    assert rows.set_index("metric")["value"].to_dict() == {
        "concern_organisations": 3,
        "concern_places": 2,
        "concerns": 1,
    }
    assert set(rows.loc[rows["subject_kind"] == "skill", "n"]) == {3}


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["cyber", "cnc"]),
        st.sampled_from([None, "o1", "o2", "o3", "o4"]),
        st.sampled_from([None, "A", "B", "C"]),
        st.integers(0, 15),
    ),
    max_size=30,
)


@settings(max_examples=40)
@given(ROWS, st.integers(0, 9))
def test_order_and_repetition_change_nothing_and_every_concern_is_common(rows: list[Raised], seed: int) -> None:
    requests = raised(*rows)
    found = common_concerns(requests, since=SINCE, until=UNTIL)
    again = pd.concat([requests, requests.head(5)]).sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(common_concerns(again, since=SINCE, until=UNTIL), found)
    assert ((found["organisations"] >= 3) & (found["places"] >= 2)).all()
    assert all(max(each) <= 0.85 * sum(each) for each in found["contributions"])


@settings(max_examples=20)
@given(ROWS)
def test_all_dates_moved_by_a_week_move_nothing_else(rows: list[Raised]) -> None:
    later = raised(*rows).assign(at=lambda each: each["at"] + timedelta(weeks=1))
    moved = common_concerns(later, since=SINCE + timedelta(weeks=1), until=UNTIL + timedelta(weeks=1))
    pd.testing.assert_frame_equal(moved, common_concerns(raised(*rows), since=SINCE, until=UNTIL))


def test_the_end_is_an_instant_and_not_a_day() -> None:
    late = datetime(2026, 11, 15, 22, 59, 59, tzinfo=UTC)
    requests = raised(*THREE)
    requests.loc[2, "at"] = pd.Timestamp(late)
    assert len(common_concerns(requests, since=SINCE, until=UNTIL)) == 1
