from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.metrics.demand import tightness, waiting
from analytics.metrics.evidence import evidence
from analytics.metrics.supply import demand, shortages, supply, supply_gap, unmet
from analytics.week import parse_week

UNTIL = datetime(2026, 11, 16, tzinfo=UTC)

Request = tuple[str, str | None, str | None, float]


def asked(*rows: Request) -> pd.DataFrame:
    """Return requests by skill, requester, organisation and weeks before ``UNTIL``."""
    frame = pd.DataFrame(rows, columns=["skill", "requester", "organisation", "weeks"], dtype="object")
    at = [UNTIL - timedelta(weeks=weeks) for weeks in frame["weeks"]]
    frame["at"] = pd.Series(at, index=frame.index, dtype="datetime64[us, UTC]")
    return frame.drop(columns="weeks")


def held(**values: list[float]) -> pd.DataFrame:
    """Return evidence of these values by skill, each of another member."""
    rows = [(f"{skill}-{number}", skill, value) for skill, all_ in values.items() for number, value in enumerate(all_)]
    frame = pd.DataFrame(rows, columns=["member", "skill", "value"]).astype({"value": "float64"})
    return frame.assign(rung="helped", last=UNTIL, shown=UNTIL)


def people(skill: str, many: int, tag: str = "") -> list[Request]:
    return [(skill, f"{skill}{tag}-{number}", None, 1) for number in range(many)]


def gap(requests: pd.DataFrame, found: pd.DataFrame, skill: str) -> pd.Series[float]:
    rows = supply_gap(requests, found, UNTIL)
    return rows[rows["skill"] == skill].drop(columns="skill").iloc[0]


def test_one_firm_that_asks_five_times_is_one_requester() -> None:
    firm: list[Request] = [("cnc", f"m{number}", "firm", number) for number in range(1, 6)]
    assert demand(asked(*firm), UNTIL).to_dict() == {"cnc": 1}
    assert demand(asked(*firm, ("cnc", "m1", None, 2), ("cnc", "m1", None, 3)), UNTIL).to_dict() == {"cnc": 2}


def test_a_firm_and_a_person_of_one_name_are_two() -> None:
    assert demand(asked(("cnc", "x", None, 1), ("cnc", "m", "x", 1)), UNTIL).to_dict() == {"cnc": 2}


def test_only_the_last_twelve_weeks_count_and_nobody_is_no_requester() -> None:
    rows = asked(("cnc", "a", None, 12), ("cnc", "b", None, 12.01), ("cnc", "c", None, 0), ("cnc", None, None, 1))
    assert demand(rows, UNTIL).to_dict() == {"cnc": 1}


def test_supply_is_what_holders_have_up_to_one_each() -> None:
    assert supply(held(cnc=[0.25, 0.5, 7.0], laser=[1.0])).to_dict() == {"cnc": 1.75, "laser": 1.0}


def test_capacity_multiplies_where_it_is_known_and_is_one_elsewhere() -> None:
    found = held(cnc=[0.5, 1.0, 2.0])
    assert supply(found, {"cnc-0": 4.0, "cnc-1": 0.0})["cnc"] == pytest.approx(2.0 + 0.0 + 1.0)


def test_who_only_learned_offers_nothing() -> None:
    assert supply(held(cnc=[0.5]).assign(shown=None)).empty


def test_the_gap_is_the_shrunk_log_ratio_and_lies_in_its_interval() -> None:
    # One skill is too little for a fit: k = 0.5
    row = gap(asked(*people("cnc", 7)), held(cnc=[1.0, 0.5]), "cnc")
    assert row["value"] == pytest.approx(np.log(7.5 / 2.0))
    assert row["low"] < row["value"] < row["high"]
    assert row[["demand", "supply", "holders", "n"]].tolist() == [7, 1.5, 2, 7]


def test_a_skill_that_nobody_holds_has_a_gap() -> None:
    assert gap(asked(*people("cnc", 4)), held(), "cnc")["value"] == pytest.approx(np.log(4.5 / 0.5))


def test_a_skill_that_nobody_asked_for_is_no_surplus_but_unknown() -> None:
    row = gap(asked(*people("cnc", 4)), held(laser=[1.0] * 9), "laser")
    assert row[["value", "low", "high"]].isna().all()
    assert row["n"] == 0


def test_nothing_gives_no_row() -> None:
    found = supply_gap(asked(), evidence(held().assign(at=UNTIL, level=None), UNTIL), UNTIL)
    assert found.empty
    assert list(found) == ["skill", "demand", "supply", "holders", "value", "low", "high", "n"]


COUNTS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=8)


