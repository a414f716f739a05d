"""Tables: any CSV or JSON file, read as a profile says (see ``producers.sources.profile``).

People are told apart by what the file calls them, and by nothing else: two people of one name are one person,
one person written in two ways is two. Where a file has a number for a person, map that.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from producers.errors import EventError, InputError, unknown
from producers.event import (
    PAYLOADS,
    PREFIX,
    Attendee,
    Event,
    Instant,
    Key,
    Member,
    Organisation,
    Payload,
    Slug,
    event,
)
from producers.identity import keyed_digest, pseudonym
from producers.slug import slug
from producers.sources import cells
from producers.sources.item import Input, Item
from producers.sources.profile import Attendees, Cell, Profile, Telling, as_cell, read_profile
from producers.sources.rows import cell, read_rows

Row = Mapping[str, object]
Reader = Callable[[Row], object]
Rule = Callable[[Row], Event | None]
T = typing.TypeVar("T")

TELLABLE = {
    name.removeprefix(PREFIX).rpartition(".v")[0]: payload
    for name, payload in PAYLOADS.items()
    if payload.noun not in {"anything", "source"}
}
"""The event types that a table can tell of."""


def fetch(key: bytes, *, file: Path, profile: str) -> Input:
    """Return the rows of ``file``, to be read as the profile of that name or path says.

    Raises:
        InputError: when the profile makes no sense, or the file lacks a column that it names.
    """
    how = read_profile(profile)
    rules = [_rule(telling, how, key) for telling in how.events]
    rows = read_rows(file, how)
    dropped: set[str] = set()
    return Input(
        source=how.source,
        title=how.title,
        legal_basis=how.legal_basis,
        place=how.place,
        rhythm_days=how.rhythm_days,
        items=_watched(rows.items, how, dropped),
        parse=partial(parse, rules=rules),
        total=rows.total,
        dropped=dropped,
    )


def parse(item: Item, *, rules: Sequence[Rule]) -> Sequence[Event]:
    """Return what the row tells; nothing when no rule's ``when`` holds."""
    row = typing.cast(Row, item.content)
    return [made for rule in rules if (made := rule(row))]


def _watched(items: Iterator[Item], how: Profile, dropped: set[str]) -> Iterator[Item]:
    named = how.columns()
    for item in items:
        if isinstance(item.content, dict):
            dropped.update(name for name in _leaves(item.content) if not _is_named(name, named))
        yield item


def _leaves(row: Row, above: str = "") -> Iterator[str]:
    for name, value in row.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{above}{name}.")
        else:
            yield f"{above}{name}"


def _is_named(name: str, named: Sequence[str]) -> bool:
    return any(column == name or column.startswith(f"{name}.") for column in named)


def _rule(telling: Telling, how: Profile, key: bytes) -> Rule:
    """Return the function that makes the event which ``telling`` describes; the profile is checked here, once."""
    payload = TELLABLE.get(telling.type)
    if payload is None:
        raise InputError(f"the profile of {how.source}: {unknown('event type', telling.type, TELLABLE)}")
    subject = _reader(as_cell(telling.subject), _subject_hint(payload), how, key)
    time = _reader(as_cell(telling.time), Instant, how, key)
    readers = _readers(telling, payload, how, key)
    parts = [telling.key] if isinstance(telling.key, str) else telling.key
    identity: list[Reader] = [partial(cell, column=column) for column in parts]

    def rule(row: Row) -> Event | None:
        if telling.when and not cells.text(cell(row, telling.when)):
            return None
        values = {name: value for name, reader in readers.items() if (value := reader(row)) is not None}
        # Digested under the key: an id made from a name or an address could be guessed back.
        written = "\0".join(cells.text(part(row)) or "" for part in identity or [subject])
        return event(
            _filled(payload, values),
            source=how.source,
            key=keyed_digest(key, "row", f"{how.source}#{written}"),
            change=telling.type,
            subject=_wanted(subject(row), str, "subject"),
            time=_wanted(time(row), datetime, "time"),
        )

    return rule


