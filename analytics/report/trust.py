"""How far to believe a report: what its verdicts cost in chance alarms, how firm its lists are, how its doors did."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from analytics.disclosure import Cell
from analytics.report.finding import Range

Family = Literal["network", "place", "skill"]
Course = Literal["growing", "fading", "emerging", "steady", "too few", "too early"]
Listed = Literal["places", "links", "rare", "waiting", "concerns", "growing", "fading", "gap"]
Firmness = Literal["firm", "partly", "loose"]


class Moving(Struct, frozen=True, kw_only=True):
    """A weekly series that grows or fades, as the trend engine judged it over all weeks."""

    family: Family
    subject: Annotated[str, Meta(description="An indicator, the name of a place, or a skill.")]
    verdict: Course
    mean: Annotated[Cell, Meta(description="Mean count a week.")]
    change: Annotated[Cell, Meta(description="Later half over earlier one (or year over year), shrunk towards 1.")]
    interval: Annotated[Range | None, Meta(description="90 % interval of the change.")]
    weeks: Annotated[int, Meta(description="Weeks that it rests on.")]


class Trends(Struct, frozen=True, kw_only=True):
    """What moves week after week, over the whole record."""

    rows: Annotated[list[Moving], Meta(description="The series that move, those of the network first.")]
    hidden: Annotated[int, Meta(description="Series that move and are not listed: too few people stand behind them.")]
    steady: int
    too_few: int
    too_early: int
    smallest: Annotated[
        float | None,
        Meta(description="Factor that would have been seen four times out of five in half the steady ones."),
    ]
    command: Annotated[str, Meta(description="The command that judges all series again.")]


class Alarms(Struct, frozen=True, kw_only=True):
    """What chance alone would let a report announce."""

    tests: Annotated[int, Meta(description="Tests of growth, of long views and of weekly series, under one budget.")]
    budget: Annotated[
        float, Meta(description="Share of false ones among what these tests announce, on average at most.")
    ]
    flagged: Annotated[int, Meta(description="Tests within the budget.")]
    false_flags: Annotated[float, Meta(description="How many of these chance may have made: budget times flagged.")]
    indicators: Annotated[int, Meta(description="Indicators that were held against their usual variation.")]
    quiet_alarm: Annotated[
        float, Meta(description="Share of the weeks in which nothing happens and one of them alarms.")
    ]


class Order(Struct, frozen=True, kw_only=True):
    """How surely the order of a list holds when a tenth of what it counts is taken out at random."""

    name: Listed
    listed: Annotated[int, Meta(description="Entries that were put in order.")]
    first: Annotated[float, Meta(description="Share of the draws in which the first one stays first.")]
    kept: Annotated[float, Meta(description="Mean share of the upper half, at least three, that stays in it.")]
    firmness: Firmness
    source: Annotated[str, Meta(description="Where in this file the counts stand that are drawn from.")]


class Way(Struct, frozen=True, kw_only=True):
    """How well one way to choose a place to ask did on past requests."""

    way: Annotated[str, Meta(description="right_door, nearest, central or declared.")]
    hit_1: Annotated[float, Meta(description="Share in which the first place did answer.")]
    hit_3: Annotated[float, Meta(description="Share in which one of the first three did.")]
    mrr: Annotated[float, Meta(description="Mean of 1 over the rank of the first that did.")]
    lead: Annotated[Range | None, Meta(description="95 % interval of how much more MRR the right door has.")]


class Told(Struct, frozen=True, kw_only=True):
    """Places of about the same chance, and how often such did answer."""

    doors: int
    told: float
    found: float


class DoorRecord(Struct, frozen=True, kw_only=True):
    """How the right door would have done on the requests of the last weeks, places only."""

    weeks: int
    requests: Annotated[Cell, Meta(description="Requests asked again: a sample, evenly spread over these weeks.")]
    answered: Annotated[Cell, Meta(description="Those of them that a place answered within 14 days.")]
    ways: Annotated[list[Way], Meta(description="The right door first; empty where too few were answered.")]
    unbeaten: Annotated[list[str], Meta(description="Rules of thumb that it does not surely beat.")]
    brier: Annotated[float | None, Meta(description="Mean squared error of the chances that it told.")]
    brier_base: Annotated[
        float | None, Meta(description="The same, if every place had been told one and the same chance.")
    ]
    bins: list[Told]
    command: Annotated[str, Meta(description="The command that asks all past requests again.")]
