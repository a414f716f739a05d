"""Decoding many lines at once: the same events as ``decode`` gives one by one, at a third of its cost.

Most of what ``decode`` costs is its patterns, and the same few thousand texts stand on all lines. So the lines are
read without patterns, and each distinct text is held against its pattern once. A line that fails anything here goes
through ``decode``, which alone decides and says why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from operator import attrgetter
from typing import Any, Protocol, Union

import msgspec
from msgspec import Struct

from producers.errors import EventError
from producers.event import EARLIEST, KEY, MAX_BYTES, PAYLOADS, SUBJECTS, TYPES, Event, decode, encoder, line_of
from producers.pattern import Check, Form, checks, loosened


class Line(Protocol):
    """What stands on a valid line; ``data`` encodes to the same text as the payload of ``decode`` does."""

    @property
    def id(self) -> str: ...  # noqa: D102  as in Event

    @property
    def source(self) -> str: ...  # noqa: D102

    @property
    def subject(self) -> str: ...  # noqa: D102

    @property
    def time(self) -> datetime: ...  # noqa: D102

    @property
    def data(self) -> Any: ...  # noqa: ANN401, D102


@dataclass(frozen=True)
class Decoded:
    """The valid lines with their places among those that were given, and why the others are not valid."""

    places: Sequence[int]
    lines: list[Line]
    refused: dict[int, str]


@dataclass(frozen=True)
class _Kind:
    """A type of event: what its subject and its payload have to match."""

    subject: Form | None
    checks: list[Check]


def decode_all(values: Sequence[bytes | None]) -> Decoded:
    """Return what ``decode`` returns or raises for each value, all at once.

    Some thousands at once are best: what is made of them then stays in the processor's cache.
    """
    places, lines, undecided = _read(values)
    doubted = {id(line) for line in _doubtful(lines)}
    if doubted:
        undecided += (place for place, line in zip(places, lines, strict=True) if id(line) in doubted)
    if not undecided:
        return Decoded(places, lines, {})
    found = {place: line for place, line in zip(places, lines, strict=True) if id(line) not in doubted}
    refused: dict[int, str] = {}
    for place in undecided:
        try:
            found[place] = _decided(values[place])
        except EventError as error:
            refused[place] = str(error)  # the error itself would hold all lines through its traceback
    return Decoded(sorted(found), [found[place] for place in sorted(found)], refused)


def _read(values: Sequence[bytes | None]) -> tuple[Sequence[int], list[Line], list[int]]:
    """Return the places and the lines that are well-formed but for patterns, and the places of the others."""
    lines, others = list[Line](), list[int]()
    decoded = map(_loose_line.decode, _short(values))
    while True:
        try:
            lines.extend(decoded)
        except _NOT_WELL_FORMED:
            others.append(len(lines) + len(others))  # what came before it is kept, and the next call goes on after it
        else:
            break
    bad = set(others)
    return [place for place in range(len(values)) if place not in bad] if bad else range(len(values)), lines, others


_NOT_WELL_FORMED = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError)


def _short(values: Sequence[bytes | None]) -> Sequence[bytes]:
    """Return the values with an empty one, which is never well-formed, for each that is missing or too long."""
    if None not in values and max(map(len, values), default=0) <= MAX_BYTES:  # type: ignore[arg-type]  # none is None
        return values  # type: ignore[return-value]  # as above
    return [value if value is not None and len(value) <= MAX_BYTES else b"" for value in values]


def type_names(lines: Iterable[Line]) -> list[str]:
    """Return the type of each line."""
    return [_names[type(line.data)] for line in lines]


def data_texts(lines: Iterable[Line]) -> bytes:
    """Return the canonical payload of each line, each followed by a line break."""
    return encoder.encode_lines([line.data for line in lines])


def _decided(value: bytes | None) -> Event:
    if value is None:
        raise EventError("the record is a tombstone without a value", expected="one event")
    return decode(value)


def _doubtful(lines: list[Line]) -> Iterator[Line]:
    """Give the lines that hold a text which does not match its pattern, some of them twice."""
    if not _plain([line.id for line in lines]):
        yield from (line for line in lines if not KEY(line.id))
    yield from (line for line in lines if line.time < EARLIEST)
    for texts in (attrgetter("source"), attrgetter("subject")):
        if bad := _key.doubtful(map(texts, lines)):
            yield from (line for line in lines if texts(line) in bad)
    groups = defaultdict[type, list[Line]](list)
    for line in lines:
        groups[type(line.data)].append(line)
    for payload, group in groups.items():
        yield from _doubtful_of(_kinds[payload], group)


def _doubtful_of(kind: _Kind, group: list[Line]) -> Iterator[Line]:
    if kind.subject and (bad := kind.subject.doubtful(line.subject for line in group)):
        yield from (line for line in group if line.subject in bad)
    payloads = [line.data for line in group]
    for check in kind.checks:
        if bad := check.form.doubtful(chain.from_iterable(map(check.texts, payloads))):
            yield from (line for line in group if not bad.isdisjoint(check.texts(line.data)))


_NOT_PLAIN = bytes(range(33)) + b"@<>\x7f"


def _plain(keys: list[str]) -> bool:
    """Return whether all of these are certainly keys: sooner told for all of them than for each."""
    text = "".join(keys)
    if not text.isascii() or not all(keys) or max(map(len, keys), default=0) > 200:  # noqa: PLR2004  as in KEY
        return False
    return len(text.encode().translate(None, _NOT_PLAIN)) == len(text)


_loose: dict[str, type[Struct]] = {name: loosened(payload) for name, payload in PAYLOADS.items()}
_names: dict[type, str] = {**TYPES, **{payload: name for name, payload in _loose.items()}}
_key = Form(KEY)
_subjects = {noun: Form(matches) for noun, matches in SUBJECTS.items()}
_kinds: dict[type, _Kind] = {
    _loose[name]: _Kind(_subjects.get(payload.noun), checks(payload)) for name, payload in PAYLOADS.items()
}
_loose_line: msgspec.json.Decoder[Line] = msgspec.json.Decoder(
    Union[tuple(line_of(name, payload) for name, payload in _loose.items())]  # noqa: UP007  made here
)
