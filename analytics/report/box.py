"""A measure as a cell of a table: written as its metric is, with its interval and its unit."""

from __future__ import annotations

import math
from dataclasses import dataclass

from markupsafe import Markup

from analytics.report.finding import Measure
from analytics.report.words import Words

UNITS = {
    "gap": "log",
    "answer_wait": "count",
    "answer_open": "count",
    "newcomer_integration_wait": "count",
    "unlikely_encounters": "count",
    "absence_factor": "count",
    "active_holders": "count",
    "place_breadth": "count",
    "place_porosity": "ratio",
    "porosity_place": "count",
    "porosity_public": "count",
    "porosity_country": "count",
}
"""How the values of a metric are written; a share where nothing is said."""
TIMES = {"answer_wait": "day", "newcomer_integration_wait": "weeks"}
"""What a wait is counted in, as the words call it."""


@dataclass(frozen=True)
class Box:
    """One cell of a table: the figure, its interval, and a drawing of both where there is one."""

    text: str
    interval: str = ""
    drawing: Markup | str = ""
    nil: bool = False


def box(measure: Measure | None, words: Words, drawing: Markup | str = "") -> Box:
    """Return a measure as a cell of a table; a wait has its unit."""
    if measure is None:
        return Box(words.say("verdicts.missing"), nil=True)
    interval = ""
    if measure.interval:
        low, high = (written(measure.metric, end, words) for end in (measure.interval.low, measure.interval.high))
        interval = words.say("indicators.interval", low=low, high=high)
    value = measure.value.value
    text = words.table_cell(measure.value) if value is None else written(measure.metric, value, words)
    if value is not None and measure.metric in TIMES:
        text = words.say(f"below.{TIMES[measure.metric]}", count=value, value=text)
    return Box(text, interval, drawing, nil=value is None)


def written(metric: str, value: float, words: Words) -> str:
    """Return a value as its metric is written."""
    unit = UNITS.get(metric, "share")
    if unit == "log":
        return words.ratio(math.exp(value))
    if unit == "ratio":
        return words.index(value)
    return words.number(value) if unit == "count" else words.share(value)


def people(measure: Measure | None, words: Words) -> Box:
    """Return how many stand behind a measure as a cell of a table."""
    if measure is None:
        return Box(words.say("verdicts.missing"), nil=True)
    return Box(words.table_cell(measure.people), nil=measure.people.value is None)
