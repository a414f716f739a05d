"""A world of a few events, told early, late, twice, otherwise, or ruined."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from producers.event import (
    Attendee,
    ConsentGiven,
    ConsentWithdrawn,
    Event,
    HelpAnswered,
    HelpRequested,
    MemberJoined,
    WorkshopHeld,
    encode,
)
from producers.log import Entry
from tests.story import person, tell

EVENTS = 24


class Line(NamedTuple):
    """What is published: its bytes, and the event that they are; None for poison."""

    entry: Entry
    event: Event | None


def told(number: int) -> Event:
    """Return one of the events that this world has; some lie weeks before others that come later."""
    day, member = str(date(2026, 1, 5) + timedelta(days=number * 53 % 140)), person(number % 5)
    kind = number % 6
    if kind == 0:
        attendees = [Attendee(member=person(each), role="learner") for each in (number % 4, 4)]
        return tell(WorkshopHeld(skills=["laser"], attendees=attendees), f"w{number}", day)
    if kind == 1:
        return tell(HelpAnswered(answer=f"a{number}", helper=member), f"q{number % 4}", day)
    if kind == 2:
        return tell(HelpRequested(skills=["laser"], requester=member), f"q{number % 4}", day)
    if kind == 3:
        return tell(MemberJoined(place="lab"), member, day)
    consent = ConsentGiven(purpose="analytics") if kind == 4 else ConsentWithdrawn(purpose="analytics")
    return tell(consent, member, day)


def line(event: Event) -> Line:
    return Line(Entry(event.key, encode(event)), event)


def other_content(number: int) -> Event:
    """Return an event that says something else under the id of another one: whichever comes second is poison."""
    event = told(number)
    return msgspec.structs.replace(event, time=event.time + timedelta(hours=1))


def poison(kind: int, number: int) -> Line:
    """Return a line that no order of things makes valid."""
    event = told(number)
    whole = encode(event)
    ruined = (
        whole[:-1],
        b"\xff" + whole,
        whole.replace(b"fr.maillage.", b"fr.elsewhere."),
        whole.replace(b'"time":"2026', b'"time":"2099'),
    )
    return Line(Entry(event.key, ruined[kind]), None)
