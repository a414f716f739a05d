from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.disclosure import (
    MISSING,
    WITHHELD,
    WORDS,
    ZERO,
    Cell,
    Parts,
    Thresholds,
    beside,
    public_series,
    publishable,
    publishable_between,
    publishable_column,
    publishable_parts,
    publishable_stock,
    publishable_total,
    spread,
    stock_share,
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


def test_one_hidden_part_hides_the_least_other_one_too_and_neither_says_that_it_is_small() -> None:
    parts = persons(30, 3, 8, 20)
    assert parts.parts == (Cell(30, "shown"), WITHHELD, WITHHELD, Cell(20, "shown"))
    assert parts.total == Cell(61, "shown")


def test_parts_that_could_only_be_ones_are_not_left_to_be_guessed() -> None:
    assert marks(persons(1, 1, 30, 40)) == ["suppressed", "suppressed", "suppressed", "shown", "shown"]


def test_two_parts_that_could_only_be_fours_do_not_say_that_they_are_below_five() -> None:
    assert persons(4, 4) == Parts(Cell(8, "shown"), (WITHHELD, WITHHELD))
    assert persons(3, 4).total == Cell(7, "shown")


def test_the_total_is_withheld_when_no_part_is_left() -> None:
    assert persons(1, 1, 1, 1, 1).total == WITHHELD
    threes = publishable_parts([3, 3], people=[3, 3], total=6, total_people=6, fewest=3)
    assert threes == Parts(WITHHELD, (WITHHELD, WITHHELD))


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


def rows_of(parts: int, total: int) -> Iterator[tuple[int, ...]]:
    """Give every row of so many counts with that total."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        yield from ((first, *rest) for rest in rows_of(parts - 1, total - first))


@pytest.mark.parametrize(("parts", "most"), [(2, 40), (3, 24), (4, 14)])
def test_no_hidden_part_follows_even_for_who_knows_how_parts_are_hidden(parts: int, most: int) -> None:
    worlds: dict[Parts, list[tuple[int, ...]]] = defaultdict(list)
    for total in range(most + 1):
        for row in rows_of(parts, total):
            if (shown := persons(*row)).total.value is not None:
                worlds[shown].append(row)
    for shown, rows in worlds.items():
        for place, cell in enumerate(shown.parts):
            assert cell.mark != "suppressed" or len({row[place] for row in rows}) > 1, rows


def test_a_total_that_everybody_knows_hides_its_parts_the_same_way() -> None:
    cells = publishable_column([3, 6, 20], people=[3, 6, 20])
    assert beside(cells, Cell(29, "shown")).parts == (WITHHELD, WITHHELD, Cell(20, "shown"))
    assert beside(cells, MISSING).parts == cells


def test_a_stock_is_rounded_to_the_threshold_and_says_so() -> None:
    assert publishable_stock(483) == Cell(480, "shown", "rounded", 5)
    assert [publishable_stock(483).text(language) for language in WORDS] == [
        "au moins 480",
        "at least 480",
        "mindestens 480",
    ]
    assert (publishable_stock(0), publishable_stock(None)) == (ZERO, MISSING)
    assert publishable_stock(4) == Cell(None, "suppressed", "count", 5)
    assert publishable_stock(9) == Cell(5, "shown", "rounded", 5)


def test_a_share_of_stocks_is_told_where_rounding_moves_it_little() -> None:
    assert stock_share(publishable_stock(190), publishable_stock(204)) == 0.95
    assert stock_share(publishable_stock(40), publishable_stock(199)) is None
    assert stock_share(publishable_stock(4), publishable_stock(400)) is None
    assert stock_share(publishable_stock(0), publishable_stock(0)) is None


@pytest.mark.parametrize("k", [3, 5, 11])
def test_two_stocks_side_by_side_leave_every_small_difference_open(k: int) -> None:
    thresholds = Thresholds(people=k)
    seen: dict[tuple[Cell, Cell], set[int]] = defaultdict(set)
    for before, came in product(range(6 * k), range(1, k)):
        pair = publishable_stock(before, thresholds=thresholds), publishable_stock(before + came, thresholds=thresholds)
        seen[pair].add(came)
    between = {pair: found for pair, found in seen.items() if pair[0].mark == pair[1].mark == "shown"}
    assert all(found == set(range(1, k)) for found in between.values())


def test_a_total_of_weeks_is_withheld_where_a_week_is_hidden() -> None:
    weeks = publishable_column([7, 3, 9], people=[7, 3, 9])
    assert publishable_total(19, people=12, parts=weeks) == WITHHELD
    assert publishable_total(16, people=12, parts=weeks[::2]) == Cell(16, "shown")
    assert publishable_total(3, people=3, parts=weeks).reason == "count"


def test_a_series_is_judged_as_its_readers_know_it() -> None:
    cells = [*publishable_column([7, 3, 0], people=[7, 3, 0]), WITHHELD]
    assert public_series([7, 3, 0, 40], cells)[:3] == [7, 2.5, 0]
    assert math.isnan(public_series([7, 3, 0, 40], cells)[3])
    assert spread([7, 3, 0, 40], cells) == ([7, 1, 0, 1], [7, 4, 0, math.inf])


@given(values=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=2), other=st.integers(1, 4))
def test_another_hidden_count_changes_nothing_that_is_worked_out(values: list[tuple[int, int]], other: int) -> None:
    counts, people = [each for each, _ in values], [min(pair) for pair in values]
    cells = publishable_column(counts, people=people)
    changed = [other if cell.reason == "count" else value for value, cell in zip(counts, cells, strict=True)]
    assert public_series(counts, cells) == public_series(changed, cells)
    assert spread(counts, cells) == spread(changed, cells)


def test_a_figure_between_two_ends_is_shown_where_they_meet() -> None:
    assert publishable_between(6.5, 6.5) == Cell(6.5, "shown")
    assert publishable_between(0.0, 0.0) == ZERO
    assert publishable_between(1.0, 4.0) == Cell(None, "suppressed", "count", 5)
    assert publishable_between(3.0, 7.5) == WITHHELD
    assert publishable_between(None, None) == MISSING
