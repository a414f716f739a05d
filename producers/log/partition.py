"""One partition of the folder log: a folder of segments, one writer at a time, any number of readers.

What a reader is shown never vanishes again: while a writer holds the lock, only what it has noted as durable
counts; while nobody holds it, every whole line does.
"""

from __future__ import annotations

import fcntl
import os
import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from producers.errors import LogBusy, LogError, TrimmedOffset
from producers.log.notes import MODE, Mark
from producers.log.segment import Segment, segments

SEGMENT_BYTES = 64 << 20
"""A segment that has grown beyond this is followed by a new one."""
PATIENCE = 10.0
"""How many seconds to wait for another writer."""
_PAUSE = 0.005
_WRITE = os.O_RDWR | os.O_APPEND
_LISTINGS = 5


class PartitionReader:
    """A reader of one partition that remembers where it is, so that reading on needs no search."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._segment: Segment | None = None
        self._next = Mark(0, 0)
        self._end = Mark(0, 0)

    def read(self, position: int, limit: int) -> tuple[list[bytes], list[int]]:
        """Return up to ``limit`` lines from ``position`` on and when each was appended.

        Raises:
            TrimmedOffset: when the partition does not hold ``position`` and it is not its end either.
        """
        if self._segment is None or not self._next.position == position < self._end.position:
            self._place(position)
        if self._segment is None or position == self._end.position:
            return [], []
        wanted = min(limit, self._end.position - position)
        lines, self._next = self._segment.take(self._next, wanted, self._end.offset)
        if not lines:
            raise self._gap(position)
        return lines, self._segment.stamps(position, len(lines))

    def start(self) -> int:
        """Return the first position kept."""
        return next(iter(segments(self._folder)), 0)

    def end(self) -> int:
        """Return the position after the last record."""
        self._open_last()
        return self._end.position

    def close(self) -> None:
        """Release the files."""
        if self._segment is not None:
            self._segment.close()
            self._segment = None
        self._next = self._end = Mark(0, 0)

    def _open_last(self) -> None:
        firsts = segments(self._folder)
        if not firsts:
            self.close()
            return
        self._open(firsts[-1])
        self._look_for_more()

    def _place(self, position: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self._placed(position) and time.monotonic() < deadline:
            time.sleep(_PAUSE)
        if position > self._end.position:
            raise self._outside(position)

    def _placed(self, position: int) -> bool:
        """Return whether it is certain now what stands at ``position``."""
        firsts = segments(self._folder)
        index = bisect_right(firsts, position) - 1
        if not firsts:
            self.close()
            return True
        if index < 0:
            raise self._outside(position)
        try:
            self._open(firsts[index])
        except FileNotFoundError:  # retention was faster than this reader: list the folder again
            return False
        settled = True
        if index + 1 < len(firsts):
            self._end = Mark(firsts[index + 1], self._opened.size())
        else:
            settled = self._look_for_more()
        self._opened.notes.refresh()
        if position <= self._end.position:
            self._seek(position)
            return True
        return settled

    @property
    def _opened(self) -> Segment:
        if self._segment is None:
            raise LogError(f"{self._folder} is closed")
        return self._segment

    def _open(self, first: int) -> None:
        if self._segment is not None and self._segment.first == first and not self._segment.is_replaced():
            return
        self.close()
        self._segment = Segment(self._folder, first)
        self._next = self._end = Mark(first, 0)

    def _look_for_more(self) -> bool:
        """Move the known end on; return whether no writer is at work."""
        with no_writer(self._folder) as free:
            known = max(self._end, self._opened.noted_end())
            self._end = self._opened.last_whole(known) if free else known
        return free

    def _seek(self, position: int) -> None:
        if position == self._end.position:
            self._next = self._end
        elif position != self._next.position:
            found = self._opened.locate(position)
            if found is None:
                raise self._gap(position)
            self._next = found

    def _gap(self, position: int) -> TrimmedOffset:
        remedy = "restore the missing segments, or accept the loss and read on from there"
        return TrimmedOffset(
            f"{self._folder} has no record {position}",
            expected=f"every record before {self._end.position}",
            remedy=remedy,
        )

    def _outside(self, position: int) -> TrimmedOffset:
        start, end = self.start(), self.end()
        if position < start:
            remedy = "its segments were removed: restore them, or accept the loss and read from the first"
        else:
            remedy = "the log is younger than the reader: restore it, or read from the first"
        return TrimmedOffset(f"{self._folder} has no record {position}", expected=f"{start} to {end}", remedy=remedy)


def append(folder: Path, values: Sequence[bytes], stamp: int | None) -> None:
    """Make ``values`` durable at the end of the partition; the caller holds its lock.

    Without ``stamp`` they are appended now, and never earlier than what stands before them.
    """
    if stamp is None:
        stamp = max(time.time_ns() // 1000, _last_stamp(folder))
    with closing(_last_segment(folder)) as segment:
        segment.write(segment.mend(), values, stamp)


def _last_segment(folder: Path) -> Segment:
    firsts = segments(folder)
    if not firsts:
        return _new_segment(folder, 0)
    segment = Segment(folder, firsts[-1], _WRITE)
    if segment.notes.open() is None:  # a crash came between the two files, or the segment was made by hand
        segment.notes.close()
        segment.close()
        return _new_segment(folder, firsts[-1])
    if segment.size() < SEGMENT_BYTES:
        return segment
    with closing(segment):
        end = segment.mend()
    return _new_segment(folder, end.position)


def _new_segment(folder: Path, first: int) -> Segment:
    segment = Segment(folder, first, _WRITE | os.O_CREAT)
    segment.notes.open()
    sync_folder(folder)
    return segment


def _last_stamp(folder: Path) -> int:
    for first in reversed(segments(folder)):
        with closing(Segment(folder, first)) as segment:
            if last := segment.notes.last():
                return last[1]
    return 0


@contextmanager
def writer_lock(folder: Path) -> Iterator[None]:
    """Be the partition's only writer in the body.

    Raises:
        LogBusy: when another writer does not finish in time.
    """
    file = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, MODE)
    try:
        deadline = time.monotonic() + PATIENCE
        while not _locked(file, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise LogBusy(f"another process has been writing to {folder} for {PATIENCE:.0f} s", remedy="try again")
            time.sleep(_PAUSE)
        yield
    finally:
        os.close(file)


@contextmanager
def no_writer(folder: Path) -> Iterator[bool]:
    """Tell whether no writer is at work, and keep it so in the body."""
    try:
        file = os.open(folder / "lock", os.O_RDONLY)
    except FileNotFoundError:
        yield True
        return
    try:
        yield _locked(file, fcntl.LOCK_SH)
    finally:
        os.close(file)


def _locked(file: int, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
