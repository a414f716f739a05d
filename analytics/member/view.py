"""What the template asks of a page: groups, rows and sentences, in the words of a language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from analytics.member.check import OWN
from analytics.member.content import Figure, HeldEvent, Inputs, Page
from analytics.member.words import Words
from analytics.metrics import METRICS
from producers.event import ConsentWithdrawn, encode, event

_CHOICES = {"role": "roles", "purpose": "purposes", "public": "publics"}


@dataclass(frozen=True)
class Kind:
    """The events of one kind, the newest first."""

    kind: str
    events: Sequence[HeldEvent]

    @property
    def kept_until(self) -> datetime | None:
        """Return until when the last of them is kept; None where one is kept for good."""
        ends = [each.kept_until for each in self.events]
        return None if None in ends else max(end for end in ends if end)


@dataclass(frozen=True)
class Card:
    """One metric: its figures of the last week, and all of them by week and layer."""

    metric: str
    last: Sequence[Figure]
    layers: Sequence[str]
    weeks: Sequence[tuple[date, Sequence[Figure | None]]]


def kinds(page: Page) -> list[Kind]:
    """Return the events by kind, those with the most events first."""
    found = defaultdict[str, list[HeldEvent]](list)
    for each in page.events:
        found[each.kind].append(each)
    return sorted((Kind(*each) for each in found.items()), key=lambda each: (-len(each.events), each.kind))


def span(kind: Kind, words: Words) -> str:
    """Return the days of the first and the last event of a kind, or the one day."""
    first, last = words.day(kind.events[-1].occurred_at), words.day(kind.events[0].occurred_at)
    return first if first == last else f"{first} – {last}"


def cards(page: Page) -> list[Card]:
    """Return one card a metric, in the order of the table of metrics."""
    order = {name: number for number, name in enumerate(METRICS)}
    found = defaultdict[str, list[Figure]](list)
    for each in page.figures:
        found[each.metric].append(each)
    return [_card(*each) for each in sorted(found.items(), key=lambda each: (order.get(each[0], len(order)), each[0]))]


def _card(metric: str, figures: Sequence[Figure]) -> Card:
    layers = sorted({figure.layer or "" for figure in figures})
    weeks = defaultdict[date, dict[str, Figure]](dict)
    for figure in figures:
        weeks[figure.week][figure.layer or ""] = figure
    newest = sorted(weeks, reverse=True)
    last = [weeks[newest[0]][layer] for layer in layers if layer in weeks[newest[0]]]
    return Card(metric, last, layers, [(week, [weeks[week].get(layer) for layer in layers]) for week in newest])


def inputs_of(page: Page, figure: Figure, words: Words) -> str:
    """Return in words what a figure rests on."""
    found = next((each for each in page.inputs if (each.week, each.layer) == (figure.week, figure.layer)), None)
    if found is None:
        return ""
    if figure.metric in OWN:
        return words.say("figures.own", count=words.number(len(found.own)))
    return words.say("figures.whole", count=words.number(found.ties), digest=found.digest[:12])


def sampled(figure: Figure, words: Words) -> str:
    """Return in words that a figure of paths comes from some of the members only, and its interval; else nothing."""
    metric = METRICS.get(figure.metric)
    if metric is None or metric.family != "path" or figure.low is None or figure.high is None:
        return ""
    return words.say("figures.sampled", low=words.number(figure.low), high=words.number(figure.high))


def last_inputs(page: Page) -> list[Inputs]:
    """Return what the figures of the last week rest on, by layer."""
    last = max((each.week for each in page.inputs), default=None)
    return [each for each in page.inputs if each.week == last]


def details(held: HeldEvent, words: Words) -> str:
    """Return in one line what an event says."""
    said = [
        words.say("fields.pair", name=words.named("fields", name), value=_value(name, value, words))
        for name, value in held.data.items()
    ]
    return " · ".join([held.subject, *said] if held.subject not in held.data.values() else said)


def _value(name: str, value: Any, words: Words) -> str:  # noqa: ANN401  any JSON
    if name == "attendees":
        return ", ".join(words.named("roles", each["role"]) for each in value)
    if name in ("member", "requester", "helper"):
        return words.say("fields.somebody" if value == "somebody else" else "fields.you")
    if isinstance(value, bool):
        return words.say("who.yes" if value else "who.no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return words.named(_CHOICES.get(name, ""), str(value))


def standing(page: Page, words: Words) -> list[tuple[str, str]]:
    """Return who she is to the network, label by label."""
    facts: Mapping[str, Any] = page.standing or {}
    shown = [(words.say(f"who.{name}"), _fact(name, value, words)) for name, value in facts.items()]
    return [(label, text) for label, text in shown if text]


def _fact(name: str, value: Any, words: Words) -> str:  # noqa: ANN401  a cell
    if value is None:
        return "" if name == "left_at" else words.say("who.unknown")
    if isinstance(value, datetime):
        return words.day(value)
    if isinstance(value, bool):
        return words.say("who.yes" if value else "who.no")
    return words.country(value) if name == "country" else words.named("publics", str(value))


def objection(page: Page) -> str:
    """Return the line that objects for her, ready to be published."""
    made = event(
        ConsentWithdrawn(purpose="analytics", channel="vitre"),
        source="urn:maillage:vitre",
        key=f"{page.members[0]} {page.made_at.isoformat()}",
        change="objection",
        subject=page.members[0],
        time=page.made_at,
    )
    return encode(made).decode()
