"""A stream whose outcome is known line by line, and the comparison with what a warehouse made of it.

What must come out follows from the log alone, position by position: also where a producer had to send some lines
twice because the broker went away under them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from producers.event import (
    TYPES,
    Attendee,
    Event,
    MachineUsed,
    MemberJoined,
    Payload,
    SkillDeclared,
    WorkshopHeld,
    encode,
    identifier,
)
from producers.log import Entry
from producers.log.opening import open_log
from tests.story import person
from warehouse.check import complaints
from warehouse.connection import Connection, read

SOURCE = "urn:faults"
DUPLICATES, POISON, LATE = 0.05, 0.01, 0.05
POISONS = {
    "no JSON": "the line is not JSON",
    "no UTF-8": "the line is not UTF-8",
    "unknown type": "unknown event type",
    "unknown version": "unknown version v9",
    "no subject": "missing required field `subject`",
    "foreign subject": "does not look like the id of a member",
    "future": "the event lies in the future",
    "other content": "came before with other content",
}
"""The eight kinds of poison, and a piece of the reason that each must be refused for."""

Place = tuple[int, int]


@dataclass
class Stream:
    """What is sent, in order, and what each of its lines must become."""

    entries: list[Entry] = field(default_factory=list)
    valid: dict[bytes, str] = field(default_factory=dict)
    poison: dict[bytes, str] = field(default_factory=dict)
    duplicates: int = 0
    late: int = 0


@dataclass(frozen=True)
class Outcome:
    """Where each event stands, which lines are refused for which kind of reason, and where to read on."""

    events: dict[Place, str]
    rejects: dict[Place, str]
    offsets: dict[int, int]


def stream(count: int, seed: int) -> Stream:
    """Return ``count`` lines: duplicates, poison and late events among them in their shares."""
    rng = random.Random(seed)  # noqa: S311  repeatable chance
    now = datetime.now(UTC)
    told = Stream()
    first: list[tuple[Event, Entry]] = []
    for number in range(count):
        if first and rng.random() < DUPLICATES:
            told.entries.append(rng.choice(first)[1])
            told.duplicates += 1
        elif first and rng.random() < POISON:
            _poison(told, rng, number, rng.choice(first)[0], now)
        else:
            late = rng.random() < LATE
            told.late += late
            first.append(_valid(told, rng, number, now - timedelta(days=rng.randrange(30, 400) if late else 1)))
    return told


def _valid(told: Stream, rng: random.Random, number: int, time: datetime) -> tuple[Event, Entry]:
    payload, subject = _payload(rng, number)
    made = _event(payload, subject, number, time + timedelta(seconds=number % 80_000))
    entry = Entry(made.key, encode(made))
    told.entries.append(entry)
    told.valid[entry.value] = made.id
    return made, entry


def _event(payload: Payload, subject: str, number: int, time: datetime) -> Event:
    return Event(SOURCE, identifier(SOURCE, str(number), "told"), TYPES[type(payload)], subject, time, payload)


def _payload(rng: random.Random, number: int) -> tuple[Payload, str]:
    place, member = f"place-{rng.randrange(40)}", person(rng.randrange(2000))
    kind = rng.randrange(4)
    if kind == 0:
        attendees = [Attendee(member=person(rng.randrange(2000)), role="learner") for _ in range(4)]
        return WorkshopHeld(place=place, skills=["laser", "arduino"], attendees=attendees), f"w{number}"
    if kind == 1:
        return SkillDeclared(skill="découpe laser", level=2, place=place), member
    if kind == 2:
        return MemberJoined(place=place, public="university", languages=["fr", "de"]), member
    return MachineUsed(member=member, place=place, skill="impression 3d", minutes=45), f"machine-{number % 97}"


def _poison(told: Stream, rng: random.Random, number: int, earlier: Event, now: datetime) -> None:
    kind = rng.choice(list(POISONS))
    key, line = _poisoned(kind, number, earlier, now)
    told.entries.append(Entry(key, line))
    told.poison[line] = kind


def _poisoned(kind: str, number: int, earlier: Event, now: datetime) -> tuple[str, bytes]:
    key = f"place-{number % 40}"
    if kind == "other content":  # under the key of the first, so that it stands behind it in the same partition
        other = _event(MachineUsed(minutes=number), f"machine-other-{number}", number, earlier.time)
        return earlier.key, encode(Event(SOURCE, earlier.id, other.type, other.subject, other.time, other.data))
    time = now + timedelta(days=30) if kind == "future" else now - timedelta(days=1)
    line = encode(_event(SkillDeclared(skill="laser", place=key), person(number), number, time))
    if kind == "no JSON":
        return key, line[:-1]
    if kind == "no UTF-8":
        return key, line.replace(b"laser", b"las\xffer")
    fields = json.loads(line)
    changes = {
        "unknown type": {"type": "fr.maillage.weather.observed.v1"},
        "unknown version": {"type": "fr.maillage.skill.declared.v9"},
        "foreign subject": {"subject": f"member-{number}"},
    }
    fields |= changes.get(kind, {})
    if kind == "no subject":
        del fields["subject"]
    return key, json.dumps(fields).encode()


def expected(url: str, told: Stream) -> Outcome:
    """Return what the lines in the log must have become: the first of each event stands, all poison is refused."""
    events, rejects, seen, offsets = dict[Place, str](), dict[Place, str](), set[str](), dict[int, int]()
    for partition, position, line in _lines(url, offsets):
        if kind := told.poison.get(line):
            rejects[partition, position] = kind
        elif (identity := told.valid[line]) not in seen:
            seen.add(identity)
            events[partition, position] = identity
    return Outcome(events, rejects, offsets)


def _lines(url: str, offsets: dict[int, int]) -> Iterator[tuple[int, int, bytes]]:
    with closing(open_log(url)) as log:
        for partition, end in log.ends().items():
            offsets[partition] = log.starts()[partition]
            while offsets[partition] < end:
                batch = log.read(partition, offsets[partition])
                offsets[partition] = batch.next_position
                for position, line in zip(batch.positions, batch.values, strict=True):
                    yield partition, position, line or b""


def found(warehouse: Path) -> Outcome:
    """Return what the warehouse made of the log; its own checks have no complaint."""
    with read(warehouse) as connection:
        assert not complaints(connection)
        return Outcome(
            {(partition, position): name for partition, position, name in _rows(connection, "id", "events")},
            {(partition, position): _kind(why) for partition, position, why in _rows(connection, "reason", "rejects")},
            dict(connection.execute("SELECT partition, next_position FROM ingest_offset").fetchall()),
        )


def _rows(connection: Connection, column: str, table: str) -> list[tuple[int, int, str]]:
    rows: list[tuple[int, int, str]] = connection.execute(
        f"SELECT partition, position, {column} FROM {table}"
    ).fetchall()
    assert len({row[:2] for row in rows}) == len(rows), f"a line stands twice in {table}"
    return rows


def _kind(reason: str) -> str:
    kinds = [kind for kind, piece in POISONS.items() if piece in reason]
    assert len(kinds) == 1, reason
    return kinds[0]


def compare(url: str, warehouse: Path, told: Stream) -> None:
    """Assert that the warehouse holds exactly what was sent, each line where it stands in the log."""
    wanted, got = expected(url, told), found(warehouse)
    assert set(wanted.events.values()) == set(told.valid.values()), "the log does not hold what was sent"
    assert set(told.poison.values()) == set(wanted.rejects.values()), "the log does not hold all that is poison"
    assert got.offsets == wanted.offsets, (got.offsets, wanted.offsets)
    assert got.rejects == wanted.rejects, _apart(got.rejects, wanted.rejects)
    assert got.events == wanted.events, _apart(got.events, wanted.events)


def _apart(got: dict[Place, str], wanted: dict[Place, str]) -> str:
    """Return in words where the two differ."""
    more, less = sorted(got.items() - wanted.items()), sorted(wanted.items() - got.items())
    return f"{len(more)} too many, {len(less)} missing; too many: {more[:5]}; missing: {less[:5]}"
