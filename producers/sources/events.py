"""Events that already keep the contract, one a line: published again as they are."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from producers.errors import EventError, InputError
from producers.event import MAX_BYTES, Event, decode
from producers.lines import Line, count_lines, lines
from producers.sources.item import Input, Item


def fetch(_key: bytes, *, file: Path) -> Input:
    """Return the lines of ``file`` (``-`` is standard input); whoever wrote them has put in pseudonyms.

    Raises:
        InputError: when the file can't be opened.
    """
    stream = open_lines(file)
    counted = str(file) != "-" and stream.seekable()  # a pipe can be read only once
    return Input(
        source=None,
        title="Events",
        legal_basis="consent",
        items=_items(stream),
        parse=parse,
        total=count_lines(stream) if counted else None,
    )


def parse(item: Item) -> Sequence[Event]:
    """Return the event on the line, or nothing for an empty line."""
    return (event,) if isinstance(item.content, Line) and (event := read_event(item.content)) else ()


def open_lines(file: Path) -> BinaryIO:
    """Return the opened file, or standard input for ``-``."""
    if str(file) == "-":
        return sys.stdin.buffer
    try:
        return file.open("rb")
    except OSError as error:
        raise InputError(f"{file} can't be read ({error.strerror})", expected="a file of events, one a line") from error


def read_event(line: Line) -> Event | None:
    """Return the event on ``line``, None when the line is empty.

    Raises:
        EventError: when the line breaks the contract.
    """
    if line.cut:
        raise EventError(f"the line has {line.size} bytes", expected=f"at most {MAX_BYTES}")
    return decode(line.content) if line.content.strip() else None


def _items(stream: BinaryIO) -> Iterator[Item]:
    with stream:
        for line in lines(stream):
            yield Item(f"line {line.number}", line)
