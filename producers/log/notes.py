"""The sidecar of a segment: from which record on, at which byte, records were appended at which time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from producers.errors import LogError

CHUNK = 4 << 20
MODE = 0o640
_NOTE_BYTES = 256


class Mark(NamedTuple):
    """A place in a segment: the position of a record and the offset of its first byte."""

    position: int
    offset: int


class Notes:
    """The sidecar of a segment, read as far as it has grown."""

    def __init__(self, path: Path, flags: int = os.O_RDONLY) -> None:
        self._path = path
        self._flags = flags
        self._file: int | None = None
        self._read = 0
        self.positions: list[int] = []
        self.offsets: list[int] = []
        self.stamps: list[int] = []

    def open(self) -> int | None:
        """Return the descriptor of the sidecar, or None while there is no such file."""
        if self._file is None:
            try:
                self._file = os.open(self._path, self._flags, MODE)
            except FileNotFoundError:
                return None
        return self._file

    def last(self) -> tuple[Mark, int] | None:
        """Return where the last note points and its time, from the sidecar's last bytes alone."""
        file = self.open()
        if file is None:
            return None
        size = os.fstat(file).st_size
        whole, line_break, _ = os.pread(file, _NOTE_BYTES, max(0, size - _NOTE_BYTES)).rpartition(b"\n")
        if not line_break:
            return None
        position, offset, stamp = self._numbers(whole.rpartition(b"\n")[2], 3)
        return Mark(position, offset), stamp

    def refresh(self) -> None:
        """Read the notes that were added since the last time."""
        file = self.open()
        while file is not None and (chunk := os.pread(file, CHUNK, self._read)):
            whole, line_break, _ = chunk.rpartition(b"\n")
            if not line_break:
                return
            numbers = self._numbers(whole, 3 * (whole.count(b"\n") + 1))
            self.positions += numbers[0::3]
            self.offsets += numbers[1::3]
            self.stamps += numbers[2::3]
            self._read += len(whole) + 1

    def write(self, mark: Mark, stamp: int) -> int:
        """Return the sidecar's descriptor after adding a note; a note that does not fit leaves no trace."""
        file = self.open()
        if file is None:
            raise LogError(f"{self._path} is gone", remedy="restore the log's folder")
        with whole_or_not(file):
            write(file, b"%d %d %d\n" % (mark.position, mark.offset, stamp))
        return file

    def mend(self) -> None:
        """Cut off a note that a crash has left incomplete."""
        file = self.open()
        if file is None:
            return
        size = os.fstat(file).st_size
        tail = os.pread(file, _NOTE_BYTES, max(0, size - _NOTE_BYTES))
        torn = len(tail) - (tail.rfind(b"\n") + 1)
        if torn:
            os.ftruncate(file, size - torn)

    def close(self) -> None:
        """Release the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _numbers(self, text: bytes, count: int) -> list[int]:
        try:
            numbers = list(map(int, text.split()))
        except ValueError:
            numbers = []
        if len(numbers) != count:
            remedy = "restore it, or remove it: its records then take the time of the file"
            raise LogError(f"{self._path} is damaged", expected="three numbers a line", remedy=remedy)
        return numbers


@contextmanager
def whole_or_not(file: int) -> Iterator[None]:
    """Leave the file as long as it was when the body fails."""
    size = os.fstat(file).st_size
    try:
        yield
    except BaseException:
        os.ftruncate(file, size)
        raise


def write(file: int, text: bytes) -> None:
    """Write all of ``text`` at the end of the file."""
    left = memoryview(text)
    while left:
        left = left[os.write(file, left) :]
