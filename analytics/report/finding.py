"""What the computed metrics of a week say, section by section: figures with their interval and who stands behind."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from analytics.disclosure import Cell

Name = Literal["gap", "fragile", "answer", "newcomers", "porosity", "profiles", "balance"]
Became = Literal["birth", "death", "split", "merge"]


class Range(Struct, frozen=True, kw_only=True):
    """An interval of 90 %."""

    low: float
    high: float


class Measure(Struct, frozen=True, kw_only=True):
    """One value of a metric, as it stands in the warehouse."""

    metric: str
    subject: Annotated[str, Meta(description="A skill, the name of a place, a country, or empty for the network.")]
    value: Cell
    interval: Annotated[Range | None, Meta(description="90 % interval; null where there is none, or it is hidden.")]
    people: Annotated[Cell, Meta(description="How many stand behind the value.")]


class Finding(Struct, frozen=True, kw_only=True):
    """One section."""

    name: Name
    measures: list[Measure]
    hidden: Annotated[int, Meta(description="Subjects that are not listed because too few stand behind them.")]
    sql: Annotated[str, Meta(description="The query that gives the values again.")]


class Curve(Struct, frozen=True, kw_only=True):
    """The share of requests that have a first answer by somebody else, by the days since they were asked."""

    days: list[float]
    share: list[float]
    low: list[float]
    high: list[float]
    requests: Annotated[Cell, Meta(description="Requests of 26 weeks, those without an answer among them.")]
    people: Annotated[Cell, Meta(description="Who asked; an organisation is one.")]


class Communities(Struct, frozen=True, kw_only=True):
    """The groups of people who meet, and what became of them in 13 weeks."""

    sizes: Annotated[list[Cell], Meta(description="Members of each group of three or more, largest first.")]
    members: Annotated[Cell, Meta(description="All of them.")]
    kept: Annotated[Cell, Meta(description="Share of the members of both weeks who are in the same group as before.")]
    changes: Annotated[dict[Became, int], Meta(description="Changes that held for two weeks, in the last 13.")]
    sql: str
