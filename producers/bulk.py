"""Decoding many lines at once: the same events as ``decode`` gives one by one, at a third of its cost.

Most of what ``decode`` costs is its patterns, and the same few thousand texts stand on all lines. So the lines are
read without patterns, and each distinct text is held against its pattern once. A line that fails anything here goes
through ``decode``, which alone decides and says why.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from operator import attrgetter
from types import UnionType
from typing import Annotated, Any, Protocol, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct

from producers.errors import EventError
from producers.event import KEY, MAX_BYTES, PAYLOADS, SUBJECTS, TYPES, Event, decode, encoder, line_of

_REMEMBERED = 16_384


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
    refused: dict[int, EventError]


@dataclass(frozen=True)
class _Check:
    """Texts of a payload that have to match one pattern."""

    texts: Callable[[Any], Iterable[str | None]]
    matches: Callable[[str], bool]

    def doubtful(self, payloads: Iterable[Any]) -> set[str | None]:
        """Return the texts that do not match."""
        found = set(chain.from_iterable(map(self.texts, payloads)))
        return {text for text in found if text is not None and not self.matches(text)}


@dataclass(frozen=True)
class _Kind:
    """A type of event: what its subject and its payload have to match."""

    subject: Callable[[str], object] | None
    checks: list[_Check]


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
    refused: dict[int, EventError] = {}
    for place in undecided:
        try:
            found[place] = _decided(values[place])
        except EventError as error:
            refused[place] = error
    return Decoded(sorted(found), [found[place] for place in sorted(found)], refused)


def _read(values: Sequence[bytes | None]) -> tuple[Sequence[int], list[Line], list[int]]:
    """Return the places and the lines that are well-formed but for patterns, and the places of the others."""
    try:
        return range(len(values)), _well_formed(values), []
    except _NOT_WELL_FORMED:
        pass
    places, lines, others = list[int](), list[Line](), list[int]()
    for place in range(len(values)):
        try:
            lines += _well_formed(values[place : place + 1])
        except _NOT_WELL_FORMED:
            others.append(place)
        else:
            places.append(place)
    return places, lines, others


_NOT_WELL_FORMED = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError)


def _well_formed(values: Sequence[bytes | None]) -> list[Line]:
    if None in values or max(map(len, values), default=0) > MAX_BYTES:  # type: ignore[arg-type]  # none is None
        raise ValueError
    read = _loose_line.decode
    return [read(value) for value in values]  # type: ignore[arg-type]  # none is None


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
    for texts in (attrgetter("source"), attrgetter("subject")):
        if bad := {text for text in set(map(texts, lines)) if not KEY(text)}:
            yield from (line for line in lines if texts(line) in bad)
    groups = defaultdict[type, list[Line]](list)
    for line in lines:
        groups[type(line.data)].append(line)
    for payload, group in groups.items():
        yield from _doubtful_of(_kinds[payload], group)


def _doubtful_of(kind: _Kind, group: list[Line]) -> Iterator[Line]:
    if kind.subject:
        bad = {text for text in {line.subject for line in group} if not kind.subject(text)}
        yield from (line for line in group if line.subject in bad)
    payloads = [line.data for line in group]
    for check in kind.checks:
        if texts := check.doubtful(payloads):
            yield from (line for line in group if not texts.isdisjoint(check.texts(line.data)))


_NOT_PLAIN = bytes(range(33)) + b"@<>\x7f"


def _plain(keys: list[str]) -> bool:
    """Return whether all of these are certainly keys: sooner told for all of them than for each."""
    text = "".join(keys)
    if not text.isascii() or not all(keys) or max(map(len, keys), default=0) > 200:  # noqa: PLR2004  as in KEY
        return False
    return len(text.encode().translate(None, _NOT_PLAIN)) == len(text)


def _loosened(kind: type[Struct]) -> type[Struct]:
    """Return the struct without the patterns of its fields; it encodes to the same text."""
    fields: list[tuple[str, Any] | tuple[str, Any, Any]] = []
    hints = get_type_hints(kind, include_extras=True)
    for each in msgspec.structs.fields(kind):
        given = (each.name, _without_patterns(hints[each.name]))
        default = msgspec.field(default_factory=list) if each.default_factory is list else each.default
        fields.append(given if each.required else (*given, default))
    return msgspec.defstruct(kind.__name__, fields, frozen=True, kw_only=True, omit_defaults=True, gc=False)


def _without_patterns(annotation: Any) -> Any:  # noqa: ANN401  an annotation has no type
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        kept = [Meta(**_limits(each)) for each in annotation.__metadata__ if _limits(each)]
        return Annotated[(inner[0], *kept)] if kept else inner[0]
    if origin in (Union, UnionType):
        return Union[tuple(_without_patterns(each) for each in inner)]  # noqa: UP007  made here
    if origin is list:
        return list[_without_patterns(inner[0])]  # type: ignore[misc]
    return _loosened(annotation) if isinstance(annotation, type) and issubclass(annotation, Struct) else annotation


def _limits(meta: Meta) -> dict[str, Any]:
    names = ("gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length", "tz")
    return {name: value for name in names if (value := getattr(meta, name)) is not None}


def _checks(kind: type[Struct]) -> list[_Check]:
    """Return what the patterns of the struct's fields ask."""
    single = defaultdict[str, list[str]](list)
    found: list[_Check] = []
    for name, annotation in get_type_hints(kind, include_extras=True).items():
        options = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
        for option in options:
            if get_origin(option) is list:
                found += _checks_of_items(name, get_args(option)[0])
            elif pattern := _pattern(option):
                single[pattern].append(name)
    # Of one name, attrgetter would give the bare text; a name may stand twice.
    found += (_Check(attrgetter(*names, names[0]), _matching(pattern)) for pattern, names in single.items())
    return found


def _checks_of_items(name: str, item: Any) -> Iterator[_Check]:  # noqa: ANN401  an annotation has no type
    items = attrgetter(name)
    if pattern := _pattern(item):
        yield _Check(items, _matching(pattern))
    if isinstance(item, type) and issubclass(item, Struct):
        for each in _checks(item):
            yield _Check(_through(items, each.texts), each.matches)


def _through(
    items: Callable[[Any], Iterable[Any]], texts: Callable[[Any], Iterable[str | None]]
) -> Callable[[Any], list[str | None]]:
    return lambda data: [text for item in items(data) for text in texts(item)]


@functools.cache
def _matching(pattern: str) -> Callable[[str], bool]:
    """Return whether a text matches, remembered for the texts that come again."""
    search = re.compile(pattern).search
    return functools.lru_cache(maxsize=_REMEMBERED)(lambda text: search(text) is not None)


def _pattern(annotation: Any) -> str | None:  # noqa: ANN401  an annotation has no type
    metadata = annotation.__metadata__ if get_origin(annotation) is Annotated else ()
    return next((each.pattern for each in metadata if isinstance(each, Meta) and each.pattern), None)


_loose: dict[str, type[Struct]] = {name: _loosened(payload) for name, payload in PAYLOADS.items()}
_names: dict[type, str] = {**TYPES, **{payload: name for name, payload in _loose.items()}}
_kinds: dict[type, _Kind] = {
    _loose[name]: _Kind(SUBJECTS.get(payload.noun), _checks(payload)) for name, payload in PAYLOADS.items()
}
_loose_line: msgspec.json.Decoder[Line] = msgspec.json.Decoder(
    Union[tuple(line_of(name, payload) for name, payload in _loose.items())]  # noqa: UP007  made here
)
