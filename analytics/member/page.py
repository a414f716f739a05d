"""A member's page as HTML that needs nothing else, runs nothing, and lets nothing in."""

from __future__ import annotations

import base64
import functools
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analytics.member import view
from analytics.member.content import Page
from analytics.member.words import Words

FOLDER = Path(__file__).parent


def html(page: Page, language: str, *, threshold: int) -> str:
    """Return the page in a language; the same page gives the same text.

    Args:
        page: What is known about her.
        language: ``fr``, ``en`` or ``de``.
        threshold: From how many people on reports show a number.

    Raises:
        UsageError: when there are no texts in ``language``.
    """
    words = Words(language)
    template = _environment().get_template("member.html.j2")
    return template.render(
        page=page, words=words, say=words.say, view=view, style=_style(), digest=_digest(), threshold=threshold
    )


@functools.cache
def _environment() -> Environment:
    """Return the templates, compiled once, in which every value is escaped."""
    return Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@functools.cache
def _style() -> Markup:
    return Markup("\n" + (FOLDER / "style.css").read_text(encoding="utf-8"))  # noqa: S704 - our own style sheet


def _digest() -> str:
    """Return the digest by which the page's policy allows its one style sheet."""
    return "sha256-" + base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
