"""The commands that take in: ingest, what was refused, and what was lost."""

from __future__ import annotations

import re
import signal
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from threading import Event as Signal

import click
import msgspec

from producers.errors import InputError, MaillageError
from producers.event import MAX_BYTES
from producers.lines import lines
from producers.log import EventLog
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
from warehouse.reject import find, raw, rejects, replay
from warehouse.snapshot import is_current, publish

_written = re.compile(r"([0-9]{1,9}):([0-9]{1,18})").fullmatch
SHOWN = 5
"""How many reasons are shown."""


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


@click.group("rejects")
def rejects_command() -> None:
    """Look at the lines that were refused, and give them another try.

    \b
    Example:
      maillage rejects list
    """


@rejects_command.command("list")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many, the newest first.")
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
@as_format
@click.pass_obj
def replay_command(settings: Settings, fixed: Path | None, style: Format) -> None:
    """Append refused lines again where ingest would take them now; then run ingest.

    What is on record or waits in the log already is left alone: a second replay appends nothing.

    \b
    Example:
      maillage rejects show 2:1043 > line.ndjson    # mend it, then
      maillage rejects replay --fixed line.ndjson
    """
    log = open_log(settings.log_url)
    try:
        given, lost = (_lines(fixed), []) if fixed else _refused(settings, log)
        done = replay(log, settings.warehouse, given, present=datetime.now(UTC))
    finally:
        log.close()
    if style == "json":
        click.echo(msgspec.json.encode({**msgspec.to_builtins(done), "lost": len(lost)}).decode())
        return
    again = sum(done.refused.values())
    click.echo(f"{done.appended:,} appended, {done.known:,} known already, {again:,} refused again")
    for reason, count in sorted(done.refused.items(), key=lambda each: -each[1])[:SHOWN]:
        click.echo(f"  {count:,} because {reason}")
    if lost:
        click.echo(f"{len(lost):,} could not be read back; the first: {lost[0]}", err=True)


def _lines(file: Path) -> list[bytes]:
    try:
        with file.open("rb") as stream:
            found = [line.content for line in lines(stream, limit=MAX_BYTES + 1) if line.content.strip()]
    except OSError as error:
        raise InputError(f"{file} can't be read ({error.strerror})", expected="events, one a line") from error
    if not found:
        raise InputError(f"{file} holds no event", expected="one a line")
    return found


def _refused(settings: Settings, log: EventLog) -> tuple[list[bytes], list[MaillageError]]:
    """Return the lines that were refused, in their order, and why the others cannot be read back."""
    with read(settings.warehouse) as connection:
        found = rejects(connection)
    kept, lost = [], []
    for each in reversed(found):
        try:
            kept.append(raw(log, each))
        except MaillageError as error:
            lost.append(error)
    return kept, lost


def _position(where: str) -> tuple[int, int]:
    found = _written(where)
    if not found:
        raise click.BadParameter(f"{where[:80]!r} is no position; write it as the list does, like 2:1043")
    return int(found[1]), int(found[2])


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


COMMANDS: list[click.Command] = [ingest_command, rejects_command, gaps_command]
"""What the front door has of this room."""
