"""The commands of the site: build it whole, and show it on this machine."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from analytics.publication import PAGES
from analytics.report.serve import LOOPBACK, server
from analytics.site_build import publish_all
from producers.errors import UsageError
from producers.settings import Settings


@click.command("site")
@click.pass_obj
def site_command(settings: Settings) -> None:
    """Build the whole site: every computed week whose report may have become another one, and what leads to them.

    \b
    Example:
      maillage site
    """
    done = publish_all(settings, PAGES, present=datetime.now(UTC))
    click.echo(f"{done.weeks:,} weeks: {done.stale:,} built, {done.changed:,} changed")


@click.command("serve")
@click.option("--port", type=click.IntRange(0, 65535), default=8008, show_default=True, help="0 takes any free one.")
@click.pass_obj
def serve_command(settings: Settings, port: int) -> None:
    """Show the site of reports on this machine, to nobody else, until Ctrl-C.

    \b
    Example:
      maillage serve
      maillage serve --port 8010
    """
    if not (settings.site / "index.html").exists():
        raise UsageError(f"there is no site at {settings.site}", remedy="write a report first: maillage report")
    with server(settings.site, port) as serving:
        click.echo(f"http://{LOOPBACK}:{serving.server_port}/  (Ctrl-C ends it)")
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            click.echo("ended")


COMMANDS: list[click.Command] = [site_command, serve_command]
