"""The plugin's own pages: one sentence on what is the matter and one on what to do, in the reader's language."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from fastapi import Header, Query
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from dags.plugin.shelf import LANGUAGES

Said = Literal["empty", "absent", "foreign", "unknown", "coming", "working", "waiting", "failed", "lost"]
FOLDER = Path(__file__).parent
SOON = 20
"""Seconds until a page that tells of work in hand looks again."""
PASSING = ("coming", "working", "waiting")
CODES: dict[Said, int] = {"absent": 404, "unknown": 404}


def preferred(
    lang: Annotated[str, Query()] = "", accepted: Annotated[str, Header(alias="Accept-Language")] = ""
) -> str:
    """Return the language of ``lang``, else the first one that the browser asks for and the report has."""
    asked = [each.strip()[:2].lower() for each in (lang, *accepted.split(","))]
    return next((each for each in asked if each in LANGUAGES), LANGUAGES[0])


def message(said: Said, language: str, *, links: Mapping[str, str] | None = None, **values: str) -> HTMLResponse:
    """Return a page that says so, with links by their names in ``words.yaml``."""
    words = _words()[language]
    named = {words["links"][name]: address for name, address in (links or {}).items()}
    made = _template().render(
        {name: text.format(**values) for name, text in words[said].items()},
        links=named,
        language=language,
        again=SOON if said in PASSING else 0,
    )
    return HTMLResponse(made, CODES.get(said, 200))


@functools.cache
def _words() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / "words.yaml").read_text(encoding="utf-8"))
    return found


@functools.cache
def _template() -> Template:
    loader = FileSystemLoader(FOLDER)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.get_template("page.html.j2")
