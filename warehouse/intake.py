"""The commands that take in: ingest, what was refused, and what was lost."""

from __future__ import annotations

import signal
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from threading import Event as Signal

import click
import msgspec

from producers.errors import MaillageError
from producers.log.opening import open_log
from producers.progress import progress_bar
from producers.settings import Settings
from warehouse import service
from warehouse.commands import Format, as_format
from warehouse.connection import read, write
from warehouse.gap import accept, gaps
from warehouse.health import Health, served
from warehouse.ingest import Ingested, ingest, waiting
from warehouse.mart import refresh
from warehouse.reject import find, raw, rejects, replay
from warehouse.snapshot import publish


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
        signal.signal(number, lambda *_: stop.set())
    service.log_as_json()
    with served(health, settings.metrics_port) if settings.metrics_port else nullcontext():
        service.follow(settings, stop, health)


def take_in(settings: Settings) -> Ingested:
    """Return what was ingested; afterwards the marts and the published snapshot show it."""
    log = open_log(settings.log_url)
    try:
        lines = waiting(log, settings.warehouse)
        with progress_bar("Ingesting", lines) as advance:
            done = ingest(log, settings.warehouse, progress=advance)
    finally:
        log.close()
    with write(settings.warehouse) as connection:
        changed = refresh(connection)
    if changed or done.read or not settings.snapshot.exists():
        publish(settings.warehouse, settings.snapshot)
    return done


@click.group("rejects")
def rejects_command() -> None:
    """Look at the lines that were refused, and give them another try.

    \b
    Example:
      maillage rejects list
    """


@rejects_command.command("list")
@click.option("--limit", default=20, show_default=True, help="How many, the newest first.")
@as_format
@click.pass_obj
def list_command(settings: Settings, limit: int, style: Format) -> None:
    """List the newest rejects: where, how long, why.

    \b
    Example:
      maillage rejects list --limit 50
    """
    with read(settings.warehouse) as connection:
        found = rejects(connection, limit)
    if style == "json":
        click.echo(msgspec.json.encode(found).decode())
        return
    for each in found:
        click.echo(f"{each.partition}:{each.position}  {each.size:,} bytes  {each.reason}")
    if not found:
        click.echo("nothing was rejected")


@rejects_command.command("show")
@click.argument("where", metavar="PARTITION:POSITION")
@click.pass_obj
def show_command(settings: Settings, where: str) -> None:
    """Print the bytes of one reject as they stand in the log.

    \b
    Example:
      maillage rejects show 2:1043
    """
    position = _position(where)
    log = open_log(settings.log_url)
    try:
        with read(settings.warehouse) as connection:
            reject = find(connection, *position)
        click.echo(raw(log, reject))
    finally:
        log.close()


@rejects_command.command("replay")
@click.option(
    "--fixed",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Append the events of this file instead of the refused lines themselves.",
)
@click.pass_obj
def replay_command(settings: Settings, fixed: Path | None) -> None:
    """Append refused lines again, where they keep the contract now; then run ingest.

    \b
    Example:
      maillage rejects show 2:1043 > line.ndjson    # mend it, then
      maillage rejects replay --fixed line.ndjson
    """
    log = open_log(settings.log_url)
    try:
        lines = fixed.read_bytes().splitlines() if fixed else _refused(settings)
        done, refused = replay(log, [line for line in lines if line.strip()])
    finally:
        log.close()
    click.echo(
        f"{done:,} appended, {len(refused):,} still break the contract" + "".join(f"\n  {x}" for x in refused[:5])
    )


def _refused(settings: Settings) -> list[bytes]:
    log = open_log(settings.log_url)
    with read(settings.warehouse) as connection:
        found = rejects(connection)
    lines = []
    for each in found:
        try:
            lines.append(raw(log, each))
        except MaillageError as error:
            click.echo(str(error), err=True)
    log.close()
    return lines


def _position(where: str) -> tuple[int, int]:
    partition, _, position = where.partition(":")
    if not (partition.isdigit() and position.isdigit()):
        raise click.BadParameter(f"{where!r} is no position; write it as the list does, like 2:1043")
    return int(partition), int(position)


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
    log = open_log(settings.log_url)
    try:
        gap = accept(log, settings.warehouse, partition, reason=reason, present=datetime.now(UTC))
    finally:
        log.close()
    click.echo(f"{gap.until - gap.since:,} positions of partition {partition} are written down as lost")


COMMANDS: list[click.Command] = [ingest_command, rejects_command, gaps_command]
"""What the front door has of this room."""
