"""The command ``maillage door``: whom to ask for help, and how well its advice would have done."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import click
import msgspec

from analytics.door import Advice, advise, judge, noted
from analytics.metrics.door import Door
from analytics.metrics.door.record import Kind
from analytics.metrics.door.replay import CAPPED, OURS, RULES, Verdict
from producers.errors import UsageError
from producers.settings import Settings
from warehouse.commands import Format, as_format

SHOWN = 3
"""Doors of a kind that people are shown; scripts get all."""
WIDTH, INDENT = 80, " " * 5
NAMES = {"place": "Places", "person": "People"}


@click.command("door")
@click.option("--skills", metavar="A,B", help="What help is needed with.")
@click.option("--place", help="Id of the place that asks.")
@click.option("--explain", is_flag=True, help="Show what each chance is made of.")
@click.option("--judge", "judging", is_flag=True, help="Ask all past requests again, and tell how well it went.")
@as_format
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.pass_obj
def door_command(
    settings: Settings,
    skills: str | None,
    place: str | None,
    style: Format,
    *,
    explain: bool,
    judging: bool,
    as_json: bool,
) -> None:
    """Tell which door to knock on: places first, then people who agreed to be asked.

    "No door" is an answer too. It helps people to find each other and decides nothing. Who is shown as a person can
    read that on her page (maillage me).

    \b
    Example:
      maillage door --skills soudure,arduino --place lab-lausanne
      maillage door --judge
    """
    path = settings.snapshot if settings.snapshot.exists() else settings.warehouse
    asked = [name for name in (each.strip() for each in (skills or "").split(",")) if name]
    if judging == bool(asked):
        raise UsageError("one question at a time", expected="either --skills A,B or --judge")
    answer = judge(path) if judging else advise(path, asked, place)
    scripted = as_json or style == "json"
    if isinstance(answer, Advice):
        noted(settings, answer, answer.people if scripted else answer.people[:SHOWN], what="maillage door")
    if scripted:
        click.echo(_as_json(answer))
    else:
        click.echo(_advice_text(answer, explain=explain) if isinstance(answer, Advice) else _verdict_text(answer))


def _as_json(answer: Advice | Mapping[Kind, Verdict]) -> str:
    told: object = answer
    if isinstance(answer, Advice):
        told = {"no_door": answer.no_door, **{name: getattr(answer, name) for name in Advice.__dataclass_fields__}}
    return msgspec.json.encode(told).decode()


def _advice_text(advice: Advice, *, explain: bool) -> str:
    lines = []
    for kind, doors in (("place", advice.places), ("person", advice.people)):
        if doors:
            lines += [f"{NAMES[kind]:<34}answers within 14 days (90 % interval)"]
            lines += [line for rank, door in enumerate(doors[:SHOWN], 1) for line in _door(rank, door, explain=explain)]
    if advice.no_door:
        lines += ["No door: nobody who showed this and may be asked is likely to answer."]
    lines += [f"left out: {_counted(advice.full, 'door')} at the cap, {advice.unlikely:,} that hardly ever answer"]
    return "\n".join(lines)


def _door(rank: int, door: Door, *, explain: bool) -> list[str]:
    where = f" at {door.home}" if door.kind == "person" and door.home else ""
    lines = [f"  {rank}  {door.door + where:<52} {door.chance:>4.0%} ({door.low:.0%} to {door.high:.0%})"]
    lines += textwrap.wrap(", ".join(_reasons(door)), WIDTH - 5, initial_indent=INDENT, subsequent_indent=INDENT)
    if explain:
        lines += [f"{INDENT}  {part:<22} {worth:>+6.2f}" for part, worth in door.parts.items()]
        lines += [f"{INDENT}  {'logarithm of the odds':<22} {sum(door.parts.values()):>+6.2f}"]
    return lines


def _reasons(door: Door) -> list[str]:
    """Return what speaks for a door, and its load."""
    showed = f"{_counted(door.holders, 'person', 'people')} showed it" if door.kind == "place" else "showed it"
    far = [] if door.km is None else ["here" if door.km == 0 else f"{door.km:.0f} km away"]
    answers = f"{_counted(door.answers, 'answer')} on it in 26 weeks"
    return [showed, answers, *far, f"load {door.load} of {door.cap}"]


def _verdict_text(verdicts: Mapping[Kind, Verdict]) -> str:
    parts = [_record(NAMES[kind], verdict) for kind, verdict in verdicts.items() if verdict.answered]
    return "\n\n".join([*parts, "\n".join(_sentence(NAMES[kind].lower(), each) for kind, each in verdicts.items())])


def _record(name: str, verdict: Verdict) -> str:
    lines = [
        f"{name}: {verdict.requests:,} past requests asked again, {verdict.answered:,} answered in 14 days,",
        f"{verdict.seen:,} of these by a door that had shown the skill before",
        f"{'':<26} hit@1   hit@3     MRR   the right door leads by (95 %)",
    ]
    for way, score in verdict.scores.items():
        lead = verdict.leads[OURS].get(way)
        ahead = f"   {lead.mean:+.3f} ({lead.low:+.3f} to {lead.high:+.3f})" if lead else ""
        lines += [f"{way:<25} {score.hit_1:>5.1%}  {score.hit_3:>6.1%}  {score.mrr:>6.3f}{ahead}"]
    lines += [f"calibration: Brier score {verdict.brier:.4f}, {verdict.brier_base:.4f} if every door had one chance"]
    lines += ["       doors     told    found"]
    lines += [f"  {each.doors:>10,}  {each.told:>6.1%}  {each.found:>6.1%}" for each in verdict.bins]
    closed = f'"no door" for {_counted(verdict.closed, "request")}, {verdict.closed_answered:,} answered all the same'
    return "\n".join([*lines, closed])


def _sentence(name: str, verdict: Verdict) -> str:
    """Return whether the right door beats the rules of thumb, in its order and as it is shown."""
    if not verdict.answered:
        return f"For {name} there is nothing to judge by: none answered a request so far."
    return textwrap.fill(
        f"For {name}, the right door {_beats(verdict, OURS)}; under the cap it {_beats(verdict, CAPPED)}.", WIDTH
    )


def _beats(verdict: Verdict, way: str) -> str:
    unbeaten = verdict.unbeaten(way)
    return f"does not beat: {', '.join(unbeaten)}" if unbeaten else f"beats all {len(RULES)} rules of thumb"


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


COMMANDS: list[click.Command] = [door_command]
"""What the front door has of this room."""
