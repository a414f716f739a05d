"""The tables as files: the cells of report.json, no others, in forms that other programs read without harm."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.report import Content
from analytics.report.site import as_json, render
from analytics.report.tables import Table, as_csv, as_parquet, table_files, tables
from tests.analytics.report_region import region, report, told

pytestmark = pytest.mark.integration

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "|cmd", "%x"]


@pytest.fixture(scope="module")
def content() -> Content:
    return report(region())


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def read(content: Content, name: str) -> list[dict[str, str]]:
    return rows(as_csv(tables(content)[name]))


def test_the_places_have_the_cells_of_the_page(content: Content) -> None:
    found = read(content, "places_rows")
    assert [row["name"] for row in found] == [place.name for place in content.places.rows]
    for row, place in zip(found, content.places.rows, strict=True):
        assert row["week"] == "2026-W46"
        assert row["members_mark"] == place.members.mark
        assert row["members"] == ("" if place.members.value is None else f"{place.members.value:g}")


def test_every_list_of_rows_is_a_table_even_an_empty_one(content: Content) -> None:
    names = set(tables(content))
    assert {"indicators", "skills_growing", "skills_rare", "places_rows", "places_links", "waiting_themes"} <= names
    assert not {"points", "actions", "recounts"} & names
    empty = tables(report(told()))
    assert {name: list(table.columns) for name, table in empty.items()} == {
        name: list(table.columns) for name, table in tables(content).items() if name in empty
    }


def test_lists_within_a_row_name_what_they_belong_to(content: Content) -> None:
    found = read(content, "indicators_spark_cells")
    assert len(found) == 52 * len(content.indicators)
    assert found[0] | {"value": "", "value_mark": ""} == {
        "week": "2026-W46",
        "of_name": "active_members",
        "position": "1",
        "value": "",
        "value_mark": "",
    }
    partners = read(content, "places_rows_partners")
    assert {"week", "of_name", "position", "name", "people", "people_mark"} == set(partners[0])


def test_a_suppressed_cell_has_no_number_in_any_file(content: Content) -> None:
    empty = 0
    for name, table in tables(content).items():
        columns = list(table.columns)
        for row in table.rows:
            for place, column in enumerate(columns):
                if column.endswith("_mark") and row[place] in ("suppressed", "missing"):
                    empty += 1
                    assert row[place - 1] is None, (name, column)
    assert empty > 10


def test_both_forms_say_the_same(content: Content) -> None:
    for name, table in tables(content).items():
        found = pq.read_table(io.BytesIO(as_parquet(table)))
        assert found.column_names == list(table.columns)
        assert [tuple(row.values()) for row in found.to_pylist()] == table.rows, name


def test_no_number_stands_in_a_table_that_is_not_in_the_json(content: Content) -> None:
    told_of = set(_numbers(json.loads(as_json(content)))) | set(range(1, 60))
    for name, table in tables(content).items():
        for row in table.rows:
            assert {value for value in row if isinstance(value, float | int)} <= told_of, name


def _numbers(part: Any) -> list[float]:  # noqa: ANN401 - JSON is anything
    if isinstance(part, dict | list):
        return [number for each in (part.values() if isinstance(part, dict) else part) for number in _numbers(each)]
    return [part] if isinstance(part, int | float) else []


@pytest.mark.parametrize("text", FORMULAS)
def test_a_name_that_a_spreadsheet_would_run_starts_with_an_apostrophe(content: Content, text: str) -> None:
    place = msgspec.structs.replace(content.places.rows[0], name=text, partners=[])
    forged = msgspec.structs.replace(content, places=msgspec.structs.replace(content.places, rows=[place]))
    assert read(forged, "places_rows")[0]["name"] == f"'{text}"


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_any_text_comes_back_as_it_was_or_with_its_apostrophe(text: str) -> None:
    table = Table({"a": pa.string(), "b": pa.string()}, [(text, "next")])
    (row,) = rows(as_csv(table))
    assert row["a"] in (text, f"'{text}")
    assert row["a"][:1] not in tuple("=+-@\t\r\n")
    assert row["b"] == "next"


def test_lines_end_as_the_norm_says(content: Content) -> None:
    text = as_csv(tables(content)["places_rows"])
    assert text.endswith("\r\n")
    assert text.count("\n") == text.count("\r\n") == 1 + len(content.places.rows)


def test_the_same_content_gives_the_same_bytes(content: Content) -> None:
    assert table_files(content, ["fr"]) == table_files(content, ["fr"])


def test_every_table_is_linked_from_their_list_in_both_forms(content: Content) -> None:
    files = render(content, ("fr", "en"))
    for language in ("fr", "en"):
        page = str(files[f"tables/{language}.html"])
        for name in tables(content):
            assert f'href="{name}.csv"' in page
            assert f'href="{name}.parquet"' in page


def test_partners_are_those_of_their_place(content: Content) -> None:
    first = content.places.rows[0]
    found = [row["name"] for row in read(content, "places_rows_partners") if row["of_name"] == first.name]
    assert found == [partner.name for partner in first.partners]
