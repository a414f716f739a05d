"""Profiles: how to read a table, in at most 25 lines of YAML.

    source: urn:maillage:lab-x:courses      # who publishes
    title: Courses of Lab X
    legal_basis: consent                    # or public_task, legitimate_interest, public_data
    encoding: cp1252                        # utf-8 when left out (with or without byte-order mark)
    delimiter: ";"                          # else the one that the header holds more of: , ; or tab
    decimal: ","                            # . when left out
    dates: "%d/%m/%Y"                       # one strptime format or a list; ISO 8601 when left out
    zone: Europe/Paris                      # of times that carry no zone; such times are rejected without it
    events:
      - type: workshop.held                 # the contract's name, without prefix and version
        subject: number                     # a column; persons and firms become pseudonyms by themselves
        time: begins                        # a day without a time of day is its noon
        when: held                          # only rows where this column is not empty
        fields:                             # field of the event: column …
          place: lab
          skills: {column: [theme, tags], split: ",", aliases: {laser cutting: laser}}
        constants: {head_count: 12}
        attendees:
          - {column: teachers, role: instructor, split: ","}

A JSON file (``format: json``) has its rows at ``records`` (a dotted path; the top when left out), and a column
may be a dotted path too: ``geometry.coordinates.0``. Of several columns the first that is not empty counts.
What becomes of a cell is the contract's matter, not the profile's: in the field of a member every name becomes a
pseudonym, in the field of a place a slug, in a number's a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import yaml
from msgspec import Meta, Struct

from producers.errors import InputError, UsageError, unknown
from producers.event import Label, LegalBasis, Role, Slug

SHIPPED = Path(__file__).parent / "profiles"


class Cell(Struct, frozen=True, kw_only=True):
    """Where a value stands: the first column that is not empty, or the same constant in every row."""

    column: str | list[str] = []
    constant: str | None = None
    prefix: str = ""
    split: str | None = None
    aliases: dict[str, str] = {}

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns to look at, in this order."""
        return (self.column,) if isinstance(self.column, str) else tuple(self.column)


class Attendees(Struct, frozen=True, kw_only=True):
    """A column of people who were there in one role."""

    column: str
    role: Role
    split: str | None = None


class Telling(Struct, frozen=True, kw_only=True):
    """How a row becomes one event; ``key`` is what tells it from the source's other events of this type."""

    type: str
    subject: str | Cell
    time: str | Cell
    key: str | list[str] = []
    when: str | None = None
    fields: dict[str, str | Cell] = {}
    constants: dict[str, str] = {}
    attendees: list[Attendees] = []


class Profile(Struct, frozen=True, kw_only=True):
    """How a file becomes events."""

    source: Annotated[str, Meta(pattern=r"^urn:maillage:[a-z0-9][a-z0-9._:-]*$", max_length=100)]
    title: Label
    legal_basis: LegalBasis
    events: Annotated[list[Telling], Meta(min_length=1)]
    format: Literal["csv", "json"] = "csv"
    records: str = ""
    encoding: Literal["utf-8", "cp1252", "iso-8859-1", "iso-8859-15"] = "utf-8"
    delimiter: Literal[",", ";", "\t", "|"] | None = None
    decimal: Literal[".", ","] = "."
    dates: str | list[str] = []
    zone: str | None = None
    place: Slug | None = None
    rhythm_days: Annotated[int, Meta(ge=1, le=3650)] | None = None

    @property
    def short_name(self) -> str:
        """Return the source's name without what all URNs of ours begin with."""
        return self.source.removeprefix("urn:maillage:")

    @property
    def date_formats(self) -> tuple[str, ...]:
        """Return the strptime formats to try; none means ISO 8601."""
        return (self.dates,) if isinstance(self.dates, str) else tuple(self.dates)

    def columns(self) -> tuple[str, ...]:
        """Return every column that the profile names, once: the file must have them all."""
        return tuple(dict.fromkeys(column for mapping in self.events for column in _columns(mapping)))


def as_cell(reading: str | Cell) -> Cell:
    """Return a bare column's name as the cell that it means."""
    return Cell(column=reading) if isinstance(reading, str) else reading


def shipped() -> Sequence[str]:
    """Return the names of the profiles that come with Maillage."""
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def read_profile(name: str) -> Profile:
    """Return the profile of that name, or in that YAML file.

    Raises:
        UsageError: when no profile of that name comes with Maillage.
        InputError: when the file can't be read, or says something that no profile can say.
    """
    is_path = name.endswith((".yaml", ".yml"))
    if not is_path and name not in shipped():
        raise UsageError(unknown("profile", name[:80], shipped()), expected="one of these or the path of a YAML file")
    path = Path(name) if is_path else SHIPPED / f"{name}.yaml"
    try:
        # The base loader makes strings only: no code, and Norway's NO stays NO.
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{path} is not YAML: {error}", remedy="mend it") from error
    except OSError as error:
        raise InputError(f"{path} can't be read ({error.strerror})", expected="a profile in YAML") from error
    return _profile(raw, path)


def _profile(raw: object, path: Path) -> Profile:
    for where, given, struct in _levels(raw):
        for key in given:
            if key not in struct.__struct_fields__:
                raise InputError(f"{path}: {unknown(f'key in {where}', str(key), struct.__struct_fields__)}")
    try:
        profile = msgspec.convert(raw, Profile, strict=False)
    except msgspec.ValidationError as error:
        raise InputError(f"{path}: {error}", remedy="correct the profile") from error
    if profile.zone:
        _check_zone(profile.zone, path)
    for layout in profile.date_formats:
        _check_dates(layout, path)
    return profile


def _check_dates(layout: str, path: Path) -> None:
    try:
        datetime.strptime("", layout)  # noqa: DTZ007 - only its form is tried
    except (ValueError, re.error) as error:
        if "does not match" not in str(error):
            raise InputError(f"{path}: dates {layout!r}: {error}", expected="a format like %d/%m/%Y") from error


def _check_zone(name: str, path: Path) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(f"{path}: unknown time zone {name!r}", expected="one like Europe/Paris") from error


def _levels(raw: object) -> Iterator[tuple[str, Mapping[object, object], type[Struct]]]:
    """Yield every mapping of the YAML file with the structure that it should have."""
    if not isinstance(raw, dict):
        return
    yield "the profile", raw, Profile
    events = raw.get("events")
    for mapping in (each for each in events if isinstance(each, dict)) if isinstance(events, list) else ():
        yield "events", mapping, Telling
        fields = mapping.get("fields")
        readings = [mapping.get("subject"), mapping.get("time")]
        readings += fields.values() if isinstance(fields, dict) else []
        yield from (("a cell", each, Cell) for each in readings if isinstance(each, dict))
        attendees = mapping.get("attendees")
        people = attendees if isinstance(attendees, list) else []
        yield from (("attendees", each, Attendees) for each in people if isinstance(each, dict))


def _columns(mapping: Telling) -> Iterator[str]:
    for reading in (mapping.subject, mapping.time, *mapping.fields.values()):
        yield from as_cell(reading).columns
    yield from [mapping.key] if isinstance(mapping.key, str) else mapping.key
    yield from (people.column for people in mapping.attendees)
    if mapping.when:
        yield mapping.when
