"""The commands about the skill vocabulary: what a text means, and which texts wait to be classified."""

from __future__ import annotations

from dataclasses import dataclass

import click
import msgspec

from analytics.disclosure import DEFAULT, Thresholds, publishable
from producers.settings import Settings
from producers.vocabulary import VERSION, label, match
from warehouse.commands import Format, as_format
from warehouse.connection import Connection, read
from warehouse.statement import statement


@dataclass(frozen=True)
class Waiting:
    """A text that the vocabulary does not know, with how many occasions and people told of it."""

    term: str
    occasions: int
    people: int


@dataclass(frozen=True)
class Queue:
    """What waits to be classified; a text of too few people could name one and is only counted."""

    version: int
    waiting: list[Waiting]
    withheld: int


def queue(connection: Connection, thresholds: Thresholds = DEFAULT) -> Queue:
    """Return the texts that are no concept, the most frequent first; those with too few people behind as a number."""
    rows = [Waiting(*row) for row in connection.execute(statement("readings/unclassified")).fetchall()]
    shown = [
        row for row in rows if publishable(row.occasions, people=row.people, thresholds=thresholds).mark == "shown"
    ]
    return Queue(VERSION, shown, len(rows) - len(shown))


@click.group("skills")
def skills_command() -> None:
    """Ask the skill vocabulary what a text means, and what it does not know yet.

    \b
    Example:
      maillage skills match "decoupe lazer"
    """


@skills_command.command("match")
@click.argument("texts", metavar="TEXT...", nargs=-1, required=True)
@as_format
def match_command(texts: tuple[str, ...], style: Format) -> None:
    """Tell which concept each text means: by an alias, by a slip of the pen, or none.

    \b
    Example:
      maillage skills match "imprimante 3D" Trotec Datenschutz
    """
    found = [(text, match(text)) for text in texts]
    if style == "json":
        click.echo(msgspec.json.encode([{"text": text, **msgspec.to_builtins(each)} for text, each in found]).decode())
        return
    for text, each in found:
        if each.code is None:
            click.echo(f"{text}: to be classified")
        else:
            labels = " · ".join(label(each.code, language) for language in ("fr", "de", "en"))
            click.echo(f"{text}: {each.code} ({labels}), by {each.how} of {each.alias!r}")


@skills_command.command("queue")
@click.option(
    "--limit", type=click.IntRange(1), default=50, show_default=True, help="How many, the most frequent first."
)
@as_format
@click.pass_obj
def queue_command(settings: Settings, limit: int, style: Format) -> None:
    """List the texts that wait to be classified, with how often and by how many people they were told.

    A text of fewer than 5 people is counted and not shown: it could tell who they are.

    \b
    Example:
      maillage skills queue --limit 10
    """
    path = settings.snapshot if settings.snapshot.exists() else settings.warehouse
    with read(path) as connection:
        found = queue(connection)
    listed = found.waiting[:limit]
    if style == "json":
        click.echo(msgspec.json.encode(Queue(found.version, listed, found.withheld)).decode())
        return
    for each in listed:
        click.echo(f"{each.occasions:>7,} occasions  {each.people:>6,} people  {each.term}")
    if len(found.waiting) > limit:
        click.echo(f"… and {len(found.waiting) - limit:,} more")
    click.echo(
        f"{len(found.waiting):,} to be classified (vocabulary {VERSION}), {found.withheld:,} with too few people"
    )


COMMANDS: list[click.Command] = [skills_command]
"""What the front door has of this room."""
