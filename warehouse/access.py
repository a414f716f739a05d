"""The access log: who looked at a member's data, when, with which command, and why."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from warehouse.connection import Connection, write
from warehouse.mart import refresh


@dataclass(frozen=True)
class Look:
    """One time that somebody opened a member's data."""

    looked_at: datetime
    who: str
    what: str
    why: str


def note_look(path: Path, member: str, *, what: str, why: str, present: datetime) -> None:
    """Have it on record, before anything is shown, that the account that runs this looks at the member's data.

    The marts show every event afterwards, so what is shown is what is held.
    """
    with write(path) as connection:
        refresh(connection)
        connection.execute(
            "INSERT INTO look VALUES ($member, $looked_at, $who, $what, $why)",
            {"member": member, "looked_at": present, "who": _account(), "what": what, "why": why},
        )


def looks(connection: Connection, members: list[str]) -> list[Look]:
    """Return every look at the data of the person with these pseudonyms, the newest first."""
    rows = connection.execute(
        "SELECT looked_at, who, what, why FROM look WHERE list_contains($members, member) ORDER BY ALL DESC",
        {"members": members},
    ).fetchall()
    return [Look(*row) for row in rows]


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name
        return "?"
