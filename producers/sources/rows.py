"""Rows of a CSV or JSON file, each with the line or number where it stands; the file must have every column named."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, NamedTuple, NoReturn

from producers.errors import InputError
from producers.lines import count_lines, lines
from producers.sources.item import Item, Unreadable
from producers.sources.profile import Profile

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
SNIFFED = (",", ";", "\t")


class Rows(NamedTuple):
    """The rows of a file: mappings from column to value, and how many there are (in CSV at the most)."""

    items: Iterator[Item]
    total: int


def read_rows(path: Path, profile: Profile) -> Rows:
    """Return the rows of the file, whose columns have been checked when this returns.

    Raises:
        InputError: when the file can't be read, or lacks a column that the profile names.
    """
    try:
        return _json_rows(path, profile) if profile.format == "json" else _csv_rows(path, profile)
    except OSError as error:
        raise InputError(f"{path} can't be read ({error.strerror})", expected=f"a {profile.format} file") from error


def cell(row: Mapping[str, object], column: str) -> object:
    """Return what stands in the column, None where a list or mapping on the way to it is empty.

    Raises:
        KeyError: when the row has no such column.
    """
    if column in row:
        return row[column]
    value: object = row
    for step in column.split("."):
        if isinstance(value, dict):
            value = value[step]
        elif isinstance(value, list) and step.isdecimal():
            value = value[int(step)] if int(step) < len(value) else None
        elif value is None:
            return None
        else:
            raise KeyError(column)
    return value


class _Text:
    """The lines of a CSV file as text; ``fault`` says what was wrong with any of them since it was last cleared."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self.fault: str | None = None
        self._encoding = encoding
        self._lines = lines(stream)

    def __iter__(self) -> _Text:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        content = line.content.removeprefix(BYTE_ORDER_MARK) if line.number == 1 else line.content
        if line.cut:
            self.fault = f"the line has {line.size} bytes"
            return "\n"
        try:
            return content.decode(self._encoding) + "\n"
        except UnicodeDecodeError:
            self.fault = f"the line is not {self._encoding} text"
            return content.decode(self._encoding, "backslashreplace") + "\n"


def _csv_rows(path: Path, profile: Profile) -> Rows:
    with path.open("rb") as stream:
        total = max(count_lines(stream) - 1, 0)
        marked = stream.read(len(BYTE_ORDER_MARK)) == BYTE_ORDER_MARK
        stream.seek(0)
        text = _Text(stream, profile.encoding)
        line = next(text, "")
        if marked and profile.encoding != "utf-8":
            text.fault = f"a byte-order mark shows that the file is utf-8, not {profile.encoding}"
        if text.fault:
            raise InputError(f"{path.name} line 1: {text.fault}", remedy="state the file's encoding in the profile")
    delimiter = profile.delimiter or _sniffed(line)
    header = _header(line, delimiter, path.name)
    for column in profile.columns():
        if column not in header:
            _refuse(f"{path.name} line 1", column, header)
    return Rows(_records(path, profile.encoding, delimiter, header), total)


def _sniffed(header: str) -> str:
    return max(SNIFFED, key=header.count)


def _header(line: str, delimiter: str, name: str) -> Sequence[str]:
    try:
        header = [column.strip() for column in next(csv.reader([line], delimiter=delimiter, strict=True), [])]
    except csv.Error as error:
        raise InputError(f"{name} line 1 is no header ({error})", expected="the names of the columns") from error
    if len(set(header)) < len(header):
        raise InputError(f"{name} line 1 names a column twice", expected="every column once", remedy="rename one")
    return header


def _records(path: Path, encoding: str, delimiter: str, header: Sequence[str]) -> Iterator[Item]:
    with path.open("rb") as stream:
        text = _Text(stream, encoding)
        next(text)
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        while True:
            first = reader.line_num + 2
            text.fault = None
            try:
                record = next(reader, None)
                fault = text.fault
            except csv.Error as error:
                record, fault = [], f"the line is not CSV ({error})"
            if record is None:
                return
            if record and not fault and len(record) != len(header):
                fault = f"the row has {len(record)} cells, the header {len(header)}"
            if fault:
                yield Item(f"line {first}", Unreadable(InputError(fault), record))
            elif record:
                yield Item(f"line {first}", dict(zip(header, record, strict=True)))


def _json_rows(path: Path, profile: Profile) -> Rows:
    name = path.name
    try:
        found = json.loads(path.read_bytes().decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 text", expected="JSON in UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is not JSON ({error})", remedy="get the file again; it may be cut off") from error
    records = _records_in(found, name, profile.records)
    for number, record in enumerate(records, start=1):
        _check_record(record, f"{name} item {number}", profile.columns())
    items = (Item(f"item {number}", record) for number, record in enumerate(records, start=1))
    return Rows(items, len(records))


def _records_in(found: object, name: str, path: str) -> list[object]:
    for step in path.split(".") if path else ():
        if not isinstance(found, dict) or step not in found:
            raise InputError(f"{name} has nothing at {path!r}", expected="the rows", remedy="correct `records`")
        found = found[step]
    if not isinstance(found, list):
        raise InputError(f"{name} has no list at {path or 'its top'!r}", expected="rows", remedy="correct `records`")
    return found


def _check_record(record: object, where: str, columns: Sequence[str]) -> None:
    if not isinstance(record, dict):
        raise InputError(f"{where} is no object", expected="columns with their values")
    for column in columns:
        try:
            cell(record, column)
        except KeyError:
            _refuse(where, column, record)


def _refuse(where: str, column: str, found: Sequence[str] | Mapping[str, object]) -> NoReturn:
    raise InputError(
        f"{where} has no column {column!r} (columns found: {', '.join(map(str, found))})",
        remedy="correct the column in the profile, or export the file with it; nothing was published",
    )


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number in JSON")
