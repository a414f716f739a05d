"""The access log: who looked at a member's data, when, with which command, and why."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from producers.errors import WarehouseError
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
    note_looks(path, [member], what=what, why=why, present=present)


def note_looks(path: Path, members: Sequence[str], *, what: str, why: str, present: datetime) -> None:
    """Do the same for several members at once; for none, nothing.

    Raises:
        WarehouseError: when there is no warehouse to note it in; then nobody may be shown.
    """
    if not members:
        return
    if not path.exists():
        raise WarehouseError(
            f"there is no warehouse at {path} to note in that somebody looks", remedy="look where the warehouse is"
        )
    with write(path) as connection:
        refresh(connection)
        connection.executemany(
            "INSERT INTO look VALUES ($member, $looked_at, $who, $what, $why)",
            [
                {"member": member, "looked_at": present, "who": _account(), "what": what, "why": why}
                for member in members
            ],
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
