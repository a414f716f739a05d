"""What was restated, in words: each count as it was and as it is, and the events that made the difference."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.disclosure import Cell
from analytics.report.words import Words
from analytics.restatement import Late, Restated, Restatement
from analytics.week import parse_week

NAMED = 3
"""Origins of late events that are named; with more, the last of them stands for the rest."""


def restated(restatement: Restatement, words: Words) -> list[tuple[str, str]]:
    """Return the name of each count with what it was, what it is, and why."""
    return [(words.say(f"indicators.{count.name}"), _sentence(count, words)) for count in restatement.counts]


def number(restatement: Restatement) -> str:
    """Return the number of the week, as the page has it."""
    return str(parse_week(restatement.week).number)


def _sentence(count: Restated, words: Words) -> str:
    change = words.say("restated.change", then=words.cell(count.then), now=words.cell(count.now))
    causes = [*_late(count.late, words), *_retracted(count.retracted, words)]
    return words.say("restated.because", change=change, causes=words.listed(causes))


def _late(late: Sequence[Late], words: Words) -> list[str]:
    """Return the origins of late events, the noun with the first of them only."""
    if not late:
        return []
    first, *others = late
    counted = first.events.value
    key = "restated.late" if counted is not None else "restated.late_hidden"
    origin = words.origin(first.origin)
    opening = words.say(key, count=counted, value=words.cell(first.events), origin=origin)
    named = others if len(late) <= NAMED else others[: NAMED - 2]
    return [opening, *[_more(each, words) for each in named], *_elsewhere(others[len(named) :], words)]


def _more(late: Late, words: Words) -> str:
    origin = words.origin(late.origin)
    if late.events.value is None:
        return origin
    return words.say("restated.more", value=words.cell(late.events), origin=origin)


def _elsewhere(rest: Sequence[Late], words: Words) -> list[str]:
    """Return the origins that are not named, in one."""
    if not rest:
        return []
    elsewhere = words.say("restated.elsewhere")
    if any(each.events.value is None for each in rest):
        return [elsewhere]
    total = sum(each.events.value or 0 for each in rest)
    return [words.say("restated.more", value=words.number(total), origin=elsewhere)]


def _retracted(retracted: Cell, words: Words) -> list[str]:
    if retracted.mark == "zero":
        return []
    if retracted.value is None:
        return [words.say("restated.retracted_hidden")]
    return [words.say("restated.retracted", count=retracted.value, value=words.cell(retracted))]
