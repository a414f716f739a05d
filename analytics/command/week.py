"""The commands of analytics: the demo, computing, the report, and what the metrics mean."""

from __future__ import annotations

import shlex
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from analytics.as_known import publish_as_known
from analytics.card import cards
from analytics.compute import compute, reaches, to_compute
from analytics.metrics import METRICS
from analytics.publication import PAGES, publish_week
from analytics.week import Week, parse_week
from producers.errors import UsageError, WarehouseError
from producers.log.opening import open_log
from producers.progress import progress_bar
from producers.publish import publish
from producers.settings import Settings
from producers.sources import SOURCES
from warehouse import snapshot
from warehouse.commands import Format, as_format
from warehouse.connection import read, write
from warehouse.hidden import hidden_rows
from warehouse.intake import take_in
from warehouse.knowledge import parse_instant
from warehouse.mart import rebuild
from warehouse.record import holds
from warehouse.stale import mark_all


class WeekType(click.ParamType[Week]):
    """A week on the command line."""

    name = "week"

    def convert(self, value: str | Week, param: click.Parameter | None, ctx: click.Context | None) -> Week:
        """Return the week, or refuse in one line."""
        try:
            return value if isinstance(value, Week) else parse_week(value)
        except UsageError as error:
            self.fail(str(error), param, ctx)


LAST_WEEK = parse_week("2026-W46")
"""The demo's last week; its present is the end of it, whatever the clock says."""

WEEK = WeekType()
language = click.option(
    "--lang",
    "languages",
    type=click.Choice(PAGES),
    multiple=True,
    help="Only this language (default: all).",
)


@click.command("compute")
@click.option("--from", "first", type=WEEK, help="Compute again from this week on, stale or not.")
@click.option("--to", "last", type=WEEK, help="Compute again up to this week.")
@as_format
@click.pass_obj
def compute_command(settings: Settings, first: Week | None, last: Week | None, style: Format) -> None:
    """Compute what is stale, in every week that is over, and say how much consent leaves out.

    \b
    Example:
      maillage compute
      maillage compute --from 2026-W01 --to 2026-W46
    """
    if first and last and first > last:
        raise UsageError(f"--from {first} is after --to {last}", expected="the first week, then the last")
    weeks = bring_up_to_date(settings, datetime.now(UTC), first=first, last=last)
    with read(settings.warehouse) as connection:
        left_out = hidden_rows(connection)
    if style == "json":
        click.echo(msgspec.json.encode({"weeks": weeks, **asdict(left_out)}).decode())
    else:
        click.echo(f"{_weeks(weeks)} computed; {left_out}" if weeks else "nothing is stale")


def _weeks(number: int) -> str:
    return f"{number:,} week{'' if number == 1 else 's'}"


def bring_up_to_date(
    settings: Settings,
    present: datetime,
    *,
    first: Week | None = None,
    last: Week | None = None,
) -> int:
    """Return how many weeks were computed; the published snapshot shows them."""
    if not settings.warehouse.exists():
        raise WarehouseError(f"there is no warehouse at {settings.warehouse}", remedy="run: maillage ingest --once")
    stale = to_compute(settings, present, first=first, last=last)
    if not stale:
        return 0
    with progress_bar("Computing weeks", len({mark.week for mark in stale})) as advance:
        weeks = compute(settings, stale, present=present, progress=advance, processes=True)
    snapshot.publish(settings.warehouse, settings.snapshot)
    return weeks


@click.command("report")
@click.option("--week", type=WEEK, help="Which week (default: the last one that was computed).")
@language
@click.option("--as-of", "as_of", metavar="INSTANT", help="As it was known then, with its zone: 2026-11-20T08:00Z.")
@as_format
@click.pass_obj
def report_command(
    settings: Settings, week: Week | None, languages: tuple[str, ...], as_of: str | None, style: Format
) -> None:
    """Write the weekly report under the site folder, from the published snapshot.

    \b
    Example:
      maillage report --week 2026-W46 --lang fr
      maillage report --week 2026-W46 --as-of 2026-11-20T08:00Z
    """
    if as_of is not None:
        written = publish_as_known(settings, week, languages or PAGES, parse_instant(as_of))
    else:
        written = publish_week(settings, week, languages or PAGES)
    if style == "json":
        click.echo(msgspec.json.encode({"week": str(written.week), "pages": [str(p) for p in written.pages]}).decode())
    else:
        click.echo(f"{written.week}: " + ("written" if written.changed else "nothing changed"))
        for page in written.pages:
            click.echo(f"  {page}")


