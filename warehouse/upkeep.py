"""The commands of upkeep: backup and retention, for an operator without Airflow."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from producers.settings import Settings
from warehouse.backup import back_up
from warehouse.retention import KEPT, retire
from warehouse.snapshot import publish


@click.command("backup")
@click.pass_obj
def backup_command(settings: Settings) -> None:
    """Copy the warehouse to backups/, open the copy, and compare.

    Kept: the newest of the last 7 days and of the last 8 weeks that have one.
    To restore, stop every writer and put a copy in the warehouse's place.

    \b
    Example:
      maillage backup
    """
    done = back_up(settings.warehouse, settings.home / "backups", today=datetime.now(UTC).date())
    click.echo(f"{done.path}: opened again, and it holds {done.numbers['events']:,} events as the original does")
    if done.removed:
        click.echo(f"{len(done.removed)} older went: {', '.join(path.name for path in done.removed)}")


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Only tell what is kept how long.")
@click.pass_obj
def retention_command(settings: Settings, *, dry_run: bool) -> None:
    """Remove what is kept no longer, from the tables and the folders.

    \b
    Example:
      maillage retention --dry-run
    """
    removed = {} if dry_run else retire(settings, present=datetime.now(UTC))
    if any(removed.values()):
        publish(settings.warehouse, settings.snapshot)
    for kept in KEPT:
        gone = "" if dry_run else f"{removed[kept.what]:>9,} removed"
        click.echo(f"{kept.what:<24} {kept.days:>5} days{gone}  {kept.why}")


COMMANDS: list[click.Command] = [backup_command, retention_command]
"""What the front door has of this room."""
