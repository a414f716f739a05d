"""Figures of a report that are counted in the record when they are asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from analytics.closure import closed_weeks
from analytics.metrics.metric import TIE_EVENTS
from analytics.metrics.waiting import WEEKS as WAITED
from analytics.provenance.query import literal, named, query
from analytics.provenance.question import Asked, Patterns, Question
from analytics.report.content import BANDS
from analytics.restatement import ACTIVITY, PEOPLE, READS
from analytics.week import Week, parse_week

HELP = ("help.requested", "help.answered", "help.closed")
ASKED = ("help.requested",)
STATE = ("member.joined", "member.renewed", "member.left", "consent.given", "consent.withdrawn")
QUARTER, YEAR, LAST = 13, 52, 51
OPEN = 15
"""Weeks in which a request was asked that may wait, or had 14 days."""


class _Column(NamedTuple):
    """Where the value of an indicator stands."""

    reading: str
    wanted: str
    reads: tuple[str, ...]
    weeks: int = 1


_MEMBERS, _WORKSHOPS, _HELP, _WAITING = "report_members", "report_workshops", "report_help", "report_waiting"
INDICATOR = {
    **{
        name: _Column(reading, name, tuple(sorted(READS[name])))
        for reading, names in (
            (_MEMBERS, ("active_members", "newcomers", "visitors")),
            (_WORKSHOPS, ("workshops", "attendances", "learners", "skills_taught")),
            (_HELP, ("requests", "answers", "solved")),
        )
        for name in names
    },
    "active_places": _Column(_MEMBERS, "active_places", tuple(sorted(ACTIVITY))),
    "across": _Column("report_tie", "across / pairs", TIE_EVENTS),
    "answered_soon": _Column(_WAITING, "answered_soon / asked_earlier", HELP, OPEN),
    "waiting": _Column(_WAITING, "waiting", HELP, QUARTER),
}


def _indicator(asked: Asked, name: str, week: Week) -> Question:
    """Return what to ask for an indicator in a week."""
    column = INDICATOR[name]
    return Question(
        sql=query(column.reading, column.wanted, first=week.monday, week=week.monday),
        week=week,
        weeks=asked.window if name == "across" else column.weeks,
        reads=column.reads,
        reading=column.reading,
    )


def _now(asked: Asked) -> Question:
    return _indicator(asked, asked.figure.items[0]["name"], asked.week)


def _before(asked: Asked) -> Question:
    return _indicator(asked, asked.figure.items[0]["name"], asked.week + -1)


def _year_before(asked: Asked) -> Question:
    return _indicator(asked, asked.figure.items[0]["name"], asked.week + -YEAR)


def _spark(asked: Asked) -> Question:
    """Return what to ask for one of the 52 weeks of an indicator."""
    return _indicator(asked, asked.figure.items[0]["name"], asked.week + (asked.figure.numbers[-1] - LAST))


def _median(asked: Asked) -> Question:
    """Return what to ask for the median of the weeks before that count."""
    row, first = asked.figure.items[0], asked.week + -QUARTER
    column, before = INDICATOR[row["name"]], [first + step for step in range(QUARTER)]
    closed = closed_weeks([each.monday for each in before]) if row["kind"] == "judged" else [False] * QUARTER
    cells = row["spark"]["cells"][-QUARTER - 1 : -1]
    counted = [
        literal(each.monday)
        for each, shut, cell in zip(before, closed, cells, strict=True)
        if cell["mark"] != "missing" and not shut
    ]
    where = f"week IN ({', '.join(counted)})" if counted else "FALSE"
    latest = (asked.week + -1).monday
    sql = query(column.reading, f"median({column.wanted})", where=where, first=first.monday, week=latest)
    return replace(_before(asked), sql=sql, weeks=QUARTER + column.weeks - 1)


def _restated(asked: Asked) -> Question:
    """Return what to ask for a count of the week before, as it is or as it was when its report was due."""
    restatement = asked.content.restatement
    week = parse_week(restatement.week) if restatement else asked.week + -1
    found = _indicator(asked, asked.item["name"], week)
    if asked.column == "now" or restatement is None:
        return found
    note = (
        f"net.as_of('{restatement.due.isoformat()}').sql(…) gives it: the same question, asked of what was known then"
    )
    return replace(found, exact=False, note=note)


def _status(asked: Asked) -> Question:
    """Return what to ask for the members, and for those of them who are counted."""
    column, _, earlier = asked.column.partition("_")
    week = asked.week + -1 if earlier else asked.week
    step = asked.figure.cell.threshold
    wanted = f"{step} * ({column} // {step})" if asked.figure.cell.reason == "rounded" else column
    sql = query("report_coverage", wanted, week=week.monday)
    return Question(sql=sql, week=week, weeks=1, reads=STATE, reading="report_coverage")


def _place(asked: Asked) -> Question:
    here = named(asked.item["name"], "reading.name", "reading.place")
    sql = query("report_place", asked.column, where=here, week=asked.week.monday)
    return Question(sql=sql, week=asked.week, weeks=QUARTER, reads=tuple(sorted(PEOPLE)), reading="report_place")


def _link(asked: Asked) -> Question:
    """Return what to ask for the people whom two places share."""
    outer = asked.figure.items[0]
    a, b = (outer["a"], outer["b"]) if "a" in outer else (outer["name"], asked.item["name"])
    sql = query(
        "report_place_link",
        "people",
        joined="LEFT JOIN place AS one ON one.place = reading.a LEFT JOIN place AS other ON other.place = reading.b",
        where=f"({_ends(a, b)} OR {_ends(b, a)})",
        week=asked.week.monday,
    )
    return Question(sql=sql, week=asked.week, weeks=QUARTER, reads=tuple(sorted(PEOPLE)), reading="report_place_link")


def _ends(a: str, b: str) -> str:
    return f"({named(a, 'one.name', 'reading.a')} AND {named(b, 'other.name', 'reading.b')})"


def _bridge(asked: Asked) -> Question:
    sql = query("report_bridge", asked.column, week=asked.week.monday)
    return Question(sql=sql, week=asked.week, weeks=asked.window, reads=TIE_EVENTS, reading="report_bridge")


def _waiting(asked: Asked) -> Question:
    """Return what to ask for the requests of a theme and an age that wait."""
    theme = f"skill = {literal(asked.figure.items[0]['skill'])}" if asked.figure.items else "skill IS NULL"
    last = asked.figure.steps[-1][-1]
    band = {"total": "all", "dormant": "quarter"}.get(last) or BANDS[int(last)]
    sql = query(
        "report_unanswered",
        "CAST(coalesce(sum(requests), 0) AS BIGINT)",
        where=f"{theme} AND band = {literal(band)}",
        week=asked.week.monday,
    )
    return Question(sql=sql, week=asked.week, weeks=OPEN, reads=HELP, reading="report_unanswered")


def _curve(asked: Asked) -> Question:
    """Return what to ask for the requests that the curve of answers rests on, and for who asked."""
    wanted = "count(*)" if asked.column == "requests" else "count(DISTINCT coalesce(organisation, requester))"
    since = (asked.week + (1 - WAITED)).since
    sql = query("requests", wanted, since=since, until=asked.week.until)
    return Question(sql=sql, week=asked.week, weeks=WAITED, reads=HELP, reading="requests")


COUNTED: Patterns = {
    "indicators.*.value": _now,
    "indicators.*.week_before": _before,
    "indicators.*.year_before": _year_before,
    "indicators.*.median": _median,
    "indicators.*.spark.cells.*": _spark,
    "restatement.counts.*.then": _restated,
    "restatement.counts.*.now": _restated,
    **dict.fromkeys((f"status.{each}" for each in ("members", "counted", "members_before", "counted_before")), _status),
    **dict.fromkeys(
        (f"places.rows.*.{each}" for each in ("members", "workshops", "requests", "shared", "answers")), _place
    ),
    "places.rows.*.partners.*.people": _link,
    "places.links.*.people": _link,
    **dict.fromkeys((f"places.{each}" for each in ("beyond", "linking", "abroad", "half")), _bridge),
    **dict.fromkeys(("waiting.total", "waiting.bands.*", "waiting.dormant"), _waiting),
    **dict.fromkeys(("waiting.themes.*.total", "waiting.themes.*.bands.*"), _waiting),
    **dict.fromkeys(("curve.requests", "curve.people"), _curve),
}
"""Everything of the sections that are counted, but skills (``analytics.provenance.skills``)."""
