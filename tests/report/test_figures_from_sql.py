"""Every figure of a report has its SQL, and the SQL gives the figure."""

from __future__ import annotations

import math

import pytest

from analytics.disclosure import Cell
from analytics.provenance.figure import Figure, figures, find
from analytics.provenance.question import Question
from analytics.provenance.reason import ask_for
from analytics.provenance.repeated import repeated
from analytics.report.content import Content
from producers.errors import UsageError
from producers.settings import Settings
from tests.analytics.report_region import region, report
from warehouse.connection import Connection

SETTINGS = Settings()
Rows = list[tuple[object, ...]]
WITHOUT = {
    "door.requests": "requests asked again, one after the other, with what was known before each",
    "door.answered": "the same",
    "points.*.value": "days of silence and shares of members: worked out from other figures of the page",
    "points.*.reference": "places and skills that are counted elsewhere on the page",
    "actions.*.reference": "the same",
}
"""Figures that no single query gives, and why; any other one has its SQL."""


@pytest.fixture(scope="module")
def connection() -> Connection:
    return region()


@pytest.fixture(scope="module")
def content(connection: Connection) -> Content:
    return report(connection)


def origin(figure: Figure, content: Content) -> Figure:
    """Return the figure that this one repeats, or itself."""
    again = repeated(figure)
    return find(content, again) if again else figure


def question(figure: Figure, content: Content) -> Question | None:
    """Return what to ask for a figure; nothing where no query gives it."""
    try:
        return ask_for(origin(figure, content), content, SETTINGS)
    except UsageError:
        return None


def sample(content: Content) -> list[Figure]:
    """Return every figure of a report, of the 52 weeks of an indicator every ninth one."""
    return [each for each in figures(content) if ".spark." not in each.pattern or each.numbers[-1] % 9 == 0]


def agrees(cell: Cell, rows: Rows) -> bool:
    """Return whether what the SQL gave is what the report shows; of a hidden figure it shows nothing."""
    if cell.value is None:
        return True
    values = [row[0] for row in rows]
    return len(values) == 1 and isinstance(values[0], int | float) and math.isclose(values[0], cell.value, rel_tol=1e-9)


def test_every_figure_has_its_sql(content: Content) -> None:
    missing = {figure.pattern for figure in figures(content) if question(figure, content) is None}
    assert missing <= WITHOUT.keys(), missing - WITHOUT.keys()


def test_the_sql_of_every_figure_gives_the_figure(connection: Connection, content: Content) -> None:
    given: dict[str, Rows] = {}
    wrong = []
    for figure in sample(content):
        asked = question(figure, content)
        if asked is None:
            continue
        if asked.sql not in given:
            given[asked.sql] = connection.execute(asked.sql).fetchall()
        if asked.exact and not agrees(figure.cell, given[asked.sql]):
            wrong.append((figure.place, figure.cell.value, given[asked.sql][:2]))
    assert len(given) > 100
    assert wrong == []


def test_what_is_told_with_its_own_sql_can_be_run(connection: Connection, content: Content) -> None:
    told = [finding.sql for finding in content.findings] + [each.sql for each in content.recounts]
    assert told
    for sql in told:
        assert connection.execute(sql).description
