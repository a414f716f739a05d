"""What stands around the figures, in words: stamps of lists, chance, tasks of places, events, corrections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analytics.report.content import Content
from analytics.report.event import Event
from analytics.report.indicators import SPARK_WEEKS
from analytics.report.sparkline import Notes
from analytics.report.state import Correction
from analytics.report.task import Task
from analytics.report.view import opened
from analytics.report.words import Words

SHORT = 3
"""Places whose first thing to do stands on the first screen."""
TERMS = ("member", "practised", "tie", "median", "signal", "interval", "gap", "porosity", "mrr", "hidden")


@dataclass(frozen=True)
class Stamp:
    """How firm a list is, in words."""

    word: str
    sentence: str


def stamps(content: Content, words: Words) -> dict[str, Stamp]:
    """Return the stamp of each list whose order was tried."""
    return {
        order.name: Stamp(
            words.say(f"order.{order.firmness}"),
            words.say("order.sentence", first=words.number(round(100 * order.first)), kept=words.share(order.kept)),
        )
        for order in content.orders
    }


def alarms(content: Content, words: Words) -> list[str]:
    """Return what chance alone would announce, in sentences."""
    found = content.alarms
    if found is None:
        return []
    told = []
    if found.indicators:
        share, many = words.share(found.quiet_alarm), words.number(found.indicators)
        told.append(words.say("alarms.indicators", share=share, value=many))
    if found.tests:
        tests, budget = words.number(found.tests), words.share(found.budget)
        flagged, false = words.number(found.flagged), words.number(found.false_flags)
        kind = "alarms.flags" if found.flagged else "alarms.no_flags"
        told.append(words.say(kind, tests=tests, budget=budget, flagged=flagged, false=false))
    return told


def task(each: Task, words: Words, *, short: bool = False) -> str:
    """Return a thing to do at a place in words, as a sentence or in short."""
    return words.say(
        f"tasks.{'short_' if short else ''}{each.kind}",
        skill=words.skill(each.skill) if each.skill else "",
        requests=words.cell(each.requests),
        holders=words.cell(each.holders) if each.holders else "",
        towards=each.towards,
    )


def short_tasks(content: Content, words: Words) -> list[str]:
    """Return the first thing to do of the places where most people wait, in short."""
    places = content.tasks.places[:SHORT] if content.tasks else []
    return [words.say("tasks.short", place=each.place, task=task(each.tasks[0], words, short=True)) for each in places]


def events(content: Content, words: Words) -> list[tuple[str, str]]:
    """Return what happened, each with its days; holidays stand in one line at the end."""
    told = [(_when(each, words), _text(each, words)) for each in content.events if each.kind != "holiday"]
    days = [each for each in content.events if each.kind == "holiday"]
    return [*told, *([("", _holidays(days, words))] if days else [])]


def correction(found: Correction, words: Words) -> str:
    """Return what the last correction changed, in one line."""
    named = [
        words.say(
            "revision.indicator",
            name=words.say(f"indicators.{each.indicator}"),
            before=words.cell(each.before, each.unit),
            after=words.cell(each.after, each.unit),
        )
        for each in found.indicators[:1]
    ]
    count = words.say("correction.figures", count=found.figures, value=words.number(found.figures))
    return words.series([*named, count])


def glossary(words: Words) -> list[tuple[str, str]]:
    """Return the words that a reader may not know, with what they mean here."""
    return [(words.say(f"glossary.{term}"), words.say(f"glossary.{term}_text")) for term in TERMS]


def changes(content: Content, words: Words) -> list[tuple[str, str]]:
    """Return what changed in the method, with its day."""
    return [
        (words.dates(each.day, each.day), words.typeset(each.texts.get(words.language, ""))) for each in content.changes
    ]


def _when(event: Event, words: Words) -> str:
    if event.kind == "silence":
        return opened(words.say("events.since", day=words.day(event.first)))
    return words.dates(event.first, event.last)


def _text(event: Event, words: Words) -> str:
    name, count = event.name, words.number(event.count)
    return words.say(f"events.{event.kind}", count=event.count, name=name, value=count)


def _holidays(days: Sequence[Event], words: Words) -> str:
    named = [
        words.say("events.holiday", name=words.say(f"holidays.{each.name}"), day=words.day(each.first))
        for each in reversed(days)
    ]
    return words.say("events.holidays", names=words.series(named))


def notes(content: Content) -> Notes:
    """Return the weeks of a sparkline in which there was a holiday, or a source fell silent."""
    return notes_of(content.events, content.period.monday)


def notes_of(events: Sequence[Event], last: date) -> Notes:
    """Return the notes of a sparkline whose last week begins on the Monday ``last``."""

    def weeks(kind: str) -> list[int]:
        gaps = [(last - each.first).days for each in events if each.kind == kind]
        return sorted({place for gap in gaps if (place := SPARK_WEEKS - 1 - -(-gap // 7)) >= 0})

    return Notes(weeks("holiday"), weeks("silence"))
