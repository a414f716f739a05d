"""What befalls the notes on their way into the log: delay, lateness, repetition, error and silence."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Literal

import msgspec

from producers.event import (
    Attendee,
    Event,
    EventRetracted,
    InputSummarised,
    MachineUsed,
    WorkshopHeld,
    event,
    identifier,
)
from producers.simulation.chance import capped_wait, stream
from producers.simulation.people import SILENT_WEEKS
from producers.simulation.places import BY_SLUG, FORUM, FORUM_TITLE, PLACES, SILENT, Place
from producers.simulation.season import Season
from producers.simulation.tool import Arrival, Note

LATE_SHARE, TWICE_SHARE = 0.035, 0.012
_WRONG = {WorkshopHeld: 0.02, MachineUsed: 0.004}
_ENTERED_TWICE = 0.001
_MISCOUNTED = range(3, 31)
_QUARTER = 13
_LARGE = 7
_MARGIN = timedelta(minutes=10)


def silence(season: Season) -> datetime:
    """Return the instant from which the silent place is silent: a Wednesday morning, after the night's sending."""
    return season.at(season.ago(SILENT_WEEKS, share=0.25), 2, 5, 1)


def arrive(seed: int, season: Season, notes: Iterable[Note]) -> list[Arrival]:
    """Return what the log appended until the present, in that order, summaries included."""
    rng = stream(seed, "mishaps")
    horizon = season.present - _MARGIN
    silent, silent_since = BY_SLUG[SILENT].source, silence(season)
    arrivals = [
        arrival
        for note in notes
        if note.known_at <= horizon and note.event.time < season.end
        for arrival in _of_note(rng, note)
        if arrival.recorded_at < (silent_since if arrival.event.source == silent else horizon)
    ]
    arrivals += _summaries(rng, season, arrivals, horizon)
    return sorted(arrivals, key=lambda arrival: arrival.recorded_at)


def _of_note(rng: Random, note: Note) -> Iterator[Arrival]:
    recorded = note.known_at + _delay(rng, note.event.source)
    wrong = _wrong(rng, note) if rng.random() < _WRONG.get(type(note.event.data), 0.0) else None
    if wrong:
        yield from _corrected(rng, note, wrong, recorded)
        return
    yield Arrival(recorded, note.event)
    if rng.random() < TWICE_SHARE:
        yield Arrival(recorded + timedelta(minutes=1 + round(capped_wait(rng, 600, 20_000))), note.event)
    if isinstance(note.event.data, MachineUsed) and rng.random() < _ENTERED_TWICE:
        yield from _entered_twice(rng, note, recorded)


def _delay(rng: Random, source: str) -> timedelta:
    if source == FORUM:
        return timedelta(seconds=1 + round(capped_wait(rng, 20, 600)))
    if rng.random() < LATE_SHARE:
        return timedelta(days=3, seconds=round(capped_wait(rng, 7 * 86_400, 30 * 86_400)))
    return timedelta(seconds=60 + round(capped_wait(rng, 3 * 3_600, 30 * 3_600)))


def _wrong(rng: Random, note: Note) -> Event | None:
    """Return the event as it was first written down, with an error in it."""
    data = note.event.data
    if isinstance(data, MachineUsed):
        return msgspec.structs.replace(note.event, data=msgspec.structs.replace(data, minutes=(data.minutes or 0) * 10))
    if not isinstance(data, WorkshopHeld) or len(data.attendees) not in _MISCOUNTED:
        return None
    forgotten = rng.choice([attendee for attendee in data.attendees if attendee.role == "learner"] or data.attendees)
    kept: list[Attendee] = [attendee for attendee in data.attendees if attendee != forgotten]
    return msgspec.structs.replace(note.event, data=msgspec.structs.replace(data, attendees=kept))


def _corrected(rng: Random, note: Note, wrong: Event, recorded: datetime) -> Iterator[Arrival]:
    """Yield the wrong event, days later what takes it back, and the true one under a new id."""
    noticed = recorded + timedelta(hours=1 + round(capped_wait(rng, 60, 500)))
    true = msgspec.structs.replace(note.event, id=identifier(note.event.source, note.key, "corrected-1"))
    yield Arrival(recorded, wrong)
    yield Arrival(noticed + timedelta(seconds=1), _retraction(wrong, "mistake", noticed))
    yield Arrival(noticed + timedelta(seconds=2), true)


def _entered_twice(rng: Random, note: Note, recorded: datetime) -> Iterator[Arrival]:
    """Yield the same use under another id, as if it had been entered twice, and what takes it back."""
    noticed = recorded + timedelta(hours=2 + round(capped_wait(rng, 40, 500)))
    again = msgspec.structs.replace(note.event, id=identifier(note.event.source, f"{note.key}/again", "used"))
    yield Arrival(recorded + timedelta(minutes=30), again)
    yield Arrival(noticed, _retraction(again, "duplicate", noticed))


def _retraction(wrong: Event, reason: Literal["mistake", "duplicate"], at: datetime) -> Event:
    payload = EventRetracted(source=wrong.source, id=wrong.id, reason=reason)
    return event(payload, source=wrong.source, key=wrong.id, change="retracted", subject=wrong.subject, time=at)


def _summaries(rng: Random, season: Season, arrivals: list[Arrival], horizon: datetime) -> Iterator[Arrival]:
    """Yield what each tool says of itself every quarter: how much it read, and what became of it."""
    quarters = [season.at(week, 0, 4) for week in range(season.weeks % _QUARTER or _QUARTER, season.weeks, _QUARTER)]
    ends = [*quarters, horizon]
    counts = Counter((arrival.event.source, bisect_left(ends, arrival.recorded_at)) for arrival in arrivals)
    for place in (None, *PLACES):
        source = place.source if place else FORUM
        for number, end in enumerate(ends):
            if place and place.slug == SILENT and end >= silence(season):
                break
            made = _summary(rng, place, counts[source, number])
            yield Arrival(
                end,
                event(
                    made, source=source, key=source, change=f"read until {end.isoformat()}", subject=source, time=end
                ),
            )


def _summary(rng: Random, place: Place | None, published: int) -> InputSummarised:
    ignored, rejected = published // rng.randint(15, 30), rng.choice((0, 0, 0, 1, 2))
    return InputSummarised(
        title=place.name if place else FORUM_TITLE,
        legal_basis=place.legal_basis if place else "public_task",
        read=published + ignored + rejected,
        published=published,
        ignored=ignored,
        rejected=rejected,
        rhythm_days=7 if place is None or place.share >= _LARGE else 10,
        place=place.slug if place else None,
    )