def _wanted(value: object, kind: type[T], what: str) -> T:
    if not isinstance(value, kind):
        raise EventError(f"the {what} is empty", expected="a value in every row")
    return value


def _filled(payload: type[Payload], values: Mapping[str, object]) -> Payload:
    try:
        return payload(**values)
    except TypeError as error:
        raise EventError(f"{payload.__name__}: {error}", remedy="map the field, or fill in the cell") from error


def _readers(telling: Telling, payload: type[Payload], how: Profile, key: bytes) -> dict[str, Reader]:
    hints = typing.get_type_hints(payload, include_extras=True)
    given = {name: as_cell(reading) for name, reading in telling.fields.items()}
    given |= {name: Cell(constant=constant) for name, constant in telling.constants.items()}
    known = [name for name in payload.__struct_fields__ if name != "attendees"]
    for name in given:
        if name not in known:
            raise InputError(f"the profile of {how.source}: {unknown(f'field of {telling.type}', name, known)}")
    readers = {name: _reader(reading, hints[name], how, key) for name, reading in given.items()}
    if telling.attendees:
        if "attendees" not in hints:
            raise InputError(f"the profile of {how.source}: {telling.type} has no attendees", expected="workshop.held")
        readers["attendees"] = partial(_people, groups=telling.attendees, how=how, key=key)
    return readers


def _people(row: Row, *, groups: Sequence[Attendees], how: Profile, key: bytes) -> list[Attendee]:
    """Return everyone who was there; who was there in two roles stands there twice."""
    return [
        Attendee(member=pseudonym(key, f"{how.source}#{name}"), role=group.role)
        for group in groups
        for name in cells.texts(cell(row, group.column), group.split)
    ]


def _reader(reading: Cell, hint: object, how: Profile, key: bytes) -> Reader:
    """Return the function that reads the cell as the contract's type of the field wants it."""
    bare = _bare(hint)
    convert = _converter(bare, how, key)
    aliases = {name.casefold(): alias for name, alias in reading.aliases.items()}

    def renamed(written: str) -> str | None:
        return aliases.get(written.casefold(), f"{reading.prefix}{written}") or None

    def many(row: Row) -> list[object]:
        names = (renamed(each) for each in cells.texts(_first(reading, row), reading.split))
        return list(dict.fromkeys(convert(name) for name in names if name))

    def one(row: Row) -> object:
        written = cells.text(_first(reading, row))
        name = renamed(written) if written else None
        return convert(name) if name else None

    return many if typing.get_origin(bare) is list else one


def _first(reading: Cell, row: Row) -> object:
    values = (cell(row, column) for column in reading.columns)
    return next((value for value in values if value not in (None, "", [])), reading.constant)


def _bare(hint: object) -> object:
    """Return the type without ``| None``."""
    if typing.get_origin(hint) in {typing.Union, types.UnionType}:
        return next(each for each in typing.get_args(hint) if each is not type(None))
    return hint


def _converter(bare: object, how: Profile, key: bytes) -> Callable[[str], object]:
    """Return what turns a written value into the contract's type; this, not the profile, makes the pseudonyms."""
    if typing.get_origin(bare) is list:
        return _converter(typing.get_args(bare)[0], how, key)
    converters: tuple[tuple[object, Callable[[str], object]], ...] = (
        (Member, lambda name: pseudonym(key, f"{how.source}#{name}")),
        (Organisation, lambda name: pseudonym(key, f"{how.source}#{name}", kind="organisation")),
        (Slug, slug),
        (Key, lambda own: f"{how.short_name}:{own}"),
        (Instant, partial(cells.instant, profile=how)),
        (bool, cells.flag),
        (float, partial(cells.number, profile=how)),
        (int, partial(cells.whole_number, profile=how)),
    )
    plain = getattr(bare, "__origin__", bare)
    return next((convert for hint, convert in converters if hint in (bare, plain)), _spaced)


def _spaced(written: str) -> str:
    return " ".join(written.split())


def _subject_hint(payload: type[Payload]) -> object:
    return {"member": Member, "organisation": Organisation, "place": Slug}.get(payload.noun, Key)
