from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.metrics.absence import (
    absence,
    absence_factors,
    absence_places,
    active_holders,
    evidenced_holders,
    fragile_share,
    rarefied,
)
from analytics.metrics.evidence import LADDER, evidence, pieces
from analytics.metrics.holding import HOLDING_METRICS, holding
from analytics.week import parse_week

UNTIL = datetime(2026, 11, 16, tzinfo=UTC)
CHAOSS = [1000, 202, 90, 33, 332, 343, 42, 433]

Piece = tuple[str | None, str, str, int | None, float]


def told(*rows: Piece) -> pd.DataFrame:
    """Return evidence by member, skill, rung, level and weeks before ``UNTIL``."""
    frame = pd.DataFrame(rows, columns=["member", "skill", "rung", "level", "weeks"])
    at = [UNTIL - timedelta(weeks=weeks) for weeks in frame["weeks"]]
    frame["at"] = pd.Series(at, index=frame.index, dtype="datetime64[us, UTC]")
    return frame.drop(columns="weeks")


def value(*rows: Piece) -> float:
    return float(evidence(told(*rows), UNTIL)["value"].sum())


def skilled(skill: str, *pieces_each: int, rung: str = "helped") -> pd.DataFrame:
    """Return so many pieces of evidence for each of some people, minutes apart in the last week."""
    return told(
        *(
            (f"m{number}", skill, rung, None, 0.1 + each / 1e5)
            for number, many in enumerate(pieces_each)
            for each in range(many)
        )
    )


@pytest.mark.parametrize("rung", LADDER)
def test_a_piece_is_worth_half_after_its_half_life(rung: str) -> None:
    half_life = LADDER[rung].half_life_weeks
    assert value(("m", "cnc", rung, None, half_life)) == pytest.approx(LADDER[rung].weight / 2)
    assert value(("m", "cnc", rung, None, 2 * half_life)) == pytest.approx(LADDER[rung].weight / 4)


def test_fresh_evidence_weighs_more_on_each_higher_rung() -> None:
    climb = ["declared", "learned", "used", "taught", "helped"]
    values = [value(("m", "cnc", rung, None, 0.001)) for rung in climb]
    assert values == sorted(values)
    assert len(set(values)) == len(climb)
    assert value(("m", "cnc", "certified", 3, 0.001)) < value(("m", "cnc", "learned", None, 0.001))


def test_a_certificate_counts_by_its_level_and_a_declaration_does_not() -> None:
    assert value(("m", "cnc", "certified", 3, 52)) == pytest.approx(0.15 * 3 / 2)
    assert value(("m", "cnc", "certified", None, 52)) == pytest.approx(0.15 / 2)
    assert value(("m", "cnc", "declared", 3, 26)) == pytest.approx(0.15 / 2)


def test_pieces_add_up_and_the_highest_rung_and_the_latest_time_are_told() -> None:
    rows = told(("m", "cnc", "helped", None, 52), ("m", "cnc", "used", None, 26), ("m", "cnc", "learned", None, 0.5))
    found = evidence(rows, UNTIL)
    assert found["value"].tolist() == pytest.approx([0.5 + 0.3 + 0.5 * 2 ** (-0.5 / 26)])
    assert found[["member", "skill", "rung"]].to_numpy().tolist() == [["m", "cnc", "helped"]]
    assert found["last"].tolist() == [UNTIL - timedelta(weeks=0.5)]
    assert found["shown"].tolist() == [UNTIL - timedelta(weeks=26)]


def test_saying_it_again_replaces_a_statement_and_doing_it_again_adds() -> None:
    again = [("m", "cnc", "declared", 1, weeks) for weeks in (26, 30, 40)]
    assert value(*again) == pytest.approx(0.15 / 2)
    down = [("m", "cnc", "certified", 3, 60), ("m", "cnc", "certified", 1, 52)]
    assert value(*down) == pytest.approx(0.15 / 2)
    assert value(("m", "cnc", "used", None, 26), ("m", "cnc", "used", None, 52)) == pytest.approx(0.3 + 0.15)


def test_a_lapse_ends_what_was_stated_or_used_before_it_and_nothing_else() -> None:
    before = [("m", "cnc", rung, 1, 30) for rung in LADDER]
    lapse = ("m", "cnc", "lapsed", None, 20)
    left = pieces(told(*before, lapse), UNTIL)
    assert sorted(left["rung"]) == ["helped", "learned", "taught"]
    others = [("m", "laser", "used", None, 30), ("n", "cnc", "used", None, 30)]
    assert len(pieces(told(*others, lapse), UNTIL)) == 2


def test_what_is_renewed_after_or_at_a_lapse_stands() -> None:
    lapse = ("m", "cnc", "lapsed", None, 20)
    assert len(pieces(told(lapse, ("m", "cnc", "certified", 2, 20)), UNTIL)) == 1
    assert len(pieces(told(lapse, ("m", "cnc", "certified", 2, 30), ("m", "cnc", "used", None, 10)), UNTIL)) == 1


