"""A batch of the log as a table: each line is decoded or refused."""

from __future__ import annotations

import functools
import gc
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from producers.bulk import Line, data_texts, decode_all, type_names
from producers.log import Batch

AHEAD = timedelta(days=1)
"""How far an event may lie ahead of the log's clock: a source that knows only the day writes noon."""

OTHER_CONTENT = (
    "the same source and id came before with other content; "
    "to correct an event, retract it and publish the corrected one under a new id"
)

_TOGETHER = 2_000
"""Lines that are decoded at once: so few that what is made of them stays in the processor's cache."""
_CONTENT = ("type", "subject", "occurred_at", "data")
"""What has to be the same where source and id are."""
_SHOWN = "%Y-%m-%dT%H:%M:%SZ"
_INSTANT = pa.timestamp("us", "UTC")
_EVENTS = pa.schema(
    {
        "id": pa.string(),
        "source": pa.string(),
        "type": pa.string(),
        "subject": pa.string(),
        "occurred_at": _INSTANT,
        "recorded_at": _INSTANT,
        "partition": pa.int32(),
        "position": pa.int64(),
        "data": pa.string(),
    },
)


@dataclass
class Sorted:
    """The events of a batch, in the columns of the record, and why the other lines are refused, by position."""

    lines: Batch
    events: pa.Table
    refused: dict[int, str]

    def keep(self, mask: pa.Array) -> None:
        """Keep only the events where ``mask`` says so."""
        self.events = self.events.filter(mask)


def sort(lines: Batch) -> Sorted:
    """Return the batch with each line either decoded or refused."""
    refused: dict[int, str] = {}
    with _without_cycles():
        parts = [_part(lines, first, refused) for first in range(0, len(lines.values), _TOGETHER)]
    return Sorted(lines, pa.Table.from_batches(parts, _EVENTS), refused)


def refused_table(found: Sorted) -> pa.Table:
    """Return the refused lines in the columns of the rejects."""
    lines = found.lines
    rows = [
        (position, recorded_at, value or b"")
        for position, recorded_at, value in zip(lines.positions, lines.recorded_at, lines.values, strict=True)
        if position in found.refused
    ]
    return pa.table(
        {
            "partition": pa.array([lines.partition] * len(rows), pa.int32()),
            "position": pa.array([position for position, _, _ in rows], pa.int64()),
            "size": pa.array([len(value) for _, _, value in rows], pa.int64()),
            "digest": [hashlib.sha256(value).hexdigest() for _, _, value in rows],
            "reason": [found.refused[position] for position, _, _ in rows],
            "seen_at": pa.array([recorded_at for _, recorded_at, _ in rows], _INSTANT),
        },
    )


def _part(batch: Batch, first: int, refused: dict[int, str]) -> pa.RecordBatch:
    values = batch.values[first : first + _TOGETHER]
    stamps, positions = (column[first : first + len(values)] for column in (batch.recorded_at, batch.positions))
    decoded = decode_all(values)
    refused.update({positions[place]: reason for place, reason in decoded.refused.items()})
    if decoded.refused:
        stamps = [stamps[place] for place in decoded.places]
        positions = [positions[place] for place in decoded.places]
    return _in_time(_record(decoded.lines, stamps, positions, batch.partition), refused)


def _record(lines: list[Line], stamps: Sequence[int], positions: Sequence[int], partition: int) -> pa.RecordBatch:
    columns = [
        pa.array([line.id for line in lines], pa.string()),
        pa.array([line.source for line in lines], pa.string()),
        pa.array(type_names(lines), pa.string()),
        pa.array([line.subject for line in lines], pa.string()),
        pa.array([line.time for line in lines], _INSTANT),
        pa.array(np.asarray(stamps, np.int64)).cast(_INSTANT),
        pa.array(np.full(len(lines), partition, np.int32)),
        pa.array(np.asarray(positions, np.int64)),
        _texts(data_texts(lines)),
    ]
    return pa.record_batch(columns, schema=_EVENTS)


def _in_time(events: pa.RecordBatch, refused: dict[int, str]) -> pa.RecordBatch:
    """Return the events without those that claim a time which the log's clock had not reached."""
    latest = pc.add(events.column("recorded_at"), pa.scalar(AHEAD))
    ahead = pc.greater(events.column("occurred_at"), latest)
    if not pc.any(ahead).as_py():
        return events
    for event in events.filter(ahead).to_pylist():
        refused[event["position"]] = (
            f"the event lies in the future: {event['occurred_at']:{_SHOWN}}; "
            f"expected a time before it was recorded, {event['recorded_at']:{_SHOWN}}"
        )
    return events.filter(pc.invert(ahead))


def _texts(text: bytes) -> pa.Array:
    """Return the lines of a text, made of the text itself."""
    ends = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n"))
    offsets = np.concatenate(([0], ends - np.arange(len(ends)))).astype(np.int32)
    whole = pa.py_buffer(text.replace(b"\n", b""))
    return pa.StringArray.from_buffers(len(ends), pa.py_buffer(offsets), whole)


def drop_repeated(found: Sorted) -> None:
    """Keep the first of the events with the same source and id; those that say something else are refused.

    Only for events that the record does not hold: where it does, it is what they have to agree with.
    """
    events = found.events.combine_chunks()
    rows = np.arange(len(events))
    _, firsts, group = np.unique(_keys(events), return_index=True, return_inverse=True)
    first = firsts[group]
    repeated = np.flatnonzero(first != rows)
    if not len(repeated):
        return
    again, before = events.take(repeated), events.take(first[repeated])
    other = pc.invert(functools.reduce(pc.and_, (pc.equal(again[name], before[name]) for name in _CONTENT)))
    found.refused.update(dict.fromkeys(again.filter(other)["position"].to_pylist(), OTHER_CONTENT))
    found.events = events.take(np.flatnonzero(first == rows))


def _keys(events: pa.Table) -> np.ndarray:
    """Return a number for each (source, id), the same for the same."""
    ids, sources = (pc.dictionary_encode(events[name]).combine_chunks() for name in ("id", "source"))
    return np.asarray(ids.indices, np.int64) * len(sources.dictionary) + np.asarray(sources.indices, np.int64)


@contextmanager
def _without_cycles() -> Iterator[None]:
    """Pause the search for reference cycles: a batch makes many objects and no cycle, and the search is a third."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
