"""What the report reads from the warehouse: one struct a row, one function for all queries."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar

import msgspec
from msgspec import Struct

from warehouse.connection import Connection
from warehouse.statement import statement


class Extent(Struct, frozen=True):
    """What the data hold: since when, and where."""

    first_activity: date | None
    first_workshop: date | None
    first_request: date | None
    first_placed: date | None
    members_with_place: int
    places: int
    countries: list[str]


class Source(Struct, frozen=True):
    """One source and its last sign of life before the end of the week."""

    source: str
    title: str
    rhythm_days: int | None
    read_at: datetime | None
    last_event: datetime
    silent_days: float


class Coverage(Struct, frozen=True):
    """Members, and those of them who are counted."""

    members: int
    counted: int


class MembersWeek(Struct, frozen=True):
    """Raw counts of one week about members and places."""

    week: date
    active_members: int
    newcomers: int
    visitors: int
    active_places: int


class WorkshopsWeek(Struct, frozen=True):
    """Raw counts of one week about workshops."""

    week: date
    workshops: int
    attendances: int
    attendees: int
    skills_taught: int
    learners: int


class HelpWeek(Struct, frozen=True):
    """Raw counts of one week about mutual help."""

    week: date
    requests: int
    requesters: int
    organisations: int
    answers: int
    helpers: int
    solved: int
    solved_requesters: int
    solved_organisations: int


class WaitingWeek(Struct, frozen=True):
    """How long requests waited, as known at the end of one week."""

    week: date
    waiting: int
    requesters: int
    organisations: int
    asked_earlier: int
    asked_earlier_requesters: int
    asked_earlier_organisations: int
    answered_soon: int


class TiesWeek(Struct, frozen=True):
    """Pairs of tied members of one week whose places are known."""

    week: date
    pairs: int
    people: int
    across: int


class Unanswered(Struct, frozen=True):
    """Open requests of one theme (none: all themes) and age band."""

    skill: str | None
    band: str
    requests: int
    requesters: int
    contributions: list[int]


class Demand(Struct, frozen=True):
    """Who asks for a skill and how many can give it."""

    skill: str
    requests: int
    requesters: int
    contributions: list[int]
    holders: int


class Door(Struct, frozen=True):
    """How many members of a place have shown a skill."""

    skill: str
    place: str
    name: str
    holders: int


class AskedAt(Struct, frozen=True):
    """Requests of one place (none: unknown) for a skill (none: for any)."""

    place: str | None
    skill: str | None
    requests: int
    requesters: int
    contributions: list[int]


class Place(Struct, frozen=True):
    """What happened at a place in 13 weeks."""

    place: str
    name: str
    country: str | None
    latitude: float | None
    longitude: float | None
    members: int
    shared: int
    workshops: int
    requests: int
    requesters: int
    contributions: list[int]
    answers: int
    persons: int


class PlaceLink(Struct, frozen=True):
    """People whom two places share."""

    a: str
    b: str
    people: int


class Bridge(Struct, frozen=True):
    """How many people hold the places together."""

    pairs: int
    beyond: int
    linking: int
    abroad: int
    half: int | None


class NetworkValue(Struct, frozen=True):
    """One metric of the whole network on one layer."""

    metric: str
    layer: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None


class Figure(Struct, frozen=True):
    """One metric of the network, a skill, a place or a country, without a layer."""

    metric: str
    subject_kind: str
    subject: str
    name: str | None
    value: float | None
    low: float | None
    high: float | None
    n: int | None


class Community(Struct, frozen=True):
    """In which community of presence somebody was."""

    week: date
    subject: str
    value: float | None


Row = TypeVar("Row", bound=Struct)


def rows(connection: Connection, name: str, kind: type[Row], **parameters: date | int) -> list[Row]:
    """Return the rows of ``warehouse/sql/readings/<name>.sql``, each as a ``kind``."""
    found = connection.execute(statement(f"readings/{name}"), parameters)
    columns = [column[0] for column in found.description or []]
    return [msgspec.convert(dict(zip(columns, row, strict=True)), kind) for row in found.fetchall()]


def row(connection: Connection, name: str, kind: type[Row], **parameters: date) -> Row:
    """Return the only row of ``warehouse/sql/readings/<name>.sql`` as a ``kind``."""
    (only,) = rows(connection, name, kind, **parameters)
    return only
