"""The truth about a simulated region: what was planted, for tests to find again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Closure:
    """A place is closed in ``[since, until)``, both Mondays."""

    place: str
    since: date
    until: date


@dataclass(frozen=True)
class Truth:
    """What was planted in a region; people and firms under the pseudonyms of its events."""

    brokers_between_places: tuple[str, ...]
    """Members who link places of one country."""
    brokers_across_border: tuple[str, ...]
    """Members who link places of both countries."""
    growing_skill: str
    fading_skill: str
    turn: date
    """Monday from which the growing skill grows and the fading skill fades."""
    single_holder_skill: str
    single_holder: str
    """The only member who declares, certifies, teaches, practises or answers ``single_holder_skill``."""
    common_concern: str
    """Skill that many firms of several places ask for."""
    silent_place: str
    silent_since: datetime
    """From this instant on nothing is recorded from ``silent_place``."""
    open_day: str
    """Subject of the one workshop with sixty attendees."""
    closures: tuple[Closure, ...]
    """Summer and Christmas holidays, by place and date."""
    facilitators: tuple[str, ...]
    withdrew: tuple[str, ...]
    """Members who withdrew the consent to analytics, or objected to it, and never agreed again."""
    refused: tuple[str, ...]
    """Members of places that rest on consent who never agreed to analytics."""
    linked: tuple[tuple[str, str], ...]
    """Pairs of pseudonyms that are one person each."""
    retracted: tuple[tuple[str, str], ...]
    """Source and id of each event that was taken back."""

    @property
    def brokers(self) -> tuple[str, ...]:
        """Return all members who link places."""
        return self.brokers_between_places + self.brokers_across_border
