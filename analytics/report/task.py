"""What one place can do this week: requests to answer, skills that are rare there, bridges to make."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from analytics.disclosure import Cell

Kind = Literal["answer", "answer_any", "scarce", "bridge"]


class Task(Struct, frozen=True, kw_only=True):
    """One thing to do at a place."""

    kind: Kind
    skill: Annotated[str, Meta(description="Empty where requests of all themes are meant.")] = ""
    requests: Annotated[Cell, Meta(description="answer: waiting for 7 to 91 days; else: asked there in 13 weeks.")]
    holders: Annotated[
        Cell | None, Meta(description="People of the place who practise it; bridge: of the other one.")
    ] = None
    towards: Annotated[str, Meta(description="The place to make a bridge to.")] = ""


class PlaceTasks(Struct, frozen=True, kw_only=True):
    """One to three things to do at a place."""

    place: str
    tasks: list[Task]


class Tasks(Struct, frozen=True, kw_only=True):
    """What places can do, those with most requests that wait first."""

    places: list[PlaceTasks]
    others: Annotated[int, Meta(description="Places for which nothing presses, or nothing may be shown.")]
    waiting_sql: str
    asked_sql: str
    holders_sql: str
