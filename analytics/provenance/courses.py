"""Figures of a report about weeks in a row and about late events, and what places have to do."""

from __future__ import annotations

import numpy as np

from analytics.closure import closed_weeks
from analytics.metrics.metric import SKILL_EVENTS
from analytics.provenance.counted import HELP, INDICATOR, QUARTER
from analytics.provenance.query import literal, named, query
from analytics.provenance.question import Asked, Patterns, Question
from analytics.restatement import ACTIVITY, READS
from analytics.week import Week, parse_week

RECORD = 520
"""Weeks of a series that is asked for where the report does not tell how many it has: all that there may be."""
SHOWN = 26
_PLACE = "LEFT JOIN place AS one ON one.place = reading.place"
_ENGINE = "analytics.metrics.verdict.verdicts works it out from this series and those of its family"


def _skill(asked: Asked) -> Question:
    return _series(asked, "skill", asked.item["skill"], RECORD)


def _moving(asked: Asked) -> Question:
    item = asked.item
    return _series(asked, item["family"], item["subject"], _with_closed(asked.week, item["weeks"]))


def _with_closed(week: Week, known: int) -> int:
    """Return over how many weeks up to ``week`` there are so many ``known`` ones: closed ones are in no test."""
    closed = closed_weeks([(week + -back).monday for back in range(2 * known)])
    found = np.flatnonzero(np.cumsum(~closed) == known)
    return int(found[0]) + 1 if len(found) else known


def _series(asked: Asked, family: str, subject: str, weeks: int) -> Question:
    """Return what to ask for a weekly series, from which its course is worked out."""
    first = asked.week + (1 - weeks)
    if family == "network":
        column = INDICATOR[subject]
        reading, reads = column.reading, column.reads
        sql = query(reading, {"week": "week", "people": column.wanted}, first=first.monday, week=asked.week.monday)
    else:
        of_place = family == "place"
        reading, reads = ("weekly_place", tuple(sorted(ACTIVITY))) if of_place else ("weekly_skill", SKILL_EVENTS)
        joined = "LEFT JOIN place AS one ON one.place = reading.subject" if of_place else ""
        where = named(subject, "one.name", "reading.subject") if of_place else f"subject = {literal(subject)}"
        wanted = {"week": "reading.week", "people": "reading.people"}
        sql = query(reading, wanted, joined=joined, where=where, since=first.since, until=asked.week.until)
    return Question(sql=sql, week=asked.week, weeks=weeks, reads=reads, reading=reading, exact=False, note=_ENGINE)


def _task(asked: Asked) -> Question:
    """Return what to ask for the requests that a place has to see to."""
    task, place = asked.item, asked.figure.items[0]["place"]
    reading = "report_place_waiting" if task["kind"].startswith("answer") else "report_place_asked"
    theme = f"reading.skill = {literal(task['skill'])}" if task["skill"] else "reading.skill IS NULL"
    where = f"{theme} AND {named(place, 'one.name', 'reading.place')}"
    sql = query(reading, "reading.requests", joined=_PLACE, where=where, week=asked.week.monday)
    return Question(sql=sql, week=asked.week, weeks=QUARTER, reads=HELP, reading=reading)


def _holders(asked: Asked) -> Question:
    """Return what to ask for the people of a place, or of the one to build a bridge to, who practise a skill."""
    task = asked.item
    place = task["towards"] or asked.figure.items[0]["place"]
    where = f"skill = {literal(task['skill'])} AND {named(place, 'reading.name', 'reading.place')}"
    sql = query("report_door", "CAST(coalesce(sum(holders), 0) AS BIGINT)", where=where, week=asked.week.monday)
    return Question(sql=sql, week=asked.week, weeks=SHOWN, reads=SKILL_EVENTS, reading="report_door")


def _late(asked: Asked) -> Question:
    """Return what to ask for the events of one origin that came late, or for those that were taken back since."""
    restatement = asked.content.restatement
    week = parse_week(restatement.week) if restatement else asked.week + -1
    due = restatement.due if restatement else asked.week.since
    kinds = tuple(sorted(READS[asked.figure.items[0]["name"]]))
    where = f"kind IN ({', '.join(literal(kind) for kind in kinds)})"
    column = "retracted"
    if asked.column == "events":
        column, where = "late", f"{where} AND origin = {literal(asked.item['origin'])}"
    sql = query("late_event", f"CAST(coalesce(sum({column}), 0) AS BIGINT)", where=where, week=week.monday, due=due)
    return Question(sql=sql, week=week, weeks=1, reads=kinds, reading="late_event")


COURSES: Patterns = {
    **dict.fromkeys((f"skills.{each}.*.course_change" for each in ("growing", "fading", "steady")), _skill),
    **dict.fromkeys(("trends.rows.*.change", "trends.rows.*.mean"), _moving),
    "tasks.places.*.tasks.*.requests": _task,
    "tasks.places.*.tasks.*.holders": _holders,
    "restatement.counts.*.late.*.events": _late,
    "restatement.counts.*.retracted": _late,
}
