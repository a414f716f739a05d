"""One segment of the folder log: whole lines in ``<first position>.ndjson``, and when they came in ``.times``.

A line of the sidecar, a note, reads ``<position> <byte offset> <microseconds since 1970>``: the records from that
position on, which lie from that offset on, were appended at that time. A writer notes this before it writes the
lines, and notes the end after them. So what lies beyond the last note is still being written (then the writer
holds the lock), or was left by a crash, or was appended by hand.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from producers.errors import LogError
from producers.log.notes import CHUNK, MODE, Mark, Notes, whole_or_not, write

READ = 512 << 10
BATCH_BYTES = 64 << 20
"""A batch ends early beyond this many bytes, so that many long lines do not fill the memory."""


class Segment:
    """One open segment; ``flags`` are those of ``os.open``."""

    def __init__(self, folder: Path, first: int, flags: int = os.O_RDONLY) -> None:
        self.first = first
        self.path = folder / f"{first:020d}.ndjson"
        self.lines = os.open(self.path, flags, MODE)
        self.notes = Notes(self.path.with_suffix(".times"), flags)

    def close(self) -> None:
        """Release the files."""
        os.close(self.lines)
        self.notes.close()

    def size(self) -> int:
        """Return the bytes of the segment, whole lines or not."""
        return os.fstat(self.lines).st_size

    def age(self) -> int:
        """Return when the file last changed, in microseconds since 1970."""
        return os.fstat(self.lines).st_mtime_ns // 1000

    def is_replaced(self) -> bool:
        """Return whether another file now stands under the segment's name."""
        return self.path.stat().st_ino != os.fstat(self.lines).st_ino

    def noted_end(self) -> Mark:
        """Return where the last note points: all before it is durable.

        Raises:
            LogError: when the file is shorter than its notes say.
        """
        last = self.notes.last()
        end = last[0] if last else Mark(self.first, 0)
        size = self.size()
        if end.offset > size:
            raise LogError(
                f"{self.path} has {size} bytes",
                expected=f"at least {end.offset} by its sidecar",
                remedy="restore the file from a backup; its last records are lost otherwise",
            )
        return end

    def last_whole(self, start: Mark) -> Mark:
        """Return the place after the last whole line, counted from ``start``."""
        position, offset = start
        at = offset
        while chunk := os.pread(self.lines, CHUNK, at):
            if found := chunk.count(b"\n"):
                position += found
                offset = at + chunk.rindex(b"\n") + 1
            at += len(chunk)
        return Mark(position, offset)

    def locate(self, position: int) -> Mark | None:
        """Return where ``position`` lies, from the nearest note on, or None where the file ends before it."""
        nearest = bisect_right(self.notes.positions, position) - 1
        start = Mark(self.notes.positions[nearest], self.notes.offsets[nearest]) if nearest >= 0 else None
        before, at = start or Mark(self.first, 0)
        wanted = position - before
        while wanted and (chunk := os.pread(self.lines, CHUNK, at)):
            found = min(wanted, chunk.count(b"\n"))
            rest = chunk.split(b"\n", found)[-1] if found == wanted else b""
            at += len(chunk) - len(rest)
            wanted -= found
        return None if wanted else Mark(position, at)

    def take(self, start: Mark, limit: int, stop: int) -> tuple[list[bytes], Mark]:
        """Return up to ``limit`` lines before the offset ``stop``, and the place after them."""
        lines: list[bytes] = []
        at = start.offset
        size = min(READ, max(READ >> 3, limit << 9))
        while len(lines) < limit and at < stop and at - start.offset < BATCH_BYTES:
            asked = min(size, stop - at)
            chunk = os.pread(self.lines, asked, at)
            found = chunk.split(b"\n", limit - len(lines))
            rest = found.pop()
            if not found and (len(chunk) < asked or asked == stop - at):
                break
            size = size if found else size * 4
            lines += found
            at += len(chunk) - len(rest) if found else 0
        return lines, Mark(start.position + len(lines), at)

    def stamps(self, position: int, count: int) -> list[int]:
        """Return when each of ``count`` records from ``position`` on was appended."""
        notes, stamps, end = self.notes, list[int](), position + count
        while position < end:
            index = bisect_right(notes.positions, position) - 1
            until = notes.positions[index + 1] if index + 1 < len(notes.positions) else end
            stamp = notes.stamps[max(index, 0)] if notes.stamps else self.age()
            stamps += [stamp] * (min(until, end) - position)
            position = min(until, end)
        return stamps

    def mend(self) -> Mark:
        """Return the end of the segment after cutting off what a crash has left incomplete."""
        self.notes.mend()
        end = self.last_whole(self.noted_end())
        if end.offset < self.size():
            os.ftruncate(self.lines, end.offset)
            os.fsync(self.lines)
        return end

    def write(self, end: Mark, values: Sequence[bytes], stamp: int) -> None:
        """Make ``values`` durable at ``end``, or leave none of them and raise the OSError."""
        if end.offset and self.notes.last() is None:
            self.notes.write(Mark(self.first, 0), self.age())
        os.fsync(self.notes.write(end, stamp))
        text = b"\n".join(values) + b"\n"
        with whole_or_not(self.lines):
            write(self.lines, text)
            os.fsync(self.lines)
        self._note_end(Mark(end.position + len(values), end.offset + len(text)), stamp)

    def _note_end(self, end: Mark, stamp: int) -> None:
        # Somebody may have appended by hand meanwhile: then only counting the lines tells the end. The same
        # when the note finds no room: the lines are durable without it.
        if self.size() == end.offset:
            with suppress(OSError):
                self.notes.write(end, stamp)


def segments(folder: Path) -> list[int]:
    """Return the first positions of the segments in ``folder``, in order."""
    return sorted(int(path.stem) for path in folder.iterdir() if path.suffix == ".ndjson" and path.stem.isdecimal())
