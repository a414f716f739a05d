"""From a figure of a report to the answer how it is known."""

from __future__ import annotations

import hashlib
import inspect
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from analytics.card import cards, told
from analytics.metrics import METRICS
from analytics.provenance.answer import Input, Why
from analytics.provenance.computed import COMPUTED
from analytics.provenance.counted import COUNTED
from analytics.provenance.courses import COURSES
from analytics.provenance.figure import Figure, address_of, figures, find
from analytics.provenance.query import formula_of
from analytics.provenance.question import Asked, Patterns, Question
from analytics.provenance.repeated import repeated
from analytics.provenance.skills import OF_SKILLS
from analytics.report.content import Content
from analytics.report.words import Words
from analytics.week import Week
from producers.errors import UsageError
from producers.settings import Settings
from warehouse.connection import Connection, read
from warehouse.statement import FOLDER, statement

if TYPE_CHECKING:
    from analytics.network.week import NetworkWeek

PATTERNS: Patterns = {**COUNTED, **COURSES, **OF_SKILLS, **COMPUTED}
LANGUAGE = "en"
"""As all that the commands and the interface in Python say."""


class _Made(NamedTuple):
    """By which computation a metric stands in a week."""

    version: str | None = None
    computed_at: datetime | None = None


def why(week: NetworkWeek, address: str) -> Why:
    """Return how the figure at an address of a week's report is known.

    Raises:
        UsageError: when the report has no such figure or several, or it is no figure of the record.
    """
    content, network = week.report(), week.network
    figure = find(content, address)
    if again := repeated(figure):
        figure = find(content, again)
    question = ask_for(figure, content, network.settings)
    with read(network.path) as connection:
        return _answer(connection, figure, question, content)


def ask_for(figure: Figure, content: Content, settings: Settings) -> Question:
    """Return what to ask for a figure.

    Raises:
        UsageError: when no query of the record gives it.
    """
    asks = PATTERNS.get(figure.pattern)
    if asks is None:
        raise UsageError(
            f"{figure.spellings[0]} is put together from other figures of the report",
            expected=f"one of the figures of {', '.join(sorted({each.split('.')[0] for each in PATTERNS}))}",
        )
    return asks(Asked(figure, content, Week(content.period.monday), settings.window_weeks))


def _answer(connection: Connection, figure: Figure, asked: Question, content: Content) -> Why:
    made = _made(connection, asked)
    code, file = _code(asked)
    since, until = (asked.week + (1 - asked.weeks)).since, asked.week.until
    return Why(
        figure=address_of(figure, figures(content)),
        week=content.period.week,
        title=_title(figure, asked),
        value=figure.cell,
        formula=told(cards()[asked.metric].formula, LANGUAGE) if asked.metric else formula_of(asked.reading or ""),
        since=since,
        until=until,
        inputs=_inputs(connection, asked, since, until),
        sql=asked.sql,
        exact=asked.exact,
        metric=asked.metric,
        version=made.version,
        computed_at=made.computed_at.astimezone(UTC) if made.computed_at else None,
        code=code,
        code_version=_version(file),
        note=asked.note,
    )


def _title(figure: Figure, asked: Question) -> str:
    """Return what the figure is called: its indicator, or its metric with whom it is about, else its address."""
    words, item = Words(LANGUAGE), figure.items[-1] if figure.items else {}
    if figure.pattern.startswith(("indicators.", "restatement.")):
        return words.say(f"indicators.{item['name']}")
    if asked.metric:
        of = item.get("subject") or item.get("layer")
        return cards()[asked.metric].title[LANGUAGE] + (f": {of}" if of else "")
    return figure.spellings[0].replace("_", " ")


def _inputs(connection: Connection, asked: Question, since: datetime, until: datetime) -> list[Input]:
    """Return how many events of each kind there were: received ones, which are about no person."""
    parameters = {"since": since, "until": until, "kinds": list(asked.reads)}
    found = dict(connection.execute(statement("readings/resting_on"), parameters).fetchall())
    return [Input(kind=kind, events=found.get(kind, 0)) for kind in asked.reads]


def _made(connection: Connection, asked: Question) -> _Made:
    """Return which version of a metric made its values of the week, and when."""
    if asked.metric is None:
        return _Made()
    parameters = {"metric": asked.metric, "week": asked.week.monday}
    row = connection.execute(statement("readings/made"), parameters).fetchone()
    return _Made(*row) if row else _Made()


def _code(asked: Question) -> tuple[str, Path]:
    """Return the name of what computes it, and the file that holds it."""
    if asked.metric:
        compute = METRICS[asked.metric].compute
        return f"{compute.__module__}.{compute.__name__}", Path(inspect.getfile(compute))
    return f"warehouse/sql/readings/{asked.reading}.sql", FOLDER / "readings" / f"{asked.reading}.sql"


@cache
def _version(file: Path) -> str:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return f"maillage {version('maillage')}, sha256 {digest[:12]}"
