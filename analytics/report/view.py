"""What the template shows: a content put into the words of one language, and nothing to compute left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from markupsafe import Markup

from analytics.card import cards
from analytics.disclosure import Cell, stock_share
from analytics.report.content import Content, Indicator, PlaceRow, Places, Point, Recount
from analytics.report.recount import command
from analytics.report.sparkline import NOTHING, Notes, sparkline
from analytics.report.state import Status
from analytics.report.status import PARIS
from analytics.report.words import Words
from analytics.week import Week

SHAPES = {
    "signal_up": "▲",
    "signal_down": "▼",
    "shift_up": "◆",
    "shift_down": "◆",
    "zero": "▼",
    "ordinary": "○",
    "too_few": "◌",
    "too_early": "◌",
    "missing": "–",
    "closed": "▢",
    "untested": "·",
}
MARKS = {"up": "▲", "down": "▼", "alert": "■", "plain": "●"}
SHARES = ("coverage_up", "coverage_down")
AFTER = ("active_places", "attendances")
"""Indicators that stand after the first screen."""
LAYERS = ("copresence", "teaching", "help")
AND_OTHERS = ("growing", "fading", "concern")
"""Points about a skill that name others too."""
ABOUT_A_SKILL = (*AND_OTHERS, "waiting_theme", "meet", "teach", "answer_theme", "answer_door")
INDEXES = ("modularity",)
PERCENTAGES = ("largest_component_share", "density")


@dataclass(frozen=True)
class Sentence:
    """A point or an action in words: what stands out, and the rest."""

    lead: str
    rest: str
    mark: str
    tone: str


@dataclass(frozen=True)
class Line:
    """One row of the table of indicators in words."""

    name: str
    value: str
    interval: str
    before: str
    median: str
    year: str
    spark: Markup
    verdict: str
    shape: str
    tone: str
    number: bool


@dataclass(frozen=True)
class Layers:
    """One metric of the whole network, by layer."""

    metric: str
    title: str
    values: list[str]


def sentence(point: Point, words: Words) -> Sentence:
    """Return a main point in words."""
    kind = f"{point.kind}_{point.comparison}" if point.comparison else point.kind
    values = _values(point, words)
    count = point.value.value if point.value else None
    lead = opened(words.say(f"points.{kind}.lead", count=count, **values))
    rest = words.say(f"points.{kind}.rest", count=count, **values)
    if point.names and "{names}" not in lead and point.kind != "link":
        rest = f"{rest} {words.say('points.also', names=values['names'])}"
    return Sentence(lead, rest, MARKS[point.tone], point.tone)


def action(point: Point, words: Words) -> str:
    """Return a thing to do in words."""
    return opened(
        words.say(f"actions.{point.kind}", count=point.value.value if point.value else None, **_values(point, words))
    )


def opened(text: str) -> str:
    """Return a sentence with a capital at its start, which a skill as its subject may not have."""
    return text[:1].upper() + text[1:]


def _values(point: Point, words: Words) -> dict[str, str]:
    unit = "share" if point.kind in SHARES else "count"
    subject = words.skill(point.subject) if point.kind in ABOUT_A_SKILL else point.subject
    names = [words.skill(name) for name in point.names] if point.kind in AND_OTHERS else point.names
    found = {"subject": subject, "names": words.listed(names)}
    if point.kind.startswith(("signal", "shift", "zero")):
        found["indicator"] = words.say(f"indicators.{point.subject}")
    if point.value is not None:
        found["value"] = words.cell(point.value, unit)
    if point.reference is not None:
        found["reference"] = words.cell(point.reference, unit)
    if point.day is not None:
        found["day"] = words.day(point.day)
    return found


def groups(
    indicators: Sequence[Indicator], words: Words, notes: Notes = NOTHING, *, more: bool = False
) -> list[tuple[str, list[Line]]]:
    """Return the rows of the table of indicators by group, each with its title; ``more`` gives those after it."""
    chosen = [row for row in indicators if (row.name in AFTER) is more]
    return [
        (words.say(f"indicators.group_{group}"), [line(row, words, notes) for row in rows])
        for group, rows in groupby(chosen, key=lambda row: row.group)
    ]


def line(row: Indicator, words: Words, notes: Notes = NOTHING) -> Line:
    """Return one indicator in words."""
    verdict = _verdict(row)
    tone = "up" if verdict.endswith("_up") else "down" if verdict.endswith("_down") or row.silent else "quiet"
    few = row.value.mark == "missing" and row.verdict == "too_few"
    return Line(
        name=words.say(f"indicators.{row.name}"),
        value=words.say("verdicts.too_few") if few else words.table_cell(row.value, row.unit),
        interval=_interval(row, words),
        before=_compared(row.week_before, row, words),
        median=_compared(row.median, row, words),
        year=_compared(row.year_before, row, words),
        spark=spark(row, words, down=tone == "down", notes=notes),
        verdict=words.say(f"verdicts.{verdict}"),
        shape=SHAPES[verdict],
        tone=tone,
        number=row.value.value is not None,
    )


def _verdict(row: Indicator) -> str:
    """Return the key of the word that an indicator deserves; a shift has a direction."""
    if row.silent:
        return "zero"
    if row.verdict == "shift":
        return "shift_up" if row.run > 0 else "shift_down"
    return row.verdict


def spark(row: Indicator, words: Words, *, down: bool, notes: Notes = NOTHING) -> Markup:
    """Return the sparkline of an indicator, with what it shows in words."""
    name = words.say(f"indicators.{row.name}")
    values = [cell.value for cell in row.spark.cells if cell.value is not None]
    write = words.share if row.unit == "share" else words.number
    finding = words.say("indicators.spark_none", name=name)
    if values:
        least, most = write(min(values)), write(max(values))
        finding = words.say("indicators.spark", name=name, least=least, most=most, last=words.cell(row.value, row.unit))
    if row.spark.limits:
        low, high = write(round(row.spark.limits.low)), write(round(row.spark.limits.high))
        finding += " " + words.say("indicators.spark_band", low=low, high=high)
    return sparkline(row.spark, title=name, finding=finding, down=down, notes=notes)


def _interval(row: Indicator, words: Words) -> str:
    if row.interval is None:
        return ""
    return words.say("indicators.interval", low=words.share(row.interval.low), high=words.share(row.interval.high))


def _compared(cell: Cell, row: Indicator, words: Words) -> str:
    """Return a figure to compare with; empty where there is none."""
    return "" if cell.mark == "missing" else words.table_cell(cell, row.unit)


def complete_day(content: Content, words: Words) -> str:
    """Return the last day about which every source that is heard has been read, with its year where it is another."""
    until = content.status.complete_until
    if until is None:
        return ""
    last = (until - timedelta(microseconds=1)).astimezone(PARIS).date()
    return words.weekday(last) if last.year == content.period.monday.year else words.dates(last, last)


def title(content: Content, words: Words) -> str:
    """Return what the network is called: by its places, where they are known."""
    places = content.status.places
    if not places:
        return words.say("page.title_without_places")
    return words.say("page.title", count=places, value=words.number(places))


def week(content: Content, words: Words) -> str:
    """Return the week with its days."""
    period = content.period
    number = str(Week(period.monday).number)
    return words.say("page.week", number=number, dates=words.dates(period.monday, period.sunday))


def coverage(status: Status, words: Words) -> str:
    """Return the share of members who are counted, where both numbers are shown."""
    share = stock_share(status.counted, status.members)
    return words.say("status.coverage_share", share=words.share(share)) if share is not None else ""


def network(places: Places, words: Words) -> list[Layers]:
    """Return the metrics of the whole network, one row each, one value a layer."""
    rows = []
    for metric, found in groupby(places.network, key=lambda value: value.metric):
        unit = "index" if metric in INDEXES else "share" if metric in PERCENTAGES else "count"
        by_layer = {value.layer: words.table_cell(value.value, unit) for value in found}
        rows.append(
            Layers(metric, cards()[metric].title[words.language], [by_layer.get(layer, "") for layer in LAYERS])
        )
    return rows


def any_told(rows: Sequence[PlaceRow], column: str) -> bool:
    """Return whether the data tell of a column for any place."""
    return any(getattr(row, column).mark != "missing" for row in rows)


def recounts(content: Content, words: Words) -> dict[str, tuple[str, str]]:
    """Return for each section what its command counts, and the command."""
    return {recount.section: (_figure(recount, words), command(recount)) for recount in content.recounts}


def _figure(recount: Recount, words: Words) -> str:
    return words.say(f"recount.{recount.section}", figure=words.cell(recount.figure))
