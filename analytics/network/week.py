"""One week of a network: its ties, its figures, its report, and how each figure is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analytics.provenance import Why, why
from analytics.report.build import build_report
from analytics.report.content import Content
from analytics.week import Week
from producers.errors import UsageError
from producers.settings import Settings
from warehouse.connection import read
from warehouse.statement import statement

if TYPE_CHECKING:
    import networkx as nx

    from analytics.network.network import Network
    from analytics.network.values import Values


@dataclass(frozen=True)
class NetworkWeek:
    """One week of a network."""

    network: Network
    week: Week

    def __str__(self) -> str:
        """Return ``2026-W46``."""
        return str(self.week)

    def graph(self, layer: str) -> nx.Graph[str]:
        """Return the ties over the window that ends with this week, decayed as in the table ``tie``."""
        settings = self.network.settings
        opened = self.week + (1 - settings.window_weeks)
        half_life = timedelta(weeks=settings.half_life_weeks)
        return self.network.graph(layer, opened.since, self.week.until, half_life)

    def metric(self, name: str, layer: str | None = None) -> Values:
        """Return the values of a metric or an indicator in this week, the greatest first; ``.xmr()`` draws them."""
        rows = self.network.metric(name, layer, week=self.week)
        return rows.sort_values(["value", "subject"], ascending=[False, True], ignore_index=True)

    def report(self) -> Content:
        """Return what the report says of this week, figure by figure, as ``report.json`` holds it.

        Whatever the network is, each figure has passed ``publishable()``.

        Raises:
            UsageError: when nothing of the week is computed.
        """
        network = self.network
        if network.past:
            network.past.bring(None, self.week)
        return _report(network.path, network.path.stat().st_mtime_ns, self.week, network.settings)

    def why(self, figure: str) -> Why:
        """Return how a figure of this week's report is known; see ``Network.why``."""
        return why(self, figure)

    def skills(self) -> pd.DataFrame:
        """Return the counts of this week by skill."""
        rows = self.network.skills()
        return rows[pd.to_datetime(rows["week"]).dt.date == self.week.monday].reset_index(drop=True)


@lru_cache(maxsize=8)
def _report(path: Path, written: int, week: Week, settings: Settings) -> Content:
    """Return the report of a week, made once for each state of the file."""
    del written
    with read(path) as connection:
        rows = connection.execute(statement("readings/computed"), {"week": week.monday}).fetchall()
        if not rows:
            raise UsageError(f"{week} is not computed", remedy="run: maillage compute")
        return build_report(connection, week=week.monday, present=rows[0][1].astimezone(UTC), settings=settings)
