"""The site: the pages of a week, and the same numbers as JSON with their schema beside them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec

from analytics.report.content import Content
from analytics.report.page import page
from analytics.report.words import LOCALES
from analytics.week import Week

SCHEMA = "report.schema.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def folder(site: Path, week: date) -> Path:
    """Return where the report of a week stands: ``<site>/2026/S46``."""
    this = Week(week)
    return site / f"{this.year}" / f"S{this.number:02d}"


def write_report(content: Content, site: Path, languages: Sequence[str] = tuple(LOCALES)) -> list[Path]:
    """Return the files that now hold the report: a page a language, ``report.json`` and its schema.

    Every file appears whole or not at all, and holds nothing of the run: the same content gives the same bytes.

    Raises:
        UsageError: when there are no texts in one of ``languages``; nothing is written then.
    """
    home = folder(site, content.period.monday)
    texts = {home / language / "index.html": page(content, language) for language in languages}
    texts[home / "report.json"] = as_json(content)
    texts[home / SCHEMA] = schema()
    for path, text in texts.items():
        _replace(path, text)
    return list(texts)


def as_json(content: Content) -> str:
    """Return the content as JSON."""
    named = {"$schema": SCHEMA, **msgspec.to_builtins(content)}
    return json.dumps(named, ensure_ascii=False, indent=1) + "\n"


def schema() -> str:
    """Return the JSON Schema of ``report.json``."""
    made = msgspec.json.schema(Content)
    made["$defs"]["Content"]["properties"]["$schema"] = {"type": "string"}
    return json.dumps({"$schema": DIALECT, **made}, ensure_ascii=False, indent=1) + "\n"


def _replace(path: Path, text: str) -> None:
    """Put the text where the path says, in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
