"""The commands about what ingest refused: list the lines, look at one, and give them another try."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from producers.errors import InputError, MaillageError
from producers.event import MAX_BYTES
from producers.lines import lines
from producers.log import EventLog
from producers.log.opening import open_log
from producers.settings import Settings
from warehouse.commands import Format, as_format
from warehouse.connection import read
from warehouse.reject import find, raw, rejects, replay

_written = re.compile(r"([0-9]{1,9}):([0-9]{1,18})").fullmatch
SHOWN = 5
"""How many reasons are shown."""


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


COMMANDS: list[click.Command] = [rejects_command]
"""What the front door has of this room."""
