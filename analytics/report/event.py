"""What happened around the figures: closures, holidays, silent sources, and changes of method."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

Kind = Literal["closure", "holiday", "silence", "restated"]


class Event(Struct, frozen=True, kw_only=True):
    """Something that a reader of the 52 weeks has to know."""

    kind: Kind
    first: date
    last: Annotated[date, Meta(description="Last day; of a silence, that of the report.")]
    name: Annotated[str, Meta(description="Of a holiday or of a source.")] = ""
    count: int = 0


class Change(Struct, frozen=True, kw_only=True):
    """A change of how figures are made."""

    day: date
    texts: Annotated[dict[str, str], Meta(description="What changed, by language.")]
