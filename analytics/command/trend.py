"""The command ``maillage trends``: what grows and what fades, judged together."""

from __future__ import annotations

import math
from collections.abc import Hashable
from datetime import date

import click
import msgspec
import pandas as pd

from analytics.report.judgement import Judgement
from analytics.trends import MOVING, level_changed, trends_of
from analytics.week import Week, parse_week
from producers.errors import UsageError
from producers.settings import Settings
from warehouse.commands import Format, as_format
from warehouse.connection import read

UNDECIDED = ("too few", "too early")
BLOCKS = {
    "month": "4 weeks against the 4 before",
    "quarter": "13 weeks against the 13 before",
    "year": "13 weeks against those of a year ago",
}


@click.command("trends")
@click.option("--week", "name", metavar="WEEK", help="Up to this week, 2026-W46 or a day in it; default: the last one.")
@as_format
@click.pass_obj
def trends_command(settings: Settings, name: str | None, style: Format) -> None:
    """Tell which weekly series grow or fade: of the network, of places and of skills, under one budget.

    \b
    Example:
      maillage trends
      maillage trends --week 2026-W20 --format json
    """
    path = settings.snapshot if settings.snapshot.exists() else settings.warehouse
    with read(path) as connection:
        (newest,) = connection.execute("SELECT max(week) FROM computed").fetchall()[0]
        if newest is None:
            raise UsageError("nothing is computed yet", remedy="run: maillage compute")
        week = parse_week(name) if name else Week(newest)
        found = trends_of(connection, week)
    click.echo(_as_json(found, week) if style == "json" else _as_text(found, week))


def _as_json(judged: Judgement, week: Week) -> str:
    found = judged.trends
    told = {
        "week": str(week),
        "tests": found.tests,
        "budget": found.budget,
        "level": found.level,
        "series": _records(found.rows),
        "blocks": _records(judged.growth.rows),
    }
    return msgspec.json.encode(told).decode()


def _records(rows: pd.DataFrame) -> list[dict[Hashable, object]]:
    return rows.astype(object).where(rows.notna(), None).to_dict("records")


def _as_text(judged: Judgement, week: Week) -> str:
    found = judged.trends
    rows, lines = found.rows, [f"Trends up to {week}: {found.tests} tests, one budget of {found.budget:.0%}"]
    for family, each in rows.groupby("family", sort=False):
        lines.append(f"{family}: {_counted(each)}")
        for _, row in each[each["verdict"].isin(MOVING)].iterrows():
            lines += [_line(row, f"{row['mean']:6.1f}/week"), *_turn(row["since"], row["before"], row["after"])]
    lines += _blocks(judged)
    quiet = rows.loc[~rows["verdict"].isin([*MOVING, *UNDECIDED]), "smallest"].median()
    if not math.isnan(quiet):
        lines.append(f"Half of the steady ones: ×{quiet:.1f} would have been seen four times out of five.")
    return "\n".join(lines)


def _blocks(judged: Judgement) -> list[str]:
    """Return the skills whose last weeks differ from the weeks before them: what a long series does not show yet."""
    lines = []
    for block, each in judged.growth.rows.groupby("comparison", sort=False):
        lines.append(f"skill, {BLOCKS[str(block)]}: {_counted(each)}")
        for _, row in each[each["verdict"].isin(MOVING)].sort_values("growth").iterrows():
            people = f"{row['previous']:.0f} people, then {row['current']:.0f}"
            lines += [_line(row.rename({"skill": "subject"}), people)]
            lines += _turn(*level_changed(judged, "skill", row["skill"]))
    return lines


def _counted(rows: pd.DataFrame) -> str:
    return ", ".join(f"{number} {word}" for word, number in rows["verdict"].value_counts().items())


def _line(row: pd.Series, people: str) -> str:
    change = f"×{math.exp(row['growth']):.1f} ({math.exp(row['low']):.1f} to {math.exp(row['high']):.1f})"
    return f"  {row['verdict']:9} {row['subject'][:25]:25} {change:18} {people}"


def _turn(since: date | None, before: float, after: float) -> list[str]:
    return [f"            {before:.1f} a week until {since:%Y-%m-%d}, {after:.1f} from then on"] if since else []


COMMANDS = [trends_command]
