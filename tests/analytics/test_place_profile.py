from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from analytics.metrics.openness import answered, brokerage_of_places, porosity_of_places
from analytics.metrics.profile import PLACE_METRICS, profile
from analytics.metrics.ranking import drawn_ranks, front_chances
from analytics.metrics.snapshot import snapshot
from analytics.week import parse_week

WEEK = parse_week("2026-W46")
NOW = pd.Timestamp(WEEK.since) + timedelta(days=1)

Case = tuple[str | None, float, float | None, float | None]


def requests(*cases: Case) -> pd.DataFrame:
    """Return requests at a place by days before the end of the week, days to an answer, days until it was closed."""
    frame = pd.DataFrame(cases, columns=["place", "age", "answer", "close"], dtype="object")
    asked = [WEEK.until - timedelta(days=age) for age in frame["age"]]
    since = pd.Series(asked, index=frame.index, dtype="datetime64[us, UTC]")
    return pd.DataFrame(
        {
            "place": frame["place"],
            "requester": [f"m{number}" for number in frame.index],
            "organisation": pd.Series(None, index=frame.index, dtype="object"),
            "requested_at": since,
            "answered_at": since + pd.to_timedelta(frame["answer"].astype("float64"), unit="D"),
            "closed_at": since + pd.to_timedelta(frame["close"].astype("float64"), unit="D"),
        }
    )


def labels(places: str, countries: str = "", facilitators: str = "") -> pd.DataFrame:
    """Return members a, b, c … with the places and the countries of these letters; '-' is not known."""
    members = [chr(ord("a") + number) for number in range(len(places))]
    known = [
        [None if each == "-" else each for each in letters] for letters in (places, countries or "-" * len(places))
    ]
    return pd.DataFrame(
        {
            "member": members,
            "place": pd.Series(known[0], dtype="object"),
            "country": pd.Series(known[1], dtype="object"),
            "facilitator": [member in facilitators for member in members],
        }
    )


def met(*pairs: str) -> pd.DataFrame:
    """Return workshops of these people, one letter each."""
    rows = [(f"w{number}", member, len(pair)) for number, pair in enumerate(pairs) for member in pair]
    return pd.DataFrame(rows, columns=["workshop", "member", "size"]).assign(role="learner", at=NOW)


def helping(*pairs: str) -> pd.DataFrame:
    frame = pd.DataFrame([tuple(pair) for pair in pairs], columns=["requester", "helper"], dtype="str")
    names = [f"a{number}" for number in frame.index]
    return frame.assign(request=names, answer=names, at=NOW, accepted=False)


def showing(**skills: str) -> pd.DataFrame:
    """Return help with skills by the members of these letters."""
    rows = [(member, skill) for skill, members in skills.items() for member in members]
    frame = pd.DataFrame(rows, columns=["member", "skill"], dtype="str")
    return frame.assign(rung="helped", level=None, at=NOW)


def network(pairs: str) -> pd.DataFrame:
    frame = pd.DataFrame([tuple(pair) for pair in pairs.split()], columns=["source", "target"], dtype="str")
    return frame.assign(strength=1.0)


def test_only_requests_that_were_watched_for_14_days_in_13_weeks_count() -> None:
    found = answered(
        requests(
            ("A", 15, 13, None),
            ("A", 15, 15, None),
            ("A", 100, None, None),
            ("A", 13, 1, None),  # not watched long enough, answered or not
            ("A", 106, 1, None),
            (None, 20, 1, None),
        ),
        WEEK.until,
    )
    assert found.to_numpy().tolist() == [["A", 1, 3, 3]]


def test_a_request_that_was_withdrawn_before_anybody_answered_is_no_trial() -> None:
    found = answered(requests(("A", 20, None, 5), ("A", 20, 2, 5), ("A", 40, None, 30)), WEEK.until)
    assert found[["successes", "trials"]].to_numpy().tolist() == [[1, 2]]


