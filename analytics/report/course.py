"""The trends and the record of the right door, in words."""

from __future__ import annotations

from collections.abc import Mapping

from analytics.report.box import Box
from analytics.report.finding import Range
from analytics.report.told import Row, Told
from analytics.report.trust import DoorRecord, Moving, Trends, Way
from analytics.report.words import Words

NAMED = 3
FEWEST_DOORS = 20
"""Places told about the same chance that it takes to say how often they answered."""
SHAPES: Mapping[str, str] = {"growing": "▲", "emerging": "▲", "fading": "▼", "steady": "○"}


def trends(found: Trends, words: Words) -> Told:
    """Return what moves week after week."""
    caption = [
        words.say(
            "trends.caption",
            steady=words.number(found.steady),
            too_few=words.number(found.too_few),
            too_early=words.number(found.too_early),
        )
    ]
    if found.smallest is not None:
        caption.append(words.say("trends.smallest", factor=words.ratio(found.smallest)))
    if found.hidden:
        caption.append(words.say("trends.hidden", count=found.hidden, value=words.number(found.hidden)))
    return Told(
        name="trends",
        kicker=words.say("trends.kicker"),
        title=_title(found, words),
        caption=" ".join(caption),
        head=[(words.say(f"trends.{column}"), "") for column in ("verdict", "change", "mean", "weeks")],
        rows=[_row(each, words) for each in found.rows],
        query=found.command,
    )


def verdict(course: str, words: Words) -> str:
    """Return the word for a series with its shape."""
    word = words.say("trends." + course.replace(" ", "_"))
    return f"{SHAPES[course]} {word}" if course in SHAPES else word


def _title(found: Trends, words: Words) -> str:
    if found.rows:
        names = [_name(each, words) for each in found.rows[:NAMED]]
        return words.say("trends.title", names=words.listed(names))
    judged = found.steady or found.hidden
    return words.say("trends.title_none" if judged else "trends.title_early")


def _name(each: Moving, words: Words) -> str:
    if each.family == "network":
        return words.say(f"indicators.{each.subject}")
    return words.skill(each.subject) if each.family == "skill" else each.subject


def _row(each: Moving, words: Words) -> Row:
    name = f"{_name(each, words)} ({words.say(f'trends.{each.family}')})"
    change = Box(words.table_cell(each.change, "ratio"), interval(each.interval, words))
    mean = Box(words.table_cell(each.mean), nil=each.mean.value is None)
    return Row(name, [Box(verdict(each.verdict, words)), change, mean, Box(words.number(each.weeks))])


def interval(found: Range | None, words: Words) -> str:
    """Return the ends of an interval of a ratio; empty where there is none."""
    if found is None:
        return ""
    return words.say("indicators.interval", low=words.ratio(found.low), high=words.ratio(found.high))


def door(found: DoorRecord, words: Words) -> Told:
    """Return the record of the right door."""
    caption = words.say(
        "door.caption",
        requests=words.cell(found.requests),
        weeks=words.number(found.weeks),
        answered=words.cell(found.answered),
    )
    return Told(
        name="door",
        kicker=words.say("door.kicker"),
        title=_verdict(found, words),
        caption=caption,
        head=[(words.say(f"door.{column}"), "") for column in ("hit_1", "hit_3", "mrr", "lead")],
        rows=[_way(way, words) for way in found.ways],
        query=found.command,
        stamp=" ".join(_calibration(found, words)),
    )


def _verdict(found: DoorRecord, words: Words) -> str:
    if not found.ways:
        return words.say("door.few")
    if found.unbeaten:
        names = words.listed([words.say(f"door.{each}") for each in found.unbeaten])
        return words.say("door.unbeaten", names=names)
    return words.say("door.beats")


def _calibration(found: DoorRecord, words: Words) -> list[str]:
    if found.brier is None or found.brier_base is None:
        return []
    told = [
        words.say(
            "door.calibrated", brier=words.exact(round(found.brier, 3)), base=words.exact(round(found.brier_base, 3))
        )
    ]
    bins = [
        words.say(
            "door.told", told=words.share(each.told), found=words.share(each.found), doors=words.number(each.doors)
        )
        for each in found.bins
        if each.doors >= FEWEST_DOORS
    ]
    return [*told, words.say("door.bins", bins=words.series(bins))] if bins else told


def _way(way: Way, words: Words) -> Row:
    lead = ""
    if way.lead is not None:
        low, high = words.index(way.lead.low), words.index(way.lead.high)
        lead = words.say("indicators.interval", low=low, high=high)
    shares = [Box(words.share(way.hit_1)), Box(words.share(way.hit_3)), Box(words.index(way.mrr))]
    return Row(words.say(f"door.{way.way}"), [*shares, Box(lead or "–", nil=not lead)])
