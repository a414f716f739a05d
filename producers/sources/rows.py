"""Rows of a CSV or JSON file, each with the line or number where it stands; the file must have every column named."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, NamedTuple, NoReturn

from producers.errors import InputError
from producers.lines import BYTE_ORDER_MARK, count_lines, lines
from producers.sources.item import Item, Unreadable
from producers.sources.profile import Profile

UTF_16 = (b"\xff\xfe", b"\xfe\xff")
SNIFFED = (",", ";", "\t")
SHOWN, LONGEST = 20, 40
"""How many names of columns an error shows, and how much of each."""
_ENCODE = "save it as UTF-8, or state its encoding in the profile"


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
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise InputError(f"{path} is no file that can be read twice", expected="a file", remedy="save it as one")
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
        if line.cut:
            self.fault = f"the line has {line.size} bytes"
            return "\n"
        try:
            return line.content.decode(self._encoding) + "\n"
        except UnicodeDecodeError:
            self.fault = f"the line is not {self._encoding} text"
            return line.content.decode(self._encoding, "backslashreplace") + "\n"


def _csv_rows(path: Path, profile: Profile) -> Rows:
    with path.open("rb") as stream:
        total = max(count_lines(stream) - 1, 0)
        mark = stream.read(len(BYTE_ORDER_MARK))
        stream.seek(0)
        text = _Text(stream, profile.encoding)
        line = next(text, "")
    _check_first(line, mark, text.fault, path.name, profile.encoding)
    delimiter = profile.delimiter or _sniffed(line)
    header = _header(line, delimiter, path.name)
    for column in profile.columns():
        if column not in header:
            _refuse(f"{path.name} line 1", column, header, profile.columns())
    return Rows(_records(path, profile.encoding, delimiter, header), total)


def _check_first(line: str, mark: bytes, fault: str | None, name: str, encoding: str) -> None:
    """Refuse a file whose first line can be no header, without a word of it: it may hold anybody's name."""
    if mark == BYTE_ORDER_MARK and encoding != "utf-8":
        fault = f"a byte-order mark shows that the file is utf-8, not {encoding}"
    if mark.startswith(UTF_16) or "\0" in line:
        raise InputError(f"{name} is UTF-16 or no text at all", expected="a CSV file", remedy=_ENCODE)
    if fault:
        remedy = _ENCODE if "utf-8" in fault or encoding in fault else "is it a CSV file?"
        raise InputError(f"{name} line 1: {fault}", expected="the names of the columns", remedy=remedy)
    if not line.strip():
        raise InputError(f"{name} line 1 is empty", expected="the names of the columns", remedy="export it again")
    if "\r" in line:
        raise InputError(
            f"{name}: its lines end in carriage returns alone", expected="line feeds", remedy="save it anew"
        )


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
        raise InputError(f"{name} is not UTF-8 text", expected="JSON", remedy="save it as UTF-8") from error
    except RecursionError as error:
        raise InputError(f"{name} is nested too deeply", expected="a list of objects") from error
    except ValueError as error:
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
        where = repr(path) if path else "its top"
        raise InputError(f"{name} has no list at {where}", expected="rows", remedy="correct `records`")
    return found


def _check_record(record: object, where: str, columns: Sequence[str]) -> None:
    if not isinstance(record, dict):
        raise InputError(f"{where} is no object", expected="columns with their values")
    for column in columns:
        try:
            cell(record, column)
        except KeyError:
            _refuse(where, column, [str(name) for name in record], columns)


def _refuse(where: str, column: str, found: Sequence[str], wanted: Sequence[str]) -> NoReturn:
    """Say which column is missing. What was found is shown only if it is a header: a row of data may name somebody."""
    if any(name in found for name in wanted) or {name.split(".")[0] for name in wanted} & set(found):
        told = f"columns found: {', '.join(map(_shown, found[:SHOWN]))}" + (", …" if len(found) > SHOWN else "")
        remedy = "correct the column in the profile, or export the file with it; nothing was published"
    else:
        told = f"nor any other that the profile names, among {len(found)}"
        remedy = "are names and delimiter those of the profile? they are not shown, since they may be data"
    raise InputError(f"{where} has no column {column!r} ({told})", remedy=remedy)


def _shown(name: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in name[:LONGEST]) + "…" * (len(name) > LONGEST)


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number in JSON")
