"""The command ``maillage trends``: what grows and what fades, judged together."""

from __future__ import annotations

import math

import click
import msgspec
import pandas as pd

from analytics.metrics.verdict import Verdicts
from analytics.trends import trends_of
from analytics.week import Week, parse_week
from producers.errors import UsageError
from producers.settings import Settings
from warehouse.commands import Format, as_format
from warehouse.connection import read

MOVING = ("emerging", "growing", "fading")
UNDECIDED = ("too few", "too early")


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


def _as_json(found: Verdicts, week: Week) -> str:
    rows = found.rows.astype(object).where(found.rows.notna(), None).to_dict("records")
    told = {"week": str(week), "tests": found.tests, "budget": found.budget, "level": found.level, "series": rows}
    return msgspec.json.encode(told).decode()


def _as_text(found: Verdicts, week: Week) -> str:
    rows, lines = found.rows, [f"Trends up to {week}: {found.tests} tests, one budget of {found.budget:.0%}"]
    for family, each in rows.groupby("family", sort=False):
        said = each["verdict"].value_counts()
        lines.append(f"{family}: {', '.join(f'{number} {word}' for word, number in said.items())}")
        lines += [_line(row) for _, row in each[each["verdict"].isin(MOVING)].iterrows()]
    quiet = rows.loc[~rows["verdict"].isin([*MOVING, *UNDECIDED]), "smallest"].median()
    if not math.isnan(quiet):
        lines.append(f"Half of the steady ones: ×{quiet:.1f} would have been seen four times out of five.")
    return "\n".join(lines)


def _line(row: pd.Series) -> str:
    change = f"×{math.exp(row['growth']):.1f} ({math.exp(row['low']):.1f} to {math.exp(row['high']):.1f})"
    return f"  {row['verdict']:9} {row['subject'][:34]:34} {change:19} {row['mean']:6.1f}/week"


COMMANDS = [trends_command]
