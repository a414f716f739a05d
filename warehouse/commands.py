"""The commands that look: questions in SQL, where everything stands, what is wrong."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import Literal

import click
import msgspec
from rich.console import Console
from rich.table import Table

from producers.errors import UsageError
from producers.log.opening import open_log
from producers.settings import Settings
from warehouse.doctor import problems
from warehouse.query import Answer, ask
from warehouse.status import Status, status

Format = Literal["text", "json"]
as_format = click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text for people, JSON for scripts.",
)


@click.command("sql")
@click.argument("query")
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="A table for people, CSV or JSON for scripts.",
)
@click.option("--live", is_flag=True, help="Ask the live file instead of the published snapshot.")
@click.pass_obj
def sql_command(settings: Settings, query: str, style: str, *, live: bool) -> None:
    """Answer a question in SQL; tables and columns are described in duckdb_columns().

    One statement that reads the tables; it can neither write nor reach any other file.

    \b
    Example:
      maillage sql "SELECT skill, sum(people) FROM skill_week GROUP BY ALL"
      maillage sql --format csv "SELECT * FROM place"
    """
    path = settings.warehouse if live or not settings.snapshot.exists() else settings.snapshot
    answer = ask(path, query)
    click.echo({"table": _as_table, "csv": _as_csv, "json": _as_json}[style](answer), nl=False)


def _as_table(answer: Answer) -> str:
    table = Table(*answer.columns, box=None, pad_edge=False)
    for row in answer.rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    console = Console(width=max(80, Console().width), markup=False, highlight=False)
    with console.capture() as captured:
        console.print(table)
    return captured.get() + f"({_counted(len(answer.rows), 'row')})\n"


def _as_csv(answer: Answer) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(answer.columns)
    writer.writerows(answer.rows)
    return out.getvalue()


def _as_json(answer: Answer) -> str:
    if twice := {name for name in answer.columns if answer.columns.count(name) > 1}:
        raise UsageError(
            f"two columns are called {min(twice)!r}", expected="names of their own", remedy="name one by AS"
        )
    rows = [dict(zip(answer.columns, map(_plain, row), strict=True)) for row in answer.rows]
    return json.dumps(rows, default=str, ensure_ascii=False, allow_nan=False) + "\n"


def _plain(value: object) -> object:
    """Return the value as JSON has it: what is no number is null, and bytes are in hexadecimal digits."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return {str(name): _plain(each) for name, each in value.items()} if isinstance(value, dict) else value


@click.command("status")
@as_format
@click.pass_obj
def status_command(settings: Settings, style: Format) -> None:
    """Tell where everything stands: what waits, what is stale, who was heard when, and what came late.

    \b
    Example:
      maillage status --format json
    """
    log = open_log(settings.log_url)
    try:
        now = status(log, settings.warehouse)
    finally:
        log.close()
    click.echo(msgspec.json.encode(now).decode() if style == "json" else _as_text(now))


def _as_text(now: Status) -> str:
    active = f"weeks of {now.first_week} to {now.last_week}" if now.first_week else "no week with activity yet"
    made = _counted(now.computed_weeks, "week")
    computed = f"{made} to {now.last_computed_week}" if now.last_computed_week else "nothing is computed yet"
    lines = [
        f"log        {_counted(now.waiting, 'event')} wait{'s' if now.waiting == 1 else ''}",
        f"record     {_counted(now.events, 'event')}, {_counted(now.rejects, 'reject')}, {active}",
        f"results    {computed}, {len(now.stale_weeks):,} stale",
        "sources    last heard of    events" if now.sources else "sources    none was heard yet",
    ]
    lines += [f"  {heard.title[:44]:<44} {heard.last_occurred_at:%Y-%m-%d} {heard.events:>9,}" for heard in now.sources]
    if now.late:
        lines.append(f"{'late in the last 7 days of the record':<46} events  oldest week  stale weeks")
        lines += [
            f"  {late.title[:44]:<44} {late.events:>6,}   {late.oldest_week}  {late.stale_weeks:>11,}"
            for late in now.late
        ]
    return "\n".join(lines)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


@click.command("doctor")
@as_format
@click.pass_context
def doctor_command(context: click.Context, style: Format) -> None:
    """Tell what is wrong, one line and one fix per problem; exit 1 when something is.

    \b
    Example:
      maillage doctor
    """
    found = problems(context.obj)
    if style == "json":
        click.echo(msgspec.json.encode(found).decode())
    else:
        click.echo("\n".join(f"{each.what}\n  -> {each.fix}" for each in found) or "all is well")
    context.exit(1 if found else 0)


COMMANDS: list[click.Command] = [sql_command, status_command, doctor_command]
"""What the front door has of this room."""
