"""From tables to answers: metrics, trends, the weekly report and the Python interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analytics.network import Network, NetworkWeek, open_network, pseudonym

__all__ = ["Network", "NetworkWeek", "open_network", "pseudonym"]


def __getattr__(name: str) -> object:
    """Return a part of the interface, loaded when it is first asked for: the command line should not wait for it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from analytics import network  # noqa: PLC0415 - this is what is put off

    return getattr(network, name)
