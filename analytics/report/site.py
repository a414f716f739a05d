"""The site: the pages of a week, and the same numbers beside them as JSON with its schema, as CSV and as Parquet."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec

from analytics.report.cards import card_pages
from analytics.report.content import Content
from analytics.report.page import page
from analytics.report.shelf import Files
from analytics.report.tables import table_files
from analytics.report.words import LOCALES
from analytics.week import Week

NUMBERS = "report.json"
SCHEMA = "report.schema.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def folder(site: Path, week: date) -> Path:
    """Return where the report of a week stands: ``<site>/2026/S46``."""
    this = Week(week)
    return site / f"{this.year}" / f"S{this.number:02d}"


def render(content: Content, languages: Sequence[str] = tuple(LOCALES), *, with_map: bool = False) -> Files:
    """Return the files of a report by their paths: a page and the cards of its metrics a language, numbers and tables.

    They hold nothing of the run: the same content gives the same text. With ``with_map``, a page leads to the map that
    stands beside it.

    Raises:
        UsageError: when there are no texts in one of ``languages``.
    """
    pages = {f"{language}/index.html": page(content, language, languages, with_map=with_map) for language in languages}
    numbers = {NUMBERS: as_json(content), SCHEMA: schema()}
    return {**pages, **card_pages(content, languages), **numbers, **table_files(content, languages)}


def as_json(content: Content) -> str:
    """Return the content as JSON."""
    named = {"$schema": SCHEMA, **msgspec.to_builtins(content)}
    return json.dumps(named, ensure_ascii=False, indent=1) + "\n"


def schema() -> str:
    """Return the JSON Schema of ``report.json``."""
    made = msgspec.json.schema(Content)
    made["$defs"]["Content"]["properties"]["$schema"] = {"type": "string"}
    return json.dumps({"$schema": DIALECT, **made}, ensure_ascii=False, indent=1) + "\n"
