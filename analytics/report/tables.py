"""The tables of a report as CSV and Parquet: one for every list of rows in ``report.json``, with the same cells.

A cell takes two columns: its number, empty where none may be shown, and under ``…_mark`` whether it is shown,
suppressed, missing or a zero. Lists within a row are tables of their own, a row for each place in the list, headed by
the name of the row that they belong to. Every table starts with the week, so that those of many weeks can be joined.
"""

from __future__ import annotations

import csv
import io
import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import Struct

from analytics.disclosure import Cell
from analytics.report import view
from analytics.report.content import Content
from analytics.report.page import environment, style
from analytics.report.shelf import Files
from analytics.report.words import Words

FOLDER = "tables"
_APART = {"points", "actions", "recounts", "changes"}
"""Lists of sentences and commands, which are no tables."""
_KINDS = {
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    str: pa.string(),
    date: pa.date32(),
    datetime: pa.timestamp("us", tz="UTC"),
}
_ACTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""What a spreadsheet may take for the beginning of a formula."""

Value = bool | int | float | str | date | datetime | None


@dataclass
class Table:
    """Columns with their types, and rows."""

    columns: dict[str, pa.DataType] = field(default_factory=dict)
    rows: list[tuple[Value, ...]] = field(default_factory=list)


def table_files(content: Content, languages: Sequence[str]) -> Files:
    """Return the tables of a report as files by their paths, and a page a language that lists them.

    The same content gives the same bytes.
    """
    found = tables(content)
    files: dict[str, str | bytes] = {}
    for name, table in found.items():
        files[f"{FOLDER}/{name}.csv"] = as_csv(table)
        files[f"{FOLDER}/{name}.parquet"] = as_parquet(table)
    return files | {f"{FOLDER}/{language}.html": _list(found, content, language) for language in languages}


def tables(content: Content) -> dict[str, Table]:
    """Return every table of a report by its name; one without rows has its columns all the same."""
    found: dict[str, Table] = {}
    lead: Lead = {"week": (content.period.week, pa.string())}
    for path, kind, rows in _lists(content, Content, ()):
        if path[0] not in _APART:
            _fill(found, "_".join(path), kind, rows, lead)
    for path, kind, struct in _structs(content, Content, ()):
        _side_by_side(found, "_".join(path), kind, struct, lead)
    return found


def _list(found: dict[str, Table], content: Content, language: str) -> str:
    words = Words(language)
    template = environment().get_template("tables.html.j2")
    week = view.week(content, words)
    return template.render(words=words, say=words.say, language=language, week=week, tables=found, style=style())


def as_csv(table: Table) -> str:
    """Return a table as CSV (RFC 4180); a text that may be taken for a formula starts with an apostrophe."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([_written(value) for value in row] for row in table.rows)
    return buffer.getvalue()


def as_parquet(table: Table) -> bytes:
    """Return a table as Parquet."""
    schema = pa.schema(list(table.columns.items()))
    values = zip(*table.rows, strict=True) if table.rows else ([] for _ in table.columns)
    arrays = [pa.array(column, type=each.type) for column, each in zip(values, schema, strict=True)]
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), buffer, compression="zstd")
    return buffer.getvalue()


def _written(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_ACTS) else value
    return repr(int(value)) if value == int(value) else repr(value)


def _lists(struct: Struct, kind: type, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], type, Sequence[Any]]]:
    """Give the lists of rows in a struct and in the structs within it, with the type of a row."""
    for name, hint in _fields(kind):
        value, one = getattr(struct, name), _row_type(hint)
        if one is not None:
            yield (*path, name), one, value
        elif isinstance(value, Struct):
            yield from _lists(value, type(value), (*path, name))


def _structs(struct: Struct | None, kind: type, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], type, Any]]:
    """Give the structs within a struct, with their types; None for one that is not there."""
    for name, hint in _fields(kind):
        if hint is not Cell and _is_struct(hint):
            value = getattr(struct, name) if struct is not None else None
            yield (*path, name), hint, value
            yield from _structs(value, hint, (*path, name))


