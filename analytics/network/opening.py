"""The way in: the network under a home, and the pseudonyms that it knows people by.

Example:
    >>> net = open_network()                                   # doctest: +SKIP
    >>> net.week("2026-W46").graph(layer="help")               # doctest: +SKIP
    >>> net.week("2026-W46").metric("requests").xmr().plot()   # doctest: +SKIP
    >>> print(net.why("requests"))                             # doctest: +SKIP
"""

from __future__ import annotations

import os
from pathlib import Path

from analytics.network.network import Network
from producers import identity
from producers.errors import UsageError, unknown
from producers.settings import Settings, read_settings
from warehouse.connection import read


def open_network(home: str | Path | None = None, *, published: bool = False) -> Network:
    """Return the network under ``home`` (default: the settings), as its last published snapshot shows it.

    With ``published=True`` every figure passes ``publishable()``: one with too few people behind it is missing, and a
    mark beside it says so. What can tell of single members is refused: graphs, their metrics, and questions in SQL.
    That is about what its methods return; whoever may read the file can ask the file.

    Raises:
        WarehouseError: when nothing has been ingested there.
    """
    return network_of(_settings(home), published=published)


def network_of(settings: Settings, *, published: bool = False) -> Network:
    """Return the network of these settings; see ``open_network``."""
    path = settings.snapshot if settings.snapshot.exists() else settings.warehouse
    with read(path):
        return Network(settings, path, published)


def pseudonym(identity_of: str, *, kind: str = "member", home: str | Path | None = None) -> str:
    """Return the pseudonym under which this installation knows a person or an organisation.

    Args:
        identity_of: The source and its own id, ``urn:maillage:stackexchange:quantum#7``.
        kind: ``member`` or ``organisation``.
        home: Where the key is; default: the settings.

    Raises:
        InputError: when there is no key yet, or others can read it.
    """
    if kind not in ("member", "organisation"):
        raise UsageError(unknown("kind", kind, ("member", "organisation")))
    return identity.pseudonym(identity.read_key(_settings(home).home), identity_of, kind=kind)  # type: ignore[arg-type]


def _settings(home: str | Path | None) -> Settings:
    return read_settings() if home is None else read_settings({**os.environ, "MAILLAGE_HOME": str(home)})
