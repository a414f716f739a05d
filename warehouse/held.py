"""What is held about one member: every event, every figure, what the figures rest on, and who looked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from producers.errors import UsageError
from warehouse.access import Look, looks
from warehouse.connection import Connection, read
from warehouse.retention import ACTIVITIES
from warehouse.statement import statement

Row = dict[str, Any]


@dataclass(frozen=True)
class Held:
    """Everything about one person, as it stands in the warehouse; the comments are in ``warehouse/sql/member``."""

    members: tuple[str, ...]
    """Her pseudonyms."""
    counted: bool
    """Whether she is counted now: no objection holds, and consent where it is needed."""
    standing: Sequence[Row]
    events: Sequence[Row]
    skills: Sequence[Row]
    consents: Sequence[Row]
    weeks: Sequence[Row]
    figures: Sequence[Row]
    ties: Sequence[Row]
    layers: Sequence[Row]
    looks: Sequence[Look]


def held(path: Path, member: str, *, present: datetime) -> Held:
    """Return what is held at ``present`` about the person with this pseudonym; nothing where she is not known."""
    with read(path) as connection:
        members = [each for (each,) in connection.execute(statement("erasure/person"), {"member": member}).fetchall()]
        return Held(
            members=tuple(members),
            counted=not _rows(connection, "hidden", members=members, present=present),
            standing=_rows(connection, "standing", members=members),
            events=_rows(connection, "events", members=members, days=ACTIVITIES.days),
            skills=_rows(connection, "skills", members=members),
            consents=_rows(connection, "consents", members=members),
            weeks=_rows(connection, "weeks", members=members),
            figures=_rows(connection, "figures", members=members),
            ties=_rows(connection, "ties", members=members),
            layers=_rows(connection, "layers", members=members),
            looks=looks(connection, members),
        )


def require_known(path: Path, member: str) -> None:
    """Refuse an id that the record does not name.

    Raises:
        UsageError: with what to do.
    """
    with read(path) as connection:
        found = connection.execute(statement("member/known"), {"members": [member]}).fetchall()
    if not found:
        raise unknown_member()


def unknown_member() -> UsageError:
    """Return the error of an id that nothing is held about."""
    return UsageError(
        "nothing is held about this member",
        expected="an id that is in the warehouse (m_… or source#identity)",
        remedy="check it; if her events still wait in the log: maillage ingest --once",
    )


def ties_of(connection: Connection, week: date, layer: str) -> tuple[pd.DataFrame, str]:
    """Return ``source, target, strength`` of a layer's ties in a week, in order, and their digest."""
    given = {"week": week, "layer": layer}
    found = connection.execute(statement("member/layer"), given).df()
    ((digest,),) = connection.execute(statement("member/digest"), given).fetchall()
    return found, digest


def _rows(connection: Connection, name: str, **values: object) -> list[Row]:
    found = connection.execute(statement(f"member/{name}"), values)
    columns = [column[0] for column in found.description or []]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
