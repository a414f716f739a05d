"""What a source gives to be published: items, and a pure function from an item to events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from producers.errors import MaillageError
from producers.event import Event, LegalBasis


class Item(NamedTuple):
    """One thing that was read: a row, a line, an element; ``where`` names its place in the input."""

    where: str
    content: object
    recorded_at: datetime | None = None


class Unreadable(NamedTuple):
    """The content of an item that could not even be read; it is rejected for this reason."""

    reason: MaillageError
    raw: object = None


@dataclass(frozen=True, kw_only=True)
class Input:
    """One reading of a source.

    ``source`` is None when the stream carries events of several sources with their own summaries. ``parse`` is
    pure: no events for what holds nothing for us, an EventError or InputError for what can't be mapped.
    ``dropped`` fills up, while items are read, with the names of the fields that are thrown away.
    """

    source: str | None
    title: str
    legal_basis: LegalBasis
    items: Iterator[Item]
    parse: Callable[[Item], Sequence[Event]]
    place: str | None = None
    rhythm_days: int | None = None
    total: int | None = None
    dropped: set[str] = field(default_factory=set)


class Parameter(NamedTuple):
    """One thing that a source has to be told; the command line is made from it."""

    name: str
    kind: Literal["argument", "option"]
    type: type
    says: str
    default: object = None
    required: bool = False


@dataclass(frozen=True, kw_only=True)
class Source:
    """One row of ``SOURCES``; ``fetch(key, **parameters)`` is the impure half: it opens what is to be read."""

    name: str
    reads: str
    example: str
    parameters: tuple[Parameter, ...]
    fetch: Callable[..., Input]