@click.command("rebuild")
@click.pass_obj
def rebuild_command(settings: Settings) -> None:
    """Make every derived table anew from the record: marts, ties, metrics.

    \b
    Example:
      maillage rebuild
    """
    with write(settings.warehouse) as connection:
        subjects = rebuild(connection)
        mark_all(connection)
    weeks = bring_up_to_date(settings, datetime.now(UTC))
    snapshot.publish(settings.warehouse, settings.snapshot)
    click.echo(f"{subjects:,} subject{'' if subjects == 1 else 's'} and {_weeks(weeks)} made anew")


@click.command("metrics")
@as_format
@click.pass_obj
def metrics_command(settings: Settings, style: Format) -> None:
    """List what is computed, and what each figure says and does not say.

    \b
    Example:
      maillage metrics
    """
    shown = [(metric, cards()[name]) for name, metric in METRICS.items()]
    if style == "json":
        rows = [
            {
                "name": metric.name,
                "title": card.title,
                "unit": card.unit,
                "says": card.says,
                "says_not": card.says_not,
                "layers": metric.layers,
                "subject_kind": metric.subject_kind,
                "source": card.source,
            }
            for metric, card in shown
        ]
        click.echo(msgspec.json.encode(rows).decode())
        return
    known = {each.metric: each.reach for each in reaches(settings)}
    for metric, card in shown:
        click.secho(f"{metric.name}  ", bold=True, nl=False)
        click.echo(f"{card.title['en']} ({card.unit['en']}), reach {known[metric.name]} weeks")
        click.echo(f"  says      {card.says['en']}\n  says not  {card.says_not['en']}\n  source    {card.source}")


@click.command("demo")
@click.option("--seed", default=1, show_default=True, help="Another seed gives another region.")
@click.option("--members", default=1000, show_default=True, help="About how many people it has.")
@click.option("--weeks", default=104, show_default=True, help="How many weeks it has lived.")
@click.pass_obj
def demo_command(settings: Settings, seed: int, members: int, weeks: int) -> None:
    """Simulate a region, stream its events through the log into the warehouse, compute, and write the report.

    The same call gives the same region, the same figures and the same pages; a second one changes nothing.

    \b
    Example:
      maillage demo
    """
    _stream(settings, seed=seed, members=members, weeks=weeks)
    done = take_in(settings)
    computed = bring_up_to_date(settings, (LAST_WEEK + 1).since)
    with progress_bar("Writing pages", len(PAGES)) as advance:
        written = publish_week(settings, None, PAGES)
        advance(len(PAGES))
    if not (done.read or computed or written.changed):
        click.echo("Nothing has changed since the last run.")
    click.echo(_closing(settings, written.pages[0]))


def _stream(settings: Settings, *, seed: int, members: int, weeks: int) -> None:
    """Publish the region unless the record holds all of it."""
    given = SOURCES["simulated"].fetch(b"", seed=seed, members=members, weeks=weeks, last_week=str(LAST_WEEK))
    items = list(given.items)
    known = {(event.source, event.id) for item in items for event in given.parse(item)}
    if not holds(settings.warehouse, known):
        log = open_log(settings.log_url)
        try:
            with progress_bar("Streaming events", len(items)) as advance:
                rejected = settings.home / "rejected" / "simulated.ndjson"
                publish(replace(given, items=iter(items)), log, rejected_file=rejected, progress=advance)
        finally:
            log.close()


def _closing(settings: Settings, page: Path) -> str:
    home = "" if settings.home == Path("var") else f"MAILLAGE_HOME={shlex.quote(str(settings.home))} "
    command = f"  {home}{shlex.quote(str(Path(sys.argv[0])))}"
    return "\n".join(
        [
            "",
            f"The weekly report:  {page.resolve().as_uri()}",
            "",
            "What to try next:",
            f'{command} sql "SELECT skill, sum(people) AS people FROM skill_week GROUP BY ALL ORDER BY 2 DESC LIMIT 5"',
            f"{command} report --week 2026-W20",
            f"{command} status",
            f"{command} --help",
        ],
    )


COMMANDS: list[click.Command] = [demo_command, compute_command, report_command, metrics_command, rebuild_command]
