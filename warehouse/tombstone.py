"""The gate of ingest: what names an erased member is not taken in again."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from producers.event import PAYLOADS, Event, encode_data
from producers.identity import read_key
from producers.tombstone import tombstone, without
from warehouse.batch import Sorted
from warehouse.connection import Connection

ERASED = "a member was erased at her request, and this was about her"
"""Why a line is refused."""


_TEXTS = ("id", "source", "subject", "data")
_member = re.compile(rb"m_[0-9a-f]{24}").findall


def withhold(connection: Connection, found: Sorted) -> None:
    """Refuse the events of ``found`` that are about an erased member, and take her out of those of others.

    A repeated event of others so becomes what the record made of it, and counts as known.
    """
    marks = {mark for (mark,) in connection.execute("SELECT mark FROM tombstone").fetchall()}
    if not marks or not len(found.events):
        return
    key = read_key(home_of(connection))
    erased = {member for member in _members(found.events) if tombstone(key, member) in marks}
    if erased:
        _take_out(found, erased)


def home_of(connection: Connection) -> Path:
    """Return the folder in which the warehouse of the connection stands."""
    ((path,),) = connection.execute(
        "SELECT path FROM duckdb_databases() WHERE database_name = current_database()"
    ).fetchall()
    return Path(path).parent


def event_of(row: Mapping[str, Any]) -> Event:
    """Return the event that stands in a row of the record."""
    data = msgspec.json.decode(row["data"], type=PAYLOADS[row["type"]])
    return Event(row["source"], row["id"], row["type"], row["subject"], row["occurred_at"], data)


def _members(events: pa.Table) -> set[str]:
    """Return every pseudonym that stands anywhere in the events, read from the columns as they lie in memory."""
    chunks = (chunk for name in _TEXTS for chunk in events[name].chunks)
    return {found.decode() for chunk in chunks for found in _member(chunk.buffers()[2] or b"")}


def _naming(events: pa.Table, members: set[str]) -> list[int]:
    """Return the rows that name one of ``members``."""
    pattern = "|".join(sorted(members))
    found = functools.reduce(pc.or_, (pc.match_substring_regex(events[name], pattern) for name in _TEXTS))
    return [int(row) for row in np.flatnonzero(found.to_numpy())]


def _take_out(found: Sorted, erased: set[str]) -> None:
    """Have the events say what they say without the erased; those of which nothing is left are refused."""
    rows = _naming(found.events, erased)
    texts = found.events["data"].to_pylist()
    refused = set[int]()
    for row, each in zip(rows, found.events.take(pa.array(rows, pa.int64())).to_pylist(), strict=True):
        left = without(event_of(each), erased)
        if left is None:
            found.refused[each["partition"], each["position"]] = ERASED
            refused.add(row)
        else:
            texts[row] = encode_data(left.data).decode()
    place = found.events.schema.get_field_index("data")
    found.events = found.events.set_column(place, "data", pa.array(texts, pa.string()))
    found.events = found.events.filter(pa.array([row not in refused for row in range(len(texts))]))
