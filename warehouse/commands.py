"""The commands that look: questions in SQL, where everything stands, what is wrong."""

from __future__ import annotations

import csv
import io
import json
from typing import Literal

import click
import msgspec
from rich.console import Console
from rich.table import Table

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

    \b
    Example:
      maillage sql "SELECT skill, sum(people) FROM skill_week GROUP BY ALL ORDER BY 2 DESC LIMIT 5"
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
    return captured.get() + f"({len(answer.rows):,} row{'s' if len(answer.rows) != 1 else ''})\n"


def _as_csv(answer: Answer) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(answer.columns)
    writer.writerows(answer.rows)
    return out.getvalue()


def _as_json(answer: Answer) -> str:
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    return json.dumps(rows, default=str, ensure_ascii=False) + "\n"


@click.command("status")
@as_format
@click.pass_obj
def status_command(settings: Settings, style: Format) -> None:
    """Tell where everything stands: what waits, what is stale, who was heard when.

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
    lines = [
        f"log        {now.waiting:,} events wait",
        f"record     {now.events:,} events, {now.rejects:,} rejects, weeks of {now.first_week} to {now.last_week}",
        f"results    {now.computed_weeks:,} weeks to {now.last_computed_week}, {len(now.stale_weeks):,} stale",
        "sources    last heard of    events",
    ]
    lines += [f"  {heard.title[:44]:<44} {heard.last_occurred_at:%Y-%m-%d} {heard.events:>9,}" for heard in now.sources]
    return "\n".join(lines)


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
