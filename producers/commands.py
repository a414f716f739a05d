"""The command line of the producers: simulate, publish, validate, schema."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from producers.errors import EventError, InputError
from producers.event import encode
from producers.identity import read_key
from producers.lines import lines
from producers.log.opening import make_log, open_log
from producers.progress import progress_bar
from producers.publish import Summary, publish
from producers.schema import write_schemas
from producers.settings import Settings
from producers.slug import slug
from producers.sources import SOURCES, Input, Parameter, Source
from producers.sources.events import open_lines, read_event

SHOWN = 20


@click.command("simulate")
@click.option("--seed", default=1, show_default=True, help="Another seed gives another region.")
@click.option("--members", default=1000, show_default=True, help="About how many people it has.")
@click.option("--weeks", default=104, show_default=True, help="How many weeks it has lived.")
@click.option("--last-week", default="2026-W46", show_default=True, help="The last of these weeks.")
def simulate_command(*, seed: int, members: int, weeks: int, last_week: str) -> None:
    """Print the events of a simulated region, one a line, in the order in which a log would get them.

    \b
    Example:
      maillage simulate --seed 7 --weeks 10 > events.ndjson
    """
    given = SOURCES["simulated"].fetch(b"", seed=seed, members=members, weeks=weeks, last_week=last_week)
    output = sys.stdout.buffer
    for item in given.items:
        for made in given.parse(item):
            output.write(encode(made) + b"\n")
    output.flush()


@click.group("publish")
def publish_command() -> None:
    """Read a source and append its events to the event log; persons leave as pseudonyms only.

    Reading a source again is harmless: its events have the same ids and are known already.

    \b
    Example:
      maillage publish stackexchange dumps/quantum --name quantum --dry-run
    """


@click.command("validate")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
def validate_command(file: Path) -> None:
    """Check events, one a line, against the contract; `-` reads standard input.

    Exit code 1 when any is bad, or when there is none.

    \b
    Example:
      maillage simulate | maillage validate -
    """
    valid = bad = 0
    for number, reason in _checked(file):
        if reason is None:
            valid += 1
            continue
        bad += 1
        if bad <= SHOWN:
            click.echo(f"line {number}: {reason}")
    if bad > SHOWN:
        click.echo(f"… and {bad - SHOWN:,} more")
    click.echo(f"{valid:,} valid, {bad:,} bad" if valid or bad else "no event found; expected one a line")
    if bad or not valid:
        raise click.exceptions.Exit(1)


@click.command("schema")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Directory to write to.")
def schema_command(out: Path) -> None:
    """Write the contract as JSON Schemas (2020-12), one file for each event type.

    \b
    Example:
      maillage schema --out schemas
    """
    try:
        written = write_schemas(out)
    except OSError as error:
        raise InputError(f"{out} can't be written ({error.strerror})", expected="a directory of yours") from error
    click.echo(f"{len(written)} schemas written to {out}")


def _checked(file: Path) -> Iterator[tuple[int, EventError | None]]:
    """Yield every line that is not empty: its number, and what is wrong with it."""
    with open_lines(file) as stream:
        for line in lines(stream):
            try:
                if read_event(line):
                    yield line.number, None
            except EventError as reason:
                yield line.number, reason


def _command(source: Source) -> click.Command:
    """Return ``publish <source>``, made from the source's row."""

    @click.pass_obj
    def run(settings: Settings, /, *, dry_run: bool, output: str, **parameters: object) -> None:
        _publish(settings, source, dry_run=dry_run, output=output, parameters=parameters)

    return click.Command(
        source.name,
        callback=run,
        params=[*(_parameter(each) for each in source.parameters), _dry_run(), _output()],
        help=f"{source.reads}\n\n\b\nExample:\n  {source.example}",
        short_help=source.reads,
    )


