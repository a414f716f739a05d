"""The commands that take in: ingest, and what was lost before it."""

from __future__ import annotations

import signal
from contextlib import nullcontext
from datetime import UTC, datetime
from threading import Event as Signal

import click
import msgspec

from producers.log.opening import open_log
from producers.progress import progress_bar
from producers.settings import Settings
from warehouse import service
from warehouse.commands import Format, as_format
from warehouse.connection import read, write
from warehouse.gap import accept, gaps
from warehouse.health import Health, served
from warehouse.ingest import Ingested, ingest, positions, waiting
from warehouse.mart import refresh
from warehouse.snapshot import is_current, publish


@click.command("ingest")
@click.option("--once", is_flag=True, help="Take what the log holds now, then stop (the default).")
@click.option("--follow", is_flag=True, help="Go on as events come in, until SIGTERM; log lines are JSON.")
@as_format
@click.pass_obj
def ingest_command(settings: Settings, *, once: bool, follow: bool, style: Format) -> None:
    """Take what waits in the event log into the warehouse.

    Nothing is taken twice and nothing is skipped; lines that break the contract are counted as rejected.
    With --follow, MAILLAGE_METRICS_PORT gives /metrics and /healthz on the loopback address.

    \b
    Example:
      maillage ingest --once
      MAILLAGE_METRICS_PORT=9464 maillage ingest --follow
    """
    if once and follow:
        raise click.UsageError("--once and --follow exclude each other")
    if follow:
        serve(settings)
        return
    done = take_in(settings)
    if style == "json":
        click.echo(msgspec.json.encode(done).decode())
    else:
        click.echo(
            f"{done.read:,} read: {done.new:,} new, {done.duplicates:,} known already, {done.rejected:,} rejected"
            + (" (maillage rejects list)" if done.rejected else ""),
        )


def serve(settings: Settings) -> None:
    """Follow the log until SIGTERM or SIGINT."""
    stop, health = Signal(), Health()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: service.ask_to_end(stop))
    service.log_as_json()
    with served(health, settings.metrics_port) if settings.metrics_port else nullcontext():
        service.follow_until_asked(settings, stop, health)


def take_in(settings: Settings) -> Ingested:
    """Return what was ingested; afterwards the marts and the published snapshot show it."""
    log = open_log(settings.log_url)
    try:
        with progress_bar("Ingesting", waiting(log, settings.warehouse)) as advance:
            done = ingest(log, settings.warehouse, progress=advance)
        log.acknowledge(positions(settings.warehouse))
    finally:
        log.close()
    with write(settings.warehouse) as connection:
        changed = refresh(connection)
    if changed or done.read or not is_current(settings.snapshot):
        publish(settings.warehouse, settings.snapshot)
    return done


@click.group("gaps")
def gaps_command() -> None:
    """Look at what the log lost before it was ingested, and accept it in writing.

    \b
    Example:
      maillage gaps list
    """


@gaps_command.command("list")
@as_format
@click.pass_obj
def list_gaps_command(settings: Settings, style: Format) -> None:
    """List the gaps that were accepted.

    \b
    Example:
      maillage gaps list --format json
    """
    with read(settings.warehouse) as connection:
        found = gaps(connection)
    if style == "json":
        click.echo(msgspec.json.encode(found).decode())
        return
    for each in found:
        click.echo(f"{each.partition}:{each.since}-{each.until - 1}  {each.accepted_at:%Y-%m-%d}  {each.reason}")
    if not found:
        click.echo("nothing was lost")


@gaps_command.command("accept")
@click.argument("partition", type=int)
@click.option("--reason", required=True, help="Why it may be lost; kept with the gap.")
@click.pass_obj
def accept_command(settings: Settings, partition: int, reason: str) -> None:
    """Go on after positions that the log no longer has; the loss is recorded.

    \b
    Example:
      maillage gaps accept 2 --reason "the service was off for six weeks"
    """
    if not reason.strip():
        raise click.BadParameter("the reason is empty; say in some words why it may be lost", param_hint="--reason")
    log = open_log(settings.log_url)
    try:
        gap = accept(log, settings.warehouse, partition, reason=reason, present=datetime.now(UTC))
    finally:
        log.close()
    click.echo(f"{gap.until - gap.since:,} positions of partition {partition} are written down as lost")


COMMANDS: list[click.Command] = [ingest_command, gaps_command]
"""What the front door has of this room."""
