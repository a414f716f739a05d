"""The past of a network: a home of its own as known at an instant, whose results are computed when asked for."""

from __future__ import annotations

import shutil
import weakref
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import msgspec

from analytics.compute import compute, to_compute
from analytics.week import Week
from producers.errors import UsageError
from producers.settings import Settings
from warehouse.connection import read
from warehouse.knowledge import make_known
from warehouse.stale import Mark
from warehouse.statement import statement


@dataclass(frozen=True)
class Past:
    """What was known at an instant, made from the warehouse ``origin`` into its folder ``tmp``.

    The home goes when it is closed, when nobody holds it any more, and at the latest when the process ends.
    """

    present: Settings
    """The settings of the network that it is the past of."""
    origin: Path
    known: datetime
    settings: Settings = field(init=False)
    """The same with a home of its own."""

    def __post_init__(self) -> None:
        """Make the home."""
        home = make_known(self.origin, self.known, folder=self.present.home / "tmp").home
        object.__setattr__(self, "settings", msgspec.structs.replace(self.present, home=home))
        weakref.finalize(self, shutil.rmtree, home, ignore_errors=True)

    def earlier(self, instant: datetime) -> Past:
        """Return what was known at an earlier instant; a later one adds nothing to what was known at this one."""
        return Past(self.present, self.origin, min(instant, self.known))

    def close(self) -> None:
        """Remove the home; whoever asks afterwards is told so."""
        shutil.rmtree(self.settings.home, ignore_errors=True)

    def bring(self, metric: str | None = None, week: Week | None = None) -> None:
        """Compute what is stale of ``metric`` and of ``week``; without them, of every one."""
        wanted = [mark for mark in self.stale() if metric in (None, mark.metric) and week in (None, Week(mark.week))]
        compute(self.settings, wanted, present=self.known)

    def newest(self) -> date | None:
        """Return the last week that is over, computed or not; None where nothing is known."""
        stale = [mark.week for mark in self.stale()]
        with read(self.settings.warehouse) as connection:
            ((monday, _),) = connection.execute(statement("readings/computed"), {"week": None}).fetchall() or [
                (None, 0)
            ]
        return max((week for week in (monday, *stale[-1:]) if week), default=None)

    def stale(self) -> list[Mark]:
        """Return what is not computed yet, of the weeks that were over.

        Raises:
            UsageError: when the home is gone.
        """
        if not self.settings.warehouse.exists():
            raise UsageError("this past network is closed", remedy="ask as_of() for a new one")
        return to_compute(self.settings, self.known)
