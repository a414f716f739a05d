"""The visits: when each person was first seen, at all and in each place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Visits:
    """The first instant by pseudonym, and by pseudonym and place."""

    first: dict[str, datetime] = field(default_factory=dict)
    places: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def mark(self, pseudonym: str, at: datetime, place: str | None = None) -> None:
        """Keep the instant where it is earlier than what is known; without a place it was online."""
        self.first[pseudonym] = min(at, self.first.get(pseudonym, at))
        if place:
            self.places[pseudonym, place] = min(at, self.places.get((pseudonym, place), at))
