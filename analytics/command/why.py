"""The command ``maillage why``: how a figure of the report is known."""

from __future__ import annotations

import click

from analytics.command.week import WEEK
from analytics.network.opening import network_of
from analytics.week import Week
from producers.settings import Settings
from warehouse.commands import Format, as_format


@click.command("why")
@click.argument("figure")
@click.option("--week", type=WEEK, help="Of which week's report (default: the last one that was computed).")
@as_format
@click.pass_obj
def why_command(settings: Settings, figure: str, week: Week | None, style: Format) -> None:
    """Tell how a figure of the report is known: inputs, formula, SQL, version and code.

    FIGURE is its place in report.json; the beginning may be left out, and items of a list go by name or number.

    \b
    Example:
      maillage why requests
      maillage why unmet_share.metrology --week 2026-W46
      maillage why places.beyond --format json
    """
    found = network_of(settings).why(figure, week)
    click.echo(found.as_json() if style == "json" else str(found))


COMMANDS: list[click.Command] = [why_command]