def test_a_lapse_that_is_not_known_yet_ends_nothing() -> None:
    used, lapse = ("m", "cnc", "used", None, 30), ("m", "cnc", "lapsed", None, -1)
    assert value(used, lapse) == value(used)


def test_what_happens_at_the_end_or_later_and_what_is_three_years_old_does_not_count() -> None:
    assert evidence(told(("m", "cnc", "helped", None, 0), ("m", "cnc", "helped", None, 157)), UNTIL).empty


def test_a_deleted_account_holds_nothing() -> None:
    assert evidence(told((None, "cnc", "helped", None, 1)), UNTIL).empty


def test_a_rung_that_is_not_on_the_ladder_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown rung 'dreamt'"):
        evidence(told(("m", "cnc", "dreamt", None, 1)), UNTIL)


def test_who_only_learned_has_evidence_but_is_no_holder() -> None:
    found = evidence(told(("m", "cnc", "learned", None, 1), ("n", "cnc", "helped", None, 1)), UNTIL)
    assert list(found["member"]) == ["m", "n"]
    assert active_holders(found, UNTIL)[["value", "n"]].to_numpy().tolist() == [[1, 1]]
    assert absence_factors(found)["value"].tolist() == [1]


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["m1", "m2", "m3"]),
        st.sampled_from(["cnc", "laser"]),
        st.sampled_from([*LADDER, "lapsed"]),
        st.sampled_from([None, 1, 2, 3]),
        st.integers(-3, 170),
    ),
    max_size=25,
)


@settings(max_examples=20)
@given(ROWS, st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_of_rows_changes_anything(rows: list[Piece], random: object) -> None:
    mixed = rows + rows[: len(rows) // 2]
    random.shuffle(mixed)  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(evidence(told(*mixed), UNTIL), evidence(told(*rows), UNTIL))
    pd.testing.assert_frame_equal(rarefied(pieces(told(*mixed), UNTIL), 3), rarefied(pieces(told(*rows), UNTIL), 3))


@settings(max_examples=20)
@given(ROWS)
def test_evidence_is_above_zero_and_another_piece_of_help_adds_just_its_weight(rows: list[Piece]) -> None:
    assert (evidence(told(*rows), UNTIL)["value"] > 0).all()
    more = value(*rows, ("m1", "cnc", "helped", None, 5.5)) - value(*rows)
    assert more == pytest.approx(2 ** (-5.5 / 52))


def test_the_worked_example_of_chaoss_gives_two() -> None:
    assert absence(CHAOSS) == 2
    assert absence(CHAOSS, 0.8) == 4  # 1000 + 433 + 343 + 332 of 2475


def test_one_person_with_everything_is_one_and_never_none() -> None:
    assert [absence([7.0]), absence([7.0], 0.8), absence([7.0, 0.0])] == [1, 1, 1]
    assert absence([0.1, 1e9]) == 1


def test_exactly_half_is_enough() -> None:
    assert absence([0.1] * 10) == 5
    assert absence([1 / 3] * 6) == 3


@pytest.mark.parametrize("nothing", [[], [0.0, 0.0]])
def test_without_evidence_the_factor_is_not_defined(nothing: list[float]) -> None:
    assert np.isnan(absence(nothing))


@settings(max_examples=40)
@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=20), st.floats(0.01, 50))
def test_the_factor_is_no_more_than_its_share_of_people_and_knows_neither_unit_nor_order(
    values: list[float], unit: float
) -> None:
    half, most = absence(values), absence(values, 0.8)
    assert 1 <= half <= most <= len(values)
    assert half <= np.ceil(len(values) / 2)
    assert absence([unit * each for each in reversed(values)]) == half
    assert absence([*values, max(values)], 0.5) >= half or half == 1


def test_each_skill_has_its_factor_and_the_number_of_its_holders() -> None:
    rows = pd.concat([skilled("cnc", 3, 3, 3), skilled("laser", 9, 1), skilled("welding", 4, rung="learned")])
    found = absence_factors(evidence(rows, UNTIL))
    assert found["skill"].tolist() == ["cnc", "laser", "welding"]
    assert found["value"].tolist()[:2] == [2, 1]
    assert np.isnan(found["value"][2])
    assert found["n"].tolist() == [3, 2, 0]


def test_a_holder_is_active_for_180_days_after_showing_the_skill() -> None:
    rows = told(("m", "cnc", "helped", None, 25), ("n", "cnc", "helped", None, 26), ("n", "cnc", "learned", None, 1))
    assert active_holders(evidence(rows, UNTIL), UNTIL).to_numpy().tolist() == [["cnc", 1.0, 2]]


def test_a_skill_with_one_active_holder_is_fragile_and_a_skill_without_any_is_not_counted() -> None:
    rows = pd.concat([skilled("cnc", 3), skilled("laser", 1, 1), skilled("glass", 1, rung="learned")])
    active = active_holders(evidence(rows, UNTIL), UNTIL)
    assert fragile_share(active) == (0.5, 2)
    assert fragile_share(active, among=["cnc", "nobody knows"]) == (1.0, 1)
    share, many = fragile_share(active, among=["glass"])
    assert np.isnan(share)
    assert many == 0


