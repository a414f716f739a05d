from __future__ import annotations

from datetime import date

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.metrics.skill import skill_week

MONDAY, NEXT = date(2026, 11, 2), date(2026, 11, 9)
COLUMNS = ["skill", "week", "kind", "occasion", "member", "role"]

Row = tuple[str, date, str, str, str | None, str | None]


def occasions(*rows: Row) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


def counts(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    return [tuple(row) for row in skill_week(frame).itertuples(index=False)]


def test_a_workshop_is_one_event_with_its_people_and_its_learners() -> None:
    workshop = [
        ("laser", MONDAY, "workshop", "w1", "m1", "learner"),
        ("laser", MONDAY, "workshop", "w1", "m2", "learner"),
        ("laser", MONDAY, "workshop", "w1", "m3", "instructor"),
    ]
    assert counts(occasions(*workshop)) == [("laser", MONDAY, 1, 3, 2, 0, 0)]


def test_a_request_with_a_deleted_requester_is_asked_but_is_nobody() -> None:
    assert counts(occasions(("cnc", MONDAY, "request", "r1", None, None))) == [("cnc", MONDAY, 1, 0, 0, 1, 0)]


def test_somebody_who_asks_answers_and_learns_is_one_person() -> None:
    rows: list[Row] = [
        ("cnc", MONDAY, "request", "r1", "m1", None),
        ("cnc", MONDAY, "answer", "a1", "m1", None),
        ("cnc", MONDAY, "workshop", "w1", "m1", "learner"),
        ("cnc", MONDAY, "use", "u1", "m1", None),
        ("cnc", MONDAY, "statement", "s1", "m1", None),
    ]
    assert counts(occasions(*rows)) == [("cnc", MONDAY, 5, 1, 1, 1, 1)]


def test_the_same_id_in_two_kinds_is_two_events() -> None:
    rows: list[Row] = [("cnc", MONDAY, "request", "1", "m1", None), ("cnc", MONDAY, "answer", "1", "m2", None)]
    assert counts(occasions(*rows)) == [("cnc", MONDAY, 2, 2, 0, 1, 1)]


def test_two_roles_at_one_workshop_are_one_person_and_one_event() -> None:
    rows: list[Row] = [
        ("r", MONDAY, "workshop", "w1", "m1", "learner"),
        ("r", MONDAY, "workshop", "w1", "m1", "helper"),
    ]
    assert counts(occasions(*rows)) == [("r", MONDAY, 1, 1, 1, 0, 0)]


def test_skills_and_weeks_are_apart_and_in_order() -> None:
    rows: list[Row] = [
        ("b", MONDAY, "use", "u1", "m1", None),
        ("a", NEXT, "use", "u2", "m1", None),
        ("a", MONDAY, "use", "u3", "m1", None),
    ]
    assert [row[:2] for row in counts(occasions(*rows))] == [("a", MONDAY), ("a", NEXT), ("b", MONDAY)]


def test_no_occasion_gives_no_row() -> None:
    empty = skill_week(occasions())
    assert list(empty.columns) == ["skill", "week", "events", "people", "learned", "asked", "answered"]
    assert empty.empty


def test_an_open_workshop_without_names_is_an_event() -> None:
    assert counts(occasions(("laser", MONDAY, "workshop", "w1", None, None))) == [("laser", MONDAY, 1, 0, 0, 0, 0)]


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]),
        st.sampled_from([MONDAY, NEXT]),
        st.sampled_from(["workshop", "request", "answer", "use", "statement"]),
        st.sampled_from(["1", "2", "3"]),
        st.sampled_from([None, "m1", "m2", "m3"]),
        st.sampled_from([None, "learner", "instructor"]),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(rows=ROWS, seed=st.integers(0, 99))
def test_order_and_repetition_change_nothing(rows: list[Row], seed: int) -> None:
    once = occasions(*rows)
    again = pd.concat([once, once]).sample(frac=1, random_state=seed)
    assert counts(again) == counts(once)


@settings(max_examples=40, deadline=None)
@given(rows=ROWS)
def test_no_part_exceeds_the_whole(rows: list[Row]) -> None:
    table = skill_week(occasions(*rows))
    assert (table["asked"] + table["answered"] <= table["events"]).all()
    assert (table["learned"] <= table["people"]).all()
    assert (table["events"] >= 1).all()