def _publish(settings: Settings, source: Source, *, dry_run: bool, output: str, parameters: dict[str, object]) -> None:
    given = source.fetch(read_key(settings.home), **parameters)
    rejected_file = settings.home / "rejected" / f"{_file_name(given, source)}.ndjson"
    log = open_log(settings.log_url)
    try:
        with progress_bar(given.title, given.total) as advance:
            summary = publish(
                given,
                log,
                rejected_file=rejected_file,
                dry_run=dry_run,
                progress=advance,
                present=datetime.now(UTC),
            )
    finally:
        log.close()
    write = _write_json if output == "json" else _write_text
    write(summary, rejected_file, dry_run=dry_run)


def _write_text(summary: Summary, rejected_file: Path, *, dry_run: bool) -> None:
    click.echo(
        f"{summary.read:,} read = {summary.published:,} published + {summary.ignored:,} ignored"
        f" + {summary.rejected:,} rejected"
    )
    if summary.first and summary.last:
        done = "would be appended" if dry_run else "appended"
        click.echo(f"{summary.events:,} events {done}, {summary.first.date()} to {summary.last.date()}")
    if dry_run:
        click.echo("Samples:" if summary.samples else "No event in it.")
        for sample in summary.samples:
            click.echo(f"  {encode(sample).decode()}")
        click.echo(f"Thrown away: {', '.join(summary.dropped) or 'nothing'}")
    elif summary.rejected:
        click.echo(f"What was rejected, line by line and with the reason: {rejected_file}")


def _write_json(summary: Summary, rejected_file: Path, *, dry_run: bool) -> None:
    facts: dict[str, object] = {
        "source": summary.source,
        "dry_run": dry_run,
        "read": summary.read,
        "published": summary.published,
        "ignored": summary.ignored,
        "rejected": summary.rejected,
        "events": summary.events,
        "first": summary.first.isoformat() if summary.first else None,
        "last": summary.last.isoformat() if summary.last else None,
        "rejected_file": str(rejected_file) if summary.rejected and not dry_run else None,
    }
    if dry_run:
        facts["samples"] = [json.loads(encode(sample)) for sample in summary.samples]
        facts["dropped"] = list(summary.dropped)
    click.echo(json.dumps(facts, ensure_ascii=False))


def _file_name(given: Input, source: Source) -> str:
    return slug(given.source.removeprefix("urn:maillage:")) if given.source else source.name


def _parameter(told: Parameter) -> click.Parameter:
    kind = click.Path(path_type=Path, allow_dash=True) if told.type is Path else told.type
    if told.kind == "argument":
        return click.Argument([told.name], type=kind)
    name = f"--{told.name.replace('_', '-')}"
    if told.required:  # Without any default: click takes even None for an answer.
        return click.Option([name], type=kind, required=True, help=told.says)
    return click.Option([name], type=kind, default=told.default, show_default=told.default is not None, help=told.says)


def _dry_run() -> click.Option:
    return click.Option(["--dry-run"], is_flag=True, help="Append nothing; show samples and what is thrown away.")


def _output() -> click.Option:
    return click.Option(
        ["--format", "output"],
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="How to tell the result.",
    )


for _source in SOURCES.values():
    publish_command.add_command(_command(_source))


@click.group("log")
def log_command() -> None:
    """Look after the event log.

    \b
    Example:
      maillage log init
    """


@log_command.command("init")
@click.option(
    "--partitions",
    type=click.IntRange(1, 1000),
    default=4,
    show_default=True,
    help="How many, where the log is made now.",
)
@click.pass_obj
def init_command(settings: Settings, partitions: int) -> None:
    """Make the event log; of one that exists, tell what would be different.

    \b
    Example:
      MAILLAGE_LOG=kafka://localhost:9092/events maillage log init
    """
    made, told = make_log(settings.log_url, partitions=partitions)
    click.echo(f"{settings.log_url}: " + ("made" if made else "exists"))
    for each in told:
        click.echo(f"  {each}")


COMMANDS: list[click.Command] = [simulate_command, publish_command, validate_command, schema_command, log_command]
"""What the front door adds for this layer."""