def test_at_equal_counts_the_same_people_give_the_same_factor_however_much_was_seen() -> None:
    rng = np.random.default_rng(2)
    weights = rng.lognormal(0, 1.5, 40)
    little, much = (skilled("cnc", *rng.multinomial(many, weights / weights.sum())) for many in (40, 800))
    whole = [absence_factors(evidence(rows, UNTIL))["value"][0] for rows in (little, much)]
    equal = [rarefied(pieces(rows, UNTIL))["value"][0] for rows in (little, much)]
    assert abs(equal[1] - equal[0]) < 0.5
    assert abs(equal[1] - equal[0]) <= abs(whole[1] - whole[0])
    assert max(equal) < min(whole) + 0.5


def test_drawing_everything_gives_the_factor_itself() -> None:
    rows = skilled("cnc", 6, 2, 1, 1)
    assert rarefied(pieces(rows, UNTIL), count=10).to_numpy().tolist() == [["cnc", 1, 1, 1, 4]]
    assert rarefied(pieces(rows, UNTIL), count=10, share=0.75)["value"].tolist() == [2]


def test_draws_are_fair() -> None:
    # Of four pieces three are one person's. Three drawn leave out the other person's once in four times.
    rows = skilled("cnc", 3, 1)
    assert rarefied(pieces(rows, UNTIL), count=3, share=0.8)["value"][0] == pytest.approx(1.75, abs=0.1)


def test_too_few_pieces_for_the_count_are_no_figure() -> None:
    found = rarefied(pieces(skilled("cnc", 4, 5), UNTIL), count=10)
    assert found[["value", "low", "high"]].isna().all(axis=None)
    assert found["n"].tolist() == [2]


def test_no_evidence_gives_empty_frames() -> None:
    nothing = told()
    found = evidence(nothing, UNTIL)
    assert found.empty
    assert list(found) == ["member", "skill", "value", "rung", "last", "shown"]
    assert all(
        frame.empty
        for frame in (absence_factors(found), active_holders(found, UNTIL), rarefied(pieces(nothing, UNTIL)))
    )
    assert np.isnan(fragile_share(active_holders(found, UNTIL))[0])


def labels(places: str) -> pd.DataFrame:
    """Return members m0, m1 … at the places of these letters; '-' is not known."""
    known = [None if place == "-" else place for place in places]
    return pd.DataFrame({"member": [f"m{number}" for number in range(len(places))], "place": known}, dtype="object")


def test_who_says_so_or_is_certified_is_a_holder_without_evidence() -> None:
    rows = told(
        ("m1", "cnc", "declared", 1, 1),
        ("m2", "cnc", "certified", 3, 1),
        ("m3", "cnc", "certified", 3, 1),
        ("m3", "cnc", "used", None, 9),
        ("m4", "cnc", "learned", None, 1),
    )
    assert evidenced_holders(evidence(rows, UNTIL)).to_numpy().tolist() == [["cnc", 1.0, 3]]


def test_half_a_skill_is_at_the_place_of_its_strongest_holder_or_at_several() -> None:
    found = evidence(pd.concat([skilled("cnc", 6, 2, 2, 1), skilled("laser", 1, 1, 1, 1)]), UNTIL)
    assert absence_places(found, labels("ABBC"))["value"].tolist() == [1, 1]
    assert absence_places(found, labels("ABCD"))["value"].tolist() == [1, 2]
    assert absence_places(found, labels("AAAA"))["value"].tolist() == [1, 1]
    assert absence_places(found, labels("AB--"))[["value", "n"]].to_numpy().tolist() == [[1, 2], [1, 2]]


def test_a_skill_of_members_without_a_place_has_no_factor_of_places() -> None:
    found = absence_places(evidence(skilled("cnc", 3, 1), UNTIL), labels("--"))
    assert np.isnan(found["value"][0])
    assert found["n"].tolist() == [0]


def test_the_table_has_a_row_for_every_figure_that_is_computed_and_no_other() -> None:
    found = holding(parse_week("2026-W46"), evidence=skilled("cnc", 7, 4), labels=labels("AB"))
    assert set(found["metric"]) == {metric.name for metric in HOLDING_METRICS}
    kinds = {metric.name: metric.subject_kind for metric in HOLDING_METRICS}
    assert found["metric"].map(kinds).tolist() == found["subject_kind"].tolist()
    values = found.set_index("metric")["value"]
    assert values[["absence_factor", "active_holders", "fragile_share"]].tolist() == [1, 2, 0]


def test_a_week_without_evidence_has_no_row_but_the_undefined_share() -> None:
    found = holding(parse_week("2026-W46"), evidence=told(), labels=labels(""))
    assert found["metric"].tolist() == ["fragile_share"]
    assert found["value"].isna().all()
    assert found["n"].tolist() == [0]
