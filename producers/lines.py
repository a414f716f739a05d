"""Lines of a file, however long: what is beyond the limit is counted and not kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from producers.event import MAX_BYTES

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_CHUNK = 1 << 20


class Line(NamedTuple):
    """One line without its break; ``content`` ends at the limit, ``size`` tells how long the line really is."""

    number: int
    size: int
    content: bytes

    @property
    def cut(self) -> bool:
        """Return whether the line is longer than what was kept of it."""
        return self.size > len(self.content)


def lines(stream: BinaryIO, *, limit: int = MAX_BYTES) -> Iterator[Line]:
    """Yield every line of ``stream``, holding at most two times ``limit`` bytes at any time.

    The byte-order mark that some programs write before UTF-8 is no part of the first line.
    """
    number = 0
    while piece := stream.readline(limit + len(BYTE_ORDER_MARK) + 2):
        if number == 0:
            piece = piece.removeprefix(BYTE_ORDER_MARK) or b"\n"
        number += 1
        content, size = piece.rstrip(b"\r\n"), len(piece.rstrip(b"\r\n"))
        while not piece.endswith(b"\n") and (piece := stream.readline(limit + 2)):
            size += len(piece.rstrip(b"\r\n"))
        yield Line(number, size, content[:limit])


def count_lines(stream: BinaryIO) -> int:
    """Return how many line breaks ``stream`` holds, and put it back to its beginning."""
    breaks = 0
    while chunk := stream.read(_CHUNK):
        breaks += chunk.count(b"\n")
    stream.seek(0)
    return breaks
