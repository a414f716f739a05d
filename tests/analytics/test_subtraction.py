"""A curious reader: who holds everything that is published of two weeks against itself finds no hidden count.

The reader knows how the figures are made, in a world that helps: everybody asks once, nobody leaves, and all ask at a
known place. What is certain in it is written as equations and inequalities; a hidden week is told when they leave it
one value.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from scipy.optimize import Bounds, LinearConstraint, milp

from analytics.disclosure import WITHHELD, Cell, public_series
from analytics.indicator import indicator
from analytics.report.content import Content, Indicator
from tests.analytics.report_region import WEEK, report, request, source, told

pytestmark = pytest.mark.integration
WEEKS, K, LARGE = 30, 5, 1000.0
Equation = tuple[dict[date, float], float, float]
"""What weeks have to do with each other: their coefficients, and the least and the most of their sum."""


def world(plan: list[list[int]], answered: int) -> tuple[Content, Content]:
    """Return the reports of two weeks of a network: ``plan`` says how many ask at each place in each week."""
    number, statements = 0, [source()]
    for back, week in enumerate(reversed(plan)):
        for place, many in enumerate(week):
            for _ in range(many):
                number += 1
                day = (WEEK - timedelta(weeks=back) + timedelta(days=1)).isoformat()
                helper = f"h{number}" if answered and number % answered == 0 else ""
                statements.append(request(number, day, f"p{number}", answered_by=helper))
                statements.append(f"UPDATE help_request SET place = 'lab-{place}' WHERE request = 'r{number}'")
    network = told(*statements)
    return report(network, week=WEEK - timedelta(weeks=1)), report(network)


def row(content: Content, name: str) -> Indicator | None:
    return next((each for each in content.indicators if each.name == name), None)


def weekly(contents: tuple[Content, Content]) -> dict[date, Cell]:
    """Return how many asked in each week, as it is shown."""
    found: dict[date, Cell] = {}
    for content in contents:
        asked = row(content, "requests")
        assert asked is not None
        for back, cell in enumerate(reversed(asked.spark.cells)):
            monday = content.period.monday - timedelta(weeks=back)
            assert found.setdefault(monday, cell) == cell  # one week reads alike wherever it stands
    return found


def sums(content: Content, *, nobody_answers: bool) -> Iterator[tuple[int, int, float, bool]]:
    """Give what is shown of several weeks: how long ago they begin and end, the figure, and whether it is all."""
    total = [place.requests.value for place in content.places.rows if place.requests.mark != "suppressed"]
    if len(total) == len(content.places.rows):
        yield 12, 0, sum(each or 0.0 for each in total), True
    if content.curve and content.curve.requests.value:
        yield 25, 0, content.curve.requests.value, True
    waits = row(content, "waiting")
    for back, cell in enumerate(reversed(waits.spark.cells if waits else [])):
        if cell.value:
            yield back + 12, back + 1, cell.value, nobody_answers
    for cell, (first, last) in zip(content.waiting.bands, ((1, 1), (3, 2), (12, 4)), strict=True):
        if cell.value:
            yield first, last, cell.value, nobody_answers


def equations(contents: tuple[Content, Content], *, nobody_answers: bool) -> Iterator[Equation]:
    """Give everything certain that ties the weeks together."""
    for content in contents:
        for first, last, value, whole in sums(content, nobody_answers=nobody_answers):
            weeks = [content.period.monday - timedelta(weeks=back) for back in range(last, first + 1)]
            yield dict.fromkeys(weeks, 1.0), value, value if whole else LARGE
    stocks = [content.status.counted for content in contents]
    if not nobody_answers or any(stock.reason != "rounded" for stock in stocks):
        return
    before, now = (stock.value or 0.0 for stock in stocks)
    yield {contents[1].period.monday: 1.0}, now - before - (K - 1), now - before + (K - 1)


def told_exactly(contents: tuple[Content, Content], *, nobody_answers: bool) -> list[date]:
    """Return the hidden weeks that can have one value only."""
    cells = weekly(contents)
    hidden = [monday for monday, cell in cells.items() if cell.mark == "suppressed"]
    if not hidden:
        return []
    lines = []
    for weights, low, high in equations(contents, nobody_answers=nobody_answers):
        known = sum(cells[monday].value or 0.0 for monday in weights if monday in cells)
        lines.append(([weights.get(monday, 0.0) for monday in hidden], low - known, high - known))
    rules = [LinearConstraint(np.array([line]), low, high) for line, low, high in lines if any(line)]
    found = []
    for place, monday in enumerate(hidden):
        ends = []
        for sign in (1.0, -1.0):
            aim = np.zeros(len(hidden))
            aim[place] = sign
            best = milp(aim, constraints=rules, integrality=np.ones(len(hidden)), bounds=Bounds(1.0, K - 1.0))
            assert best.success  # what is published is true, so it has a solution
            ends.append(round(sign * best.fun))
        if ends[0] == ends[1]:
            found.append(monday)
    return found


def randomly(seed: int) -> list[list[int]]:
    """Return how many ask at two places in each week of a network of which many weeks are hidden."""
    rng = np.random.default_rng(seed)
    many = rng.integers(0, 7, size=(int(rng.integers(14, WEEKS)), 2))
    quiet = rng.random((len(many), 1)) < rng.choice([0.1, 0.4, 0.7])
    plan: list[list[int]] = np.where(quiet, rng.integers(0, 3, size=many.shape), many).tolist()
    return plan


@settings(max_examples=8, deadline=None, phases=[Phase.generate])
@given(seed=st.integers(0, 10_000), answered=st.sampled_from([0, 0, 2, 5]))
def test_no_hidden_week_follows_from_all_that_is_published_of_two_weeks(seed: int, answered: int) -> None:
    contents = world([*randomly(seed), [4, 4], [6, 2]], answered)
    assert told_exactly(contents, nobody_answers=not answered) == []


@pytest.mark.slow
@settings(max_examples=60, deadline=None, phases=[Phase.generate])
@given(seed=st.integers(0, 1_000_000), answered=st.sampled_from([0, 0, 2, 5]))
def test_no_hidden_week_follows_in_many_networks(seed: int, answered: int) -> None:
    contents = world([*randomly(seed), [4, 4], [6, 2]], answered)
    assert told_exactly(contents, nobody_answers=not answered) == []


@pytest.mark.parametrize("last", [[0, 1], [3, 1], [2, 0]])
def test_a_single_quiet_week_among_busy_ones_is_not_told_by_what_covers_several(last: list[int]) -> None:
    busy = [[4, 4]] * 12
    assert told_exactly(world([*busy, last, [4, 4], [6, 2]], 0), nobody_answers=True) == []
    assert told_exactly(world([*busy, last, *busy[:6]], 0), nobody_answers=True) == []


def test_the_reader_does_find_a_hidden_week_where_one_figure_of_all_weeks_is_shown() -> None:
    before, now = world([*[[4, 4]] * 12, [3, 0], *[[4, 4]] * 4], 0)
    assert now.curve is not None
    assert now.curve.requests == WITHHELD
    careless = replace(now, curve=replace(now.curve, requests=Cell(16 * 8.0 + 3, "shown")))
    assert told_exactly((before, careless), nobody_answers=True) == [WEEK - timedelta(weeks=4)]


def test_whatever_is_worked_out_from_an_indicator_is_worked_out_from_what_is_shown_of_it() -> None:
    _, content = world(randomly(3), 2)
    for each in content.indicators:
        if each.kind != "judged" or each.spark.limits is None:
            continue
        cells = [cell for cell in each.spark.cells if cell.mark != "missing"]
        shut = [shut for shut, cell in zip(each.spark.closed, each.spark.cells, strict=True) if cell.mark != "missing"]
        series = np.array(public_series([cell.value or 0.0 for cell in cells], cells))
        judged = indicator(series, np.array(shut))
        assert judged.limits is not None
        assert judged.limits.centre == each.spark.centre, each.name
        assert judged.run == each.run, each.name
