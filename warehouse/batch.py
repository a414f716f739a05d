"""A batch of the log as a table: each line is decoded or refused."""

from __future__ import annotations

import functools
import gc
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

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
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
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


Place = tuple[int, int]
"""Where a line stands: partition and position."""


@dataclass
class Sorted:
    """The events of some batches, in the columns of the record, and why the other lines are refused."""

    batches: Sequence[Batch]
    events: pa.Table
    refused: dict[Place, str]

    def numbered(self) -> pa.Table:
        """Return the events with the number of each row."""
        return self.events.append_column("row", _numbers(np.arange(len(self.events))))

    def leave_out(self, known: Mapping[int, bool]) -> None:
        """Keep the rows that are not known; refuse those that are, where they are not known as the same."""
        self.refuse([row for row, same in known.items() if not same])
        kept = np.ones(len(self.events), bool)
        kept[list(known)] = False
        self.events = self.events.take(_numbers(np.flatnonzero(kept)))

    def refuse(self, rows: Sequence[int] | np.ndarray) -> None:
        """Note that the rows say something else under a source and id that were told before."""
        places = self.events.select(["partition", "position"]).take(_numbers(rows)).to_pydict()
        self.refused.update(dict.fromkeys(zip(places["partition"], places["position"], strict=True), OTHER_CONTENT))


def sort(*batches: Batch) -> Sorted:
    """Return the lines of the batches, each either decoded or refused."""
    refused: dict[Place, str] = {}
    with _without_cycles():
        parts = [_part(batch, first, refused) for batch in batches for first in range(0, len(batch.values), _TOGETHER)]
    return Sorted(batches, pa.Table.from_batches(parts, _EVENTS), refused)


def refused_table(found: Sorted) -> pa.Table:
    """Return the refused lines in the columns of the rejects."""
    rows = [
        ((batch.partition, position), recorded_at, value or b"")
        for batch in found.batches
        for position, recorded_at, value in zip(batch.positions, batch.recorded_at, batch.values, strict=True)
        if (batch.partition, position) in found.refused
    ]
    return pa.table(
        {
            "partition": _numbers([partition for (partition, _), _, _ in rows], pa.int32()),
            "position": _numbers([position for (_, position), _, _ in rows]),
            "size": _numbers([len(value) for _, _, value in rows]),
            "digest": _texts([hashlib.sha256(value).hexdigest() for _, _, value in rows]),
            "reason": _texts([found.refused[place] for place, _, _ in rows]),
            "seen_at": _numbers([recorded_at for _, recorded_at, _ in rows], _INSTANT),
        },
    )


def _part(batch: Batch, first: int, refused: dict[Place, str]) -> pa.RecordBatch:
    values = batch.values[first : first + _TOGETHER]
    stamps, positions = (
        np.asarray(column[first : first + len(values)], np.int64) for column in (batch.recorded_at, batch.positions)
    )
    decoded = decode_all(values)
    refused.update({(batch.partition, int(positions[row])): reason for row, reason in decoded.refused.items()})
    if decoded.refused:
        stamps, positions = stamps[decoded.places], positions[decoded.places]
    times = np.array([(line.time - _EPOCH) // _MICROSECOND for line in decoded.lines], np.int64)
    return _record(_Columns(decoded.lines, times, stamps, positions).in_time(refused, batch.partition), batch.partition)


class _Columns(NamedTuple):
    """Valid lines, when each happened, when the log appended it, and where."""

    lines: list[Line]
    times: np.ndarray
    stamps: np.ndarray
    positions: np.ndarray

    def in_time(self, refused: dict[Place, str], partition: int) -> _Columns:
        """Return the columns without the events that claim a time which the log's clock had not reached."""
        ahead = self.times - self.stamps > AHEAD // _MICROSECOND
        if not ahead.any():
            return self
        for row in np.flatnonzero(ahead):
            refused[partition, int(self.positions[row])] = (
                f"the event lies in the future: {self.lines[row].time.astimezone(UTC):{_SHOWN}}; "
                f"expected a time before it was recorded, {_EPOCH + int(self.stamps[row]) * _MICROSECOND:{_SHOWN}}"
            )
        kept = [line for line, late in zip(self.lines, ahead, strict=True) if not late]
        return _Columns(kept, self.times[~ahead], self.stamps[~ahead], self.positions[~ahead])


def _record(events: _Columns, partition: int) -> pa.RecordBatch:
    lines = events.lines
    columns = [
        _texts([line.id for line in lines]),
        _texts([line.source for line in lines]),
        _texts(type_names(lines)),
        _texts([line.subject for line in lines]),
        _numbers(events.times, _INSTANT),
        _numbers(events.stamps, _INSTANT),
        _numbers(np.full(len(lines), partition), pa.int32()),
        _numbers(events.positions),
        _lines(data_texts(lines)),
    ]
    return pa.record_batch(columns, schema=_EVENTS)


# Not by pa.array: it imports pandas, which costs a run of ingest a tenth of its time and 50 MB.
def _texts(texts: Sequence[str]) -> pa.Array:
    whole = "".join(texts)
    sizes = map(len, texts if whole.isascii() else map(str.encode, texts))
    offsets = np.zeros(len(texts) + 1, np.int32)
    np.cumsum(np.fromiter(sizes, np.int32, len(texts)), out=offsets[1:])
    return pa.StringArray.from_buffers(len(texts), pa.py_buffer(offsets), pa.py_buffer(whole.encode()))


def _lines(text: bytes) -> pa.Array:
    """Return the lines of a text, made of the text itself."""
    ends = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n"))
    offsets = np.concatenate(([0], ends - np.arange(len(ends)))).astype(np.int32)
    whole = pa.py_buffer(text.replace(b"\n", b""))
    return pa.StringArray.from_buffers(len(ends), pa.py_buffer(offsets), whole)


def _numbers(numbers: Sequence[int] | np.ndarray, kind: pa.DataType = pa.int64()) -> pa.Array:  # noqa: B008  immutable
    whole = np.asarray(numbers, f"i{kind.bit_width // 8}")
    return pa.Array.from_buffers(kind, len(whole), [None, pa.py_buffer(whole)])


def drop_repeated(found: Sorted) -> None:
    """Keep the first of the events with the same source and id; those that say something else are refused.

    Only for events that the record does not hold: where it does, it is what they have to agree with.
    """
    if not len(found.events):
        return
    events = found.events.combine_chunks()
    rows = np.arange(len(events))
    _, firsts, group = np.unique(_keys(events), return_index=True, return_inverse=True)
    first = firsts[group]
    repeated = np.flatnonzero(first != rows)
    if not len(repeated):
        return
    again, before = (events.take(_numbers(rows)) for rows in (repeated, first[repeated]))
    same = functools.reduce(pc.and_, (pc.equal(again[name], before[name]) for name in _CONTENT)).to_pylist()
    found.leave_out(dict(zip(repeated.tolist(), same, strict=True)))


def _keys(events: pa.Table) -> NDArray[np.int64]:
    """Return a number for each (source, id), the same for the same."""
    ids, sources = (_codes(events[name].combine_chunks()) for name in ("id", "source"))
    keys: NDArray[np.int64] = ids.astype(np.int64) * (sources.max(initial=0) + 1) + sources
    return keys


def _codes(texts: pa.StringArray) -> NDArray[np.int32]:
    codes: NDArray[np.int32] = np.frombuffer(pc.dictionary_encode(texts).indices.buffers()[1], np.int32, len(texts))
    return codes


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