def test_a_firm_asks_as_one_and_the_unknown_as_nobody() -> None:
    rows = requests(*[("A", 20, 1, None)] * 4)
    rows["organisation"] = pd.Series(["o", "o", None, None], dtype="object")
    rows["requester"] = pd.Series(["m", "n", "m", None], dtype="object")
    assert answered(rows, WEEK.until)[["trials", "n"]].to_numpy().tolist() == [[4, 2]]


def test_a_place_whose_people_meet_everybody_alike_is_as_open_as_chance() -> None:
    everybody = "ab ac ad bc bd cd"
    found, _ = porosity_of_places(snapshot(network(everybody), directed=False), labels("AABB"))
    assert found["value"].tolist() == pytest.approx([1, 1])
    assert found["n"].tolist() == [2, 2]


def test_who_keeps_to_themselves_is_not_open_and_who_meets_others_only_is_more_than_chance() -> None:
    found, _ = porosity_of_places(snapshot(network("ab cd ce de ef"), directed=False), labels("AABBBC"))
    assert found["value"].tolist()[0] == 0
    assert found["value"].tolist()[2] == pytest.approx(1 / (5 / 5))
    # B: seven ends of ties, one of them to C; by chance three of the five others are elsewhere.
    assert found["value"].tolist()[1] == pytest.approx((1 / 7) / (3 / 5))


def test_an_idle_place_is_not_less_open_than_a_busy_one_that_is_as_open() -> None:
    busy = network("ab ac ad ab").assign(strength=[5.0, 5.0, 5.0, 5.0])
    idle = pd.concat([busy, network("ec")])
    found, _ = porosity_of_places(snapshot(idle.drop_duplicates(["source", "target"]), directed=False), labels("AABBC"))
    assert found["value"].tolist()[2] == 1


def test_abroad_is_another_country_than_that_of_most_members() -> None:
    people = labels("AAAB-C", countries="FFCCCF")
    found, _ = porosity_of_places(snapshot(network("ad bf ab ae"), directed=False), people, abroad=True)
    # A is of F: of five ends with people of known places (a-d, a-b twice, b-f) one goes to C, one of the four others.
    assert found["value"].tolist()[0] == pytest.approx((1 / 4) / (1 / 3))


def test_where_there_is_nobody_else_to_meet_openness_is_not_defined() -> None:
    one, _ = porosity_of_places(snapshot(network("ab"), directed=False), labels("AA"))
    assert one["value"].isna().all()
    home, _ = porosity_of_places(snapshot(network("ab"), directed=False), labels("AB", "FF"), abroad=True)
    assert home["value"].isna().all()
    none, _ = porosity_of_places(snapshot(network(""), directed=False), labels("AB"))
    assert none["value"].isna().all()
    assert none["n"].tolist() == [0, 0]


def test_a_place_that_carries_help_across_is_above_chance_and_a_facilitator_is_left_out() -> None:
    paths = snapshot(network("ab bc db be fg"), directed=True)
    found = brokerage_of_places(paths, labels("ABCAAAA"))
    assert found["place"].tolist() == ["A", "B", "C"]
    assert found["value"].tolist()[1] > 1
    animated = brokerage_of_places(paths, labels("ABCAAAA", facilitators="b"))
    assert animated["value"].isna().all()


def test_ranks_that_are_drawn_say_what_cannot_be_told_apart() -> None:
    rng = np.random.default_rng(1)
    draws = np.vstack([rng.normal(0, 1, (3, 400)), rng.normal(50, 1, (1, 400)), np.full((1, 400), np.nan)])
    found = drawn_ranks(draws)
    assert found.to_numpy()[3].tolist() == [1, 1, 1]
    assert found[["rank_low", "rank_high"]].to_numpy()[:3].tolist() == [[2, 4]] * 3
    assert np.isnan(found.to_numpy()[4]).all()
    assert drawn_ranks(np.empty((0, 9))).empty
    assert drawn_ranks(np.full((2, 9), np.nan)).isna().all(axis=None)


