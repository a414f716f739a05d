"""The errors that Maillage raises on purpose.

MaillageError            one line: what was found, what was expected, what to do
├── SettingError         a setting from the environment or maillage.toml
├── UsageError           a call that cannot be meant as it stands (exit code 2)
├── InputError           a file or a directory that a source cannot read
├── EventError           one event that breaks the contract: becomes a reject
├── LogError             the event log
│   ├── LogBusy          another writer holds a partition (worth another try)
│   └── TrimmedOffset    the stored position is no longer in the log
└── WarehouseError       the warehouse file
    ├── WarehouseOld     its tables are those of an older version
    ├── WarehouseBusy    another process holds the file (worth another try)
    └── OffsetMoved      another ingester was faster: its batch stands, ours was undone
"""

from __future__ import annotations

from collections.abc import Iterable


class MaillageError(Exception):
    """An error that a person can act on; ``str()`` of it is a single line."""

    retryable = False

    def __init__(self, found: str, *, expected: str = "", remedy: str = "") -> None:
        """Keep the three parts: what was found, what was expected, what to do."""
        self.found = found
        self.expected = expected
        self.remedy = remedy
        parts = [found, f"expected {expected}" if expected else "", remedy]
        super().__init__("; ".join(" ".join(part.split()) for part in parts if part))


class SettingError(MaillageError):
    """A setting has a value that cannot be used; says where it was read."""


class UsageError(MaillageError):
    """The command was called in a way that cannot be meant."""


class InputError(MaillageError):
    """A source was refused as a whole; nothing of it was published."""


class EventError(MaillageError):
    """One event breaks the contract; its neighbours are not concerned."""


class LogError(MaillageError):
    """The event log cannot be read or written."""


class LogBusy(LogError):
    """Another writer holds the partition."""

    retryable = True


class TrimmedOffset(LogError):
    """The position to read from is no longer (or not yet) in the log."""


class WarehouseError(MaillageError):
    """The warehouse cannot be used as it is."""


class WarehouseOld(WarehouseError):
    """The file has the tables of an older version, or none yet; whoever writes brings it up to date."""


class WarehouseBusy(WarehouseError):
    """Another process holds the warehouse file."""

    retryable = True


class OffsetMoved(WarehouseError):
    """Another ingester has committed these positions first."""

    retryable = True


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """Return ``unknown <kind> 'name' (known: a, b)`` for an error's first part."""
    return f"unknown {kind} {name!r} (known: {', '.join(sorted(known))})"
