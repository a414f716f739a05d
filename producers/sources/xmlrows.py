"""Rows of the XML files of a data dump, streamed: memory stays flat, one broken row costs one row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple
from xml.parsers import expat

from producers.errors import InputError

PIECE = 1 << 16
LONGEST_ROW = 1 << 20


class Row(NamedTuple):
    """One ``<row …/>``: the line where it stands, and its attributes or why it can't be read."""

    line: int
    attributes: dict[str, str]
    fault: InputError | None = None


class _Parser:
    """Expat, with the line of the file where it was started."""

    def __init__(self, first_line: int, opening: bytes = b"") -> None:
        self.first_line = first_line
        self.rows: list[Row] = []
        self.unread = 0
        self._expat = expat.ParserCreate()
        self._expat.StartElementHandler = self._element
        self._expat.StartDoctypeDeclHandler = self._doctype
        self._expat.Parse(opening, False)  # noqa: FBT003 - expat takes no keywords

    @property
    def line(self) -> int:
        return self.first_line + self._expat.CurrentLineNumber - 1

    def feed(self, piece: bytes, *, last: bool = False) -> Row | None:
        """Return the fault that ends this parser, None while all is well; finished rows pile up in ``rows``."""
        self.unread += len(piece)
        try:
            self._expat.Parse(piece, last)
        except expat.ExpatError as error:
            return self._fault(expat.ErrorString(error.code))
        except (ValueError, LookupError, InputError) as error:
            return self._fault(str(error))
        return self._fault(f"a row is longer than {LONGEST_ROW} bytes") if self.unread > LONGEST_ROW else None

    def taken(self) -> list[Row]:
        """Return the rows that are finished, and forget them."""
        rows, self.rows = self.rows, []
        return rows

    def _fault(self, reason: str) -> Row:
        return Row(self.line, {}, InputError(f"the XML can't be read: {reason}", expected="<row …/> elements"))

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        self.unread = 0
        if name == "row":
            self.rows.append(Row(self.line, attributes))

    def _doctype(self, *_declared: object) -> None:
        raise InputError("it has a DOCTYPE, which no dump has")


def xml_rows(path: Path) -> Iterator[Row]:
    """Yield every row of the file; after one that is broken, read on at the next line that begins a row."""
    with path.open("rb") as stream:
        yield from _rows(stream)


def _rows(stream: BinaryIO) -> Iterator[Row]:
    parser: _Parser | None = _Parser(1)
    line, at_start = 1, True
    while piece := stream.readline(PIECE):
        if parser is None and at_start and piece.lstrip().startswith(b"<row"):
            parser = _Parser(line, b"<rows>")
        elif at_start and piece.lstrip().startswith(b"</") and (parser is None or parser.first_line > 1):
            return
        if parser is not None:
            fault = parser.feed(piece)
            yield from parser.taken()
            if fault:
                yield fault
                parser = None
        at_start = piece.endswith(b"\n")
        line += at_start
    if parser is not None and (fault := parser.feed(b"", last=True)):
        yield fault
