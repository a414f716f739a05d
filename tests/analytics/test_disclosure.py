from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.disclosure import (
    MISSING,
    WITHHELD,
    WORDS,
    ZERO,
    Cell,
    Parts,
    Thresholds,
    publishable,
    publishable_column,
    publishable_parts,
)
from producers.errors import SettingError, UsageError

K = 5


def persons(*numbers: int, total: int | None = None) -> Parts:
    """Return counts of persons beside their total."""
    whole = sum(numbers) if total is None else total
    return publishable_parts(numbers, people=numbers, total=whole, total_people=whole)


def marks(parts: Parts) -> list[str]:
    return [cell.mark for cell in (*parts.parts, parts.total)]


@pytest.mark.parametrize(("number", "mark"), [(0, "zero"), (1, "suppressed"), (4, "suppressed"), (5, "shown")])
def test_a_count_of_persons_is_shown_from_five_on(number: int, mark: str) -> None:
    assert publishable(number, people=number).mark == mark


def test_events_of_few_persons_are_hidden_and_do_not_pose_as_few_events() -> None:
    cell = publishable(40, people=3)
    assert (cell.mark, cell.text("fr"), cell.text("en")) == (
        "suppressed",
        "moins de 5 personnes",
        "fewer than 5 people",
    )


def test_events_of_persons_who_are_not_known_are_hidden() -> None:
    assert publishable(2, people=0).mark == "suppressed"


def test_a_rate_needs_its_people() -> None:
    assert publishable(0.5, people=5) == Cell(0.5, "shown")
    assert publishable(0.5, people=4).value is None


def test_a_zero_that_tells_about_three_persons_is_hidden() -> None:
    assert publishable(0.0, people=3).mark == "suppressed"
    assert publishable(0.0, people=30) == ZERO


@pytest.mark.parametrize("value", [None, float("nan")])
def test_missing_stays_missing_whoever_is_behind(value: float | None) -> None:
    assert publishable(value, people=0) == publishable(value, people=3) == publishable(value, people=50) == MISSING


def test_a_figure_about_no_person_is_shown() -> None:
    assert publishable(2, people=None) == Cell(2.0, "shown")
    assert publishable(0, people=None) == ZERO


def test_organisations_need_three_of_which_none_dominates() -> None:
    assert publishable(10, people=10, organisations=[5, 5]) == WITHHELD
    assert publishable(10, people=10, organisations=[4, 3, 3, 0]).mark == "shown"
    assert publishable(100, people=100, organisations=[86, 7, 7]) == WITHHELD
    assert publishable(100, people=100, organisations=[85, 8, 7]).mark == "shown"
    assert publishable(0, people=0, organisations=[]) == ZERO


def test_the_words_for_hidden_missing_and_zero() -> None:
    cells = [publishable(3, people=3), MISSING, ZERO, WITHHELD]
    assert [cell.text("fr") for cell in cells] == ["moins de 5", "pas de données", "0", "non publié"]
    assert [cell.text("en") for cell in cells] == ["fewer than 5", "no data", "0", "not published"]
    assert [cell.text("de") for cell in cells] == ["weniger als 5", "keine Daten", "0", "nicht veröffentlicht"]


def test_a_number_is_written_as_the_caller_writes_numbers() -> None:
    assert publishable(12.5, people=9).text("fr", lambda number: f"{number:.1f}".replace(".", ",")) == "12,5"


def test_another_threshold_is_printed_as_such_and_kept_in_its_range() -> None:
    assert publishable(9, people=9, thresholds=Thresholds(people=11)).text("fr") == "moins de 11"
    with pytest.raises(SettingError, match="expected 3 to 11"):
        Thresholds(people=2)


def test_an_unknown_language_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"known: de, en, fr"):
        ZERO.text("xx")


def test_a_column_keeps_its_order_and_needs_one_number_of_people_a_value() -> None:
    cells = publishable_column([0.5, None, 0.1], people=[9, 9, 2])
    assert [cell.mark for cell in cells] == ["shown", "missing", "suppressed"]
    assert publishable_column([3], people=None) == (Cell(3.0, "shown"),)
    with pytest.raises(UsageError, match="2 values and 1 numbers of people"):
        publishable_column([1, 2], people=[5])


def test_one_hidden_part_hides_the_least_other_one_too() -> None:
    parts = persons(30, 3, 8, 20)
    assert marks(parts) == ["shown", "suppressed", "suppressed", "shown", "shown"]
    assert parts.parts[2] == WITHHELD


def test_parts_that_could_only_be_ones_are_not_left_to_be_guessed() -> None:
    assert marks(persons(1, 1, 30, 40)) == ["suppressed", "suppressed", "suppressed", "shown", "shown"]


def test_the_total_is_withheld_when_no_part_is_left() -> None:
    assert persons(4, 4).total == WITHHELD


def test_nothing_is_hidden_when_all_parts_are_large_or_true_zeros() -> None:
    assert marks(persons(30, 0, 8)) == ["shown", "zero", "shown", "shown"]


def test_a_hidden_total_needs_no_further_hiding() -> None:
    assert marks(persons(1, 2)) == ["suppressed", "suppressed", "suppressed"]


@given(
    value=st.one_of(st.none(), st.floats(-1e6, 1e6), st.just(float("nan"))),
    people=st.integers(0, 40),
    threshold=st.integers(3, 11),
)
def test_no_shown_cell_has_fewer_than_k_persons_behind(value: float | None, people: int, threshold: int) -> None:
    cell = publishable(value, people=people, thresholds=Thresholds(people=threshold))
    if cell.mark == "shown":
        assert people >= threshold
    if cell.mark == "zero":
        assert value == 0
        assert people == 0 or people >= threshold
    if cell.mark in {"suppressed", "missing"}:
        assert cell.value is None


@given(
    values=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1),
    language=st.sampled_from(list(WORDS)),
)
def test_hidden_missing_and_zero_never_print_alike(values: list[tuple[int, int]], language: str) -> None:
    cells = [publishable(value, people=people) for value, people in values] + [MISSING, ZERO, WITHHELD]
    printed = {cell.text(language): cell.mark for cell in cells}
    assert all(printed[cell.text(language)] == cell.mark for cell in cells)


def possible(parts: Parts, true: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield every set of counts of persons that a reader who knows the rules can think of."""
    whole = parts.total.value
    ranges = []
    for cell, number in zip(parts.parts, true, strict=True):
        if cell.mark != "suppressed":
            ranges.append(range(number, number + 1))
        else:
            ranges.append(range(1, K) if cell.reason == "count" else range(K, int(whole or 0) + 1))
    return (guess for guess in product(*ranges) if sum(guess) == whole)


@settings(max_examples=60, deadline=None)
@given(numbers=st.lists(st.integers(0, 11), min_size=1, max_size=4))
def test_no_hidden_part_follows_from_the_total_and_the_shown_ones(numbers: list[int]) -> None:
    parts = persons(*numbers)
    hidden = [place for place, cell in enumerate(parts.parts) if cell.mark == "suppressed"]
    if parts.total.value is None:
        return
    guesses = list(possible(parts, numbers))
    assert tuple(numbers) in guesses
    assert all(len({guess[place] for guess in guesses}) > 1 for place in hidden)
