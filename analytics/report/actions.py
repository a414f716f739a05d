"""What can be done about a week: up to three things, most pressing first."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.disclosure import Thresholds, publishable
from analytics.report import reading
from analytics.report.content import Point, Skills, Waiting
from analytics.report.state import Status
from analytics.week import Week
from warehouse.connection import Connection

MOST = 3


def build_actions(
    connection: Connection, week: Week, *, status: Status, skills: Skills, waiting: Waiting, thresholds: Thresholds
) -> list[Point]:
    """Return up to three things to do, most pressing first."""
    doors = reading.rows(connection, "report_door", reading.Door, week=week.monday)
    candidates = [
        *_answer(waiting, doors, thresholds),
        *[Point(kind="ask_source", subject=silence.title, day=silence.since) for silence in status.silent[-1:]],
        *[Point(kind="meet", subject=top.skill, value=top.organisations) for top in skills.concerns[:1]],
        *[Point(kind="teach", subject=top.skill, value=top.requests, reference=top.holders) for top in skills.rare[:1]],
        *_pass_on(skills),
    ]
    return candidates[:MOST]


def _answer(waiting: Waiting, doors: Sequence[reading.Door], thresholds: Thresholds) -> list[Point]:
    """Return the request theme to answer first, with the place that has most people who could."""
    if waiting.total.mark != "shown" and waiting.total.reason != "count":
        return []
    if not waiting.themes:
        return [Point(kind="answer", value=waiting.total)]
    top = waiting.themes[0]
    door = next((row for row in doors if row.skill == top.skill), None)
    holders = publishable(door.holders if door else None, people=door.holders if door else 0, thresholds=thresholds)
    if door is None or holders.mark != "shown":
        return [Point(kind="answer_theme", subject=top.skill, value=top.total)]
    return [Point(kind="answer_door", subject=top.skill, names=[door.name], value=top.total, reference=holders)]


def _pass_on(skills: Skills) -> list[Point]:
    if skills.single_holder.mark != "shown":
        return []
    return [Point(kind="pass_on", value=skills.single_holder)]