def both(counts: list[tuple[int, int]], times: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    requests = [row for number, (d, _) in enumerate(counts) for row in people(f"s{number}", d * times)]
    return asked(*requests), held(**{f"s{number}": [0.5] * (s * times) for number, (_, s) in enumerate(counts)})


@settings(max_examples=25)
@given(COUNTS)
def test_doubling_both_sides_leaves_the_sign(counts: list[tuple[int, int]]) -> None:
    once, twice = (supply_gap(*both(counts, times), UNTIL) for times in (1, 2))
    np.testing.assert_array_equal(np.sign(once["value"].round(9)), np.sign(twice["value"].round(9)))


@settings(max_examples=25)
@given(COUNTS, st.integers(0, 5))
def test_neither_order_nor_repetition_of_requests_changes_anything(counts: list[tuple[int, int]], seed: int) -> None:
    requests, found = both(counts)
    again = pd.concat([requests, requests.head(5)]).sample(frac=1, random_state=seed)
    mixed = found.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(supply_gap(again, mixed, UNTIL), supply_gap(requests, found, UNTIL))


def test_one_more_requester_widens_the_gap_and_one_more_holder_narrows_it() -> None:
    before = gap(asked(*people("cnc", 4)), held(cnc=[1.0] * 3), "cnc")["value"]
    assert gap(asked(*people("cnc", 5)), held(cnc=[1.0] * 3), "cnc")["value"] > before
    assert gap(asked(*people("cnc", 4)), held(cnc=[1.0] * 4), "cnc")["value"] < before


def test_a_skill_is_short_only_where_that_is_sure() -> None:
    requests = asked(*people("cnc", 40), *people("laser", 6), *people("glass", 1))
    found = held(cnc=[1.0] * 9, laser=[1.0] * 4, glass=[1.0] * 30, welding=[1.0])
    assert shortages(supply_gap(requests, found, UNTIL)) == (1.0, 3)


def test_without_a_request_nothing_is_short_or_enough() -> None:
    short, many = shortages(supply_gap(asked(), held(cnc=[1.0]), UNTIL))
    assert np.isnan(short)
    assert many == 0


Case = tuple[list[str], float, float | None, float | None]


def cases(*rows: Case) -> pd.DataFrame:
    """Return requests of skills by days before ``UNTIL``, days until an answer and days until they were closed."""
    frame = pd.DataFrame(rows, columns=["skills", "age", "answer", "close"])
    asked_at = [UNTIL - timedelta(days=age) for age in frame["age"]]
    since = pd.Series(asked_at, index=frame.index, dtype="datetime64[us, UTC]")
    return pd.DataFrame(
        {
            "skills": frame["skills"],
            "requester": [f"m{number}" for number in frame.index],
            "organisation": pd.Series(None, index=frame.index, dtype="object"),
            "requested_at": since,
            "answered_at": since + pd.to_timedelta(frame["answer"].astype("float64"), unit="D"),
            "closed_at": since + pd.to_timedelta(frame["close"].astype("float64"), unit="D"),
        }
    )


def test_a_request_is_unmet_when_nobody_answers_within_14_days() -> None:
    soon, late, never, withdrawn = (30.0, 3.0, None), (30.0, 20.0, None), (30.0, None, None), (30.0, None, 5.0)
    found = unmet(cases(*((["cnc"], *each) for each in (soon, late, never, withdrawn))), UNTIL)
    assert found[["skill", "value", "n"]].to_numpy().tolist() == [["cnc", 0.75, 4]]
    assert 0 <= found["low"][0] < 0.75 < found["high"][0] <= 1


def test_a_request_for_two_skills_waits_for_both() -> None:
    found = unmet(cases((["cnc", "laser"], 20, 1, None), (["laser"], 20, None, None)), UNTIL)
    assert found[["skill", "value"]].to_numpy().tolist() == [["cnc", 0.0], ["laser", 0.5]]


def test_what_is_not_watched_for_14_days_yet_says_nothing() -> None:
    assert unmet(cases((["cnc"], 5, None, None)), UNTIL)["value"].isna().all()
    # An answer is known at once, and the other one still waits: at 14 days nobody knows.
    assert unmet(cases((["cnc"], 5, 1, None), (["cnc"], 5, None, None)), UNTIL)["value"].isna().all()


def test_older_requests_and_those_without_a_skill_do_not_count() -> None:
    assert unmet(cases((["cnc"], 85, 1, None), ([], 20, 1, None)), UNTIL).empty
    assert unmet(cases(), UNTIL).empty


def test_the_rows_of_the_table_say_on_how_many_they_rest() -> None:
    week = parse_week("2026-W46")
    rung = pd.DataFrame({"member": ["a", "b"], "skill": "cnc", "rung": "helped", "level": None, "at": week.since})
    requests = asked(*people("cnc", 3)).assign(at=pd.Timestamp(week.since))
    found = tightness(week, evidence=rung, demand=requests).set_index("metric")
    assert found.loc[["demand", "supply", "gap", "short_skills"], "n"].tolist() == [3, 2, 3, 1]
    assert found["value"]["demand"] == 3
    assert found["value"]["gap"] == pytest.approx(np.log(3.5 / (found["value"]["supply"] + 0.5)))
    assert waiting(week, requests=cases((["cnc"], 20, 1, None)))["metric"].tolist() == ["unmet_share"]