def test_the_share_of_draws_on_the_front_is_counted() -> None:
    always = [[2.0, 2.0], [2.0, 2.0]]
    sometimes = [[1.0, 3.0], [1.0, 1.0]]
    unknown = [[np.nan, 0.0], [np.nan, 0.0]]
    draws = np.array([always, sometimes, unknown]).swapaxes(0, 1)
    assert front_chances(draws).tolist() == [1, 0.5, 1]


def told(places: str = "AAAABBBB", *, skills: dict[str, str] | None = None) -> pd.DataFrame:
    return profile(
        WEEK,
        evidence=showing(**(skills or {"cnc": "abcefg", "laser": "abef", "glass": "cdgh"})),
        labels=labels(places, "FFFFCCCC"[: len(places)]),
        requests=requests(("A", 20, 1, None), ("A", 30, 2, None), ("B", 20, None, None)),
        participation=met("ab", "ae", "ef", "gh", "cd"),
        answers=helping("ab", "be", "ef"),
    )


def test_a_profile_has_every_figure_of_every_place_and_no_score() -> None:
    rows = told()
    assert set(rows["metric"]) == {metric.name for metric in PLACE_METRICS}
    assert rows.groupby("metric")["subject"].agg(list).tolist() == [["A", "B"]] * len(PLACE_METRICS)
    assert set(rows["subject_kind"]) == {"place"}
    values = rows.set_index(["metric", "subject"])["value"]
    assert values["place_holders"].to_dict() == {"A": 4, "B": 4}
    assert values["place_answered"].to_dict() == pytest.approx({"A": 2.5 / 3, "B": 0.5 / 2})
    assert values["place_front"]["A"] > values["place_front"]["B"]


def test_a_profile_depends_neither_on_the_order_of_rows_nor_on_what_happens_later() -> None:
    evidence, people = showing(cnc="abcefg", laser="abef", glass="cdgh"), labels("AAAABBBB", "FFFFCCCC")
    asked, there, given = requests(("A", 20, 1, None), ("B", 20, 9, None)), met("ab", "ae", "ef"), helping("ab", "be")
    frames = {"evidence": evidence, "requests": asked, "participation": there, "answers": given, "labels": people}
    found = profile(WEEK, **frames)
    mixed = {name: frame.sample(frac=1, random_state=3) for name, frame in frames.items()}
    pd.testing.assert_frame_equal(profile(WEEK, **mixed), found)
    later = evidence.assign(at=WEEK.until, member="b", skill="new")
    pd.testing.assert_frame_equal(profile(WEEK, **{**frames, "evidence": pd.concat([evidence, later])}), found)


def test_a_single_place_has_the_first_rank_and_nothing_to_be_held_against() -> None:
    rows = told("AAAAAAAA").set_index(["metric", "subject"])["value"]
    assert rows["place_breadth_rank"]["A"] == 1
    assert rows["place_front"].to_dict() == {"A": 1, "B": 1}  # B is where somebody asked: nothing else is known of it
    assert np.isnan(rows["place_porosity"]["A"])
    assert rows["place_specialities"]["A"] == 0


def test_without_an_event_a_place_has_nothing_but_undefined_openness() -> None:
    rows = profile(
        WEEK,
        evidence=showing(),
        labels=labels("AB"),
        requests=requests(),
        participation=met(),
        answers=helping(),
    )
    assert set(rows["metric"]) == {
        "place_porosity",
        "place_porosity_rank",
        "place_porosity_abroad",
        "place_brokerage",
        "place_front",
    }
    assert rows.loc[rows["metric"] != "place_front", "value"].isna().all()


def test_no_place_gives_no_row() -> None:
    rows = profile(
        WEEK,
        evidence=showing(cnc="a"),
        labels=labels("-"),
        requests=requests(),
        participation=met("ab"),
        answers=helping("ab"),
    )
    assert rows.empty
