"""From tables to answers: metrics, trends, the weekly report and the Python interface."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analytics.network.network import Network
    from analytics.network.opening import open_network, pseudonym
    from analytics.network.week import NetworkWeek

__all__ = ["Network", "NetworkWeek", "open_network", "pseudonym"]
_HOMES = {
    "Network": "analytics.network.network",
    "NetworkWeek": "analytics.network.week",
    "open_network": "analytics.network.opening",
    "pseudonym": "analytics.network.opening",
}


def __getattr__(name: str) -> object:
    """Return a part of the interface, loaded when it is first asked for: the command line should not wait for it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