def _side_by_side(found: dict[str, Table], name: str, kind: type, struct: Struct | None, lead: Lead) -> None:
    """Add the lists of bare numbers of a struct as columns of one table, and each list of cells as one of its own."""
    numbers = [each for each, hint in _fields(kind) if hint == list[float]]
    if numbers:
        table = found[name] = Table({each: of for each, (_, of) in lead.items()} | dict.fromkeys(numbers, pa.float64()))
        values = zip(*(getattr(struct, each) for each in numbers), strict=True) if struct is not None else ()
        table.rows = [(*(value for value, _ in lead.values()), *row) for row in values]
    for each in [each for each, hint in _fields(kind) if hint == list[Cell]]:
        cells = getattr(struct, each) if struct is not None else []
        _fill(found, f"{name}_{each}", Cell, [], lead | {"position": (0, pa.int64())})
        for number, cell in enumerate(cells, start=1):
            _fill(found, f"{name}_{each}", Cell, [cell], lead | {"position": (number, pa.int64())})


Lead = dict[str, tuple[Value, pa.DataType]]
"""The first columns of a row: what it belongs to."""


def _fill(found: dict[str, Table], name: str, kind: type, rows: Sequence[Any], lead: Lead) -> None:
    """Add rows of one type to their table, and the lists within them to tables of their own."""
    table = found.setdefault(name, Table())
    table.columns = {each: of for each, (_, of) in lead.items()} | dict(_columns(kind))
    for row in rows:
        table.rows.append((*(value for value, _ in lead.values()), *_values(row, kind)))
    heads = [each for each, hint in _fields(kind) if hint is str][:1]
    for inner, hint in _inner(kind):
        below = f"{name}_{'_'.join(inner)}"
        _fill(found, below, hint, [], _own(None, heads, lead, 0))
        for row in rows:
            for number, each in enumerate(_reach(row, inner), start=1):
                _fill(found, below, hint, [each], _own(row, heads, lead, number))


def _own(row: object, heads: Sequence[str], lead: Lead, number: int) -> Lead:
    """Return the first columns of what stands at one place of a list within a row."""
    names: Lead = {f"of_{head}": (getattr(row, head, None), pa.string()) for head in heads}
    return lead | names | {"position": (number, pa.int64())}


def _inner(kind: type, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], type]]:
    """Give the lists within a row, and within its structs."""
    for name, hint in _fields(kind):
        one = get_args(hint)[0] if get_origin(hint) is list else None
        if one is not None and one is not str:
            yield (*path, name), one
        elif _is_struct(hint):
            yield from _inner(hint, (*path, name))


def _reach(row: object, path: Sequence[str]) -> Sequence[Any]:
    for name in path:
        row = getattr(row, name)
    return row  # type: ignore[return-value]  # the last one is a list, says _inner


@cache
def _fields(kind: type) -> list[tuple[str, Any]]:
    """Return the fields of a struct with their bare types."""
    if not _is_struct(kind):
        return [("value", kind)]
    return [(name, _bare(hint)) for name, hint in get_type_hints(kind, include_extras=True).items()]


def _bare(hint: Any) -> Any:  # noqa: ANN401 - a type hint is anything
    """Return a type without its description, and without None as another choice."""
    if get_origin(hint) is Annotated:
        return _bare(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return _bare(next(each for each in get_args(hint) if each is not type(None)))
    return str if get_origin(hint) is Literal else hint


def _row_type(hint: Any) -> type | None:  # noqa: ANN401 - a type hint is anything
    """Return the struct that a list is of; None for anything else."""
    of = get_args(hint)[0] if get_origin(hint) is list else None
    return of if of is not None and _is_struct(of) else None


def _is_struct(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _columns(kind: type, before: str = "") -> Iterator[tuple[str, pa.DataType]]:
    for name, hint in _fields(kind):
        column = f"{before}{name}"
        if hint is Cell:
            yield from ((column, pa.float64()), (f"{column}_mark", pa.string()))
        elif _is_struct(hint):
            yield from _columns(hint, f"{column}_")
        elif hint == list[str]:
            yield column, pa.string()
        elif hint in _KINDS:
            yield column, _KINDS[hint]


def _values(row: Any, kind: type) -> Iterator[Value]:  # noqa: ANN401 - a row of any table
    """Give the values of a row in the order of ``_columns``; a struct that is not there leaves its columns empty."""
    for name, hint in _fields(kind):
        value = (getattr(row, name) if _is_struct(kind) else row) if row is not None else None
        if hint is Cell:
            yield from (value.value, value.mark) if isinstance(value, Cell) else (None, None)
        elif _is_struct(hint):
            yield from _values(value, hint)
        elif hint == list[str]:
            yield "; ".join(value) if value is not None else None
        elif hint in _KINDS:
            yield value
