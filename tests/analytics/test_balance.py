from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from analytics.metrics.balance import BALANCE_METRICS, balance
from analytics.week import parse_week

WEEK = parse_week("2026-W46")
NOW = pd.Timestamp(WEEK.since)


def workshops(*countries: str | None) -> pd.DataFrame:
    frame = pd.DataFrame({"country": pd.Series(countries, dtype="object")})
    return frame.assign(workshop=[f"w{number}" for number in frame.index], place="p", at=NOW)


def there(*rows: tuple[str, str]) -> pd.DataFrame:
    """Return participations in one workshop: a member and a role each."""
    return pd.DataFrame(rows, columns=["member", "role"], dtype="str").assign(workshop="w", at=NOW, size=len(rows))


def helping(*pairs: str) -> pd.DataFrame:
    """Return answers by requester and helper, one letter each."""
    frame = pd.DataFrame([tuple(pair) for pair in pairs], columns=["requester", "helper"], dtype="str")
    names = [f"a{number}" for number in frame.index]
    return frame.assign(request=names, answer=names, at=NOW, accepted=False)


def people(countries: str, facilitators: str = "") -> pd.DataFrame:
    """Return members a, b, c … of F(rance), C(H) or '-' (not known)."""
    members = [chr(ord("a") + number) for number in range(len(countries))]
    known = {"F": "FR", "C": "CH", "-": None}
    return pd.DataFrame(
        {
            "member": members,
            "country": pd.Series([known[each] for each in countries], dtype="object"),
            "facilitator": [member in facilitators for member in members],
        }
    )


def shown(
    labels: pd.DataFrame, *, held: pd.DataFrame | None = None, met: pd.DataFrame | None = None, given: str = ""
) -> pd.DataFrame:
    rows = balance(
        WEEK,
        workshops=workshops() if held is None else held,
        participation=there() if met is None else met,
        answers=helping(*given.split()),
        labels=labels,
    )
    return rows.set_index(["metric", "subject"])


def row(rows: pd.DataFrame, metric: str, country: str) -> pd.Series[float]:
    flat = rows.reset_index()
    chosen = flat[(flat["metric"] == metric) & (flat["subject"] == country)]
    return chosen[["value", "low", "high", "n"]].astype("float64").iloc[0]


def test_workshops_are_those_of_the_country_where_they_took_place() -> None:
    rows = shown(people(""), held=workshops("FR", "FR", "FR", "CH", None))
    assert rows["value"]["balance_workshops"].to_dict() == {"CH": 1, "FR": 3}
    share = row(rows, "balance_workshops_share", "FR")
    assert [share["value"], share["n"]] == [0.75, 3]
    assert [share["low"], share["high"]] == pytest.approx(beta(3.5, 1.5).ppf([0.05, 0.95]).tolist())


def test_people_are_of_their_own_country_and_each_counts_once() -> None:
    met = there(("a", "instructor"), ("a", "instructor"), ("b", "instructor"), ("c", "learner"), ("d", "organiser"))
    rows = shown(people("FCCF", facilitators="d"), met=met)
    assert rows["value"]["balance_teachers"].to_dict() == {"CH": 1, "FR": 1}
    assert rows["value"]["balance_facilitators"].to_dict() == {"CH": 0, "FR": 1}
    assert rows["value"]["balance_people"].to_dict() == {"CH": 2, "FR": 2}


def test_a_facilitator_who_was_not_seen_was_not_at_work() -> None:
    rows = shown(people("FF", facilitators="ab"), given="ba")
    assert rows["value"]["balance_facilitators"].to_dict() == {"FR": 2}
    assert "balance_facilitators" not in shown(people("FF", facilitators="ab")).index


def test_answers_are_given_by_one_country_and_received_by_the_other() -> None:
    rows = shown(people("FFC"), given="ca ca cb ac")
    assert rows["value"]["balance_answers_given"].to_dict() == {"CH": 1, "FR": 3}
    assert rows["value"]["balance_answers_received"].to_dict() == {"CH": 3, "FR": 1}
    assert rows["n"]["balance_answers_given"].to_dict() == {"CH": 1, "FR": 2}


def test_answers_to_oneself_and_of_unknown_countries_are_no_part_of_it() -> None:
    rows = shown(people("FC-"), given="aa ab cb bc")
    assert rows["value"]["balance_answers_given"].to_dict() == {"CH": 2, "FR": 0}
    assert rows["value"]["balance_answers_received"].to_dict() == {"CH": 1, "FR": 1}


def test_ten_answers_of_one_person_are_not_ten_cases() -> None:
    alone = row(shown(people("FC"), given=" ".join(["ba"] * 10)), "balance_answers_given_share", "FR")
    many = shown(people("FFFFFFFFFFC"), given=" ".join(f"k{each}" for each in "abcdefghij"))
    among = row(many, "balance_answers_given_share", "FR")
    assert alone["value"] == among["value"] == 1
    assert alone["low"] == pytest.approx(beta(1.5, 0.5).ppf(0.05))
    assert among["low"] == pytest.approx(beta(10.5, 0.5).ppf(0.05))


def test_a_single_country_has_it_all() -> None:
    rows = shown(people("FF"), held=workshops("FR"), given="ab")
    shares = rows[rows.index.get_level_values("metric").str.endswith("_share")].dropna(subset=["value"])
    assert set(shares["value"]) == {1.0}
    assert (shares["low"] < 1).all()
    assert set(shares["high"]) == {1.0}


def test_what_is_nowhere_seen_has_no_share() -> None:
    share = row(shown(people(""), held=workshops("FR")), "balance_answers_given_share", "FR")
    assert share[["value", "low", "high"]].isna().all()
    assert shown(people("")).empty


def test_what_is_older_than_13_weeks_or_after_the_week_does_not_count() -> None:
    held = workshops("FR", "CH", "CH")
    first = (WEEK + -12).since
    held["at"] = [first, first - timedelta(seconds=1), WEEK.until]
    assert shown(people(""), held=held)["value"]["balance_workshops"].to_dict() == {"FR": 1}


def test_the_table_has_a_row_for_every_figure_and_no_other() -> None:
    rows = shown(people("FC", facilitators="a"), held=workshops("FR"), met=there(("a", "instructor")), given="ab")
    assert set(rows.index.get_level_values("metric")) == {metric.name for metric in BALANCE_METRICS}
    assert set(rows["subject_kind"]) == {"country"}


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")).map("".join), max_size=20),
    st.integers(0, 9),
)
def test_shares_add_up_lie_in_their_intervals_and_know_no_order(pairs: list[str], seed: int) -> None:
    labels, given_ = people("FFCC-F", facilitators="b"), helping(*pairs)
    none = {"workshops": workshops("FR", "CH"), "participation": there()}
    rows = balance(WEEK, answers=given_, labels=labels, **none)
    shares = rows[rows["metric"].str.endswith("_share")]
    totals = shares.groupby("metric")["value"].sum(min_count=1).dropna()
    np.testing.assert_allclose(totals, 1)
    known = shares.dropna(subset=["value"])
    assert ((known["low"] <= known["value"]) & (known["value"] <= known["high"])).all()
    again = balance(WEEK, answers=given_.sample(frac=1, random_state=seed), labels=labels, **none)
    pd.testing.assert_frame_equal(again, rows)
