"""One page: a content in one language as HTML that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analytics.report import around, cause, course, view
from analytics.report.below import below, card_title
from analytics.report.content import Content
from analytics.report.map_figure import map_figure
from analytics.report.recount import command_of
from analytics.report.skill_figure import skill_figure
from analytics.report.words import ENDONYMS, LOCALES, Words

FOLDER = Path(__file__).parent


def page(content: Content, language: str, languages: Sequence[str] = tuple(LOCALES), *, with_map: bool = False) -> str:
    """Return the page, with a link to itself in each other one of ``languages``; the same content gives the same text.

    With ``with_map`` it leads to the map beside it.

    Raises:
        UsageError: when there are no texts in ``language``.
    """
    words = Words(language)
    template = environment().get_template("page.html.j2")
    return template.render(
        content=content,
        words=words,
        say=words.say,
        html=words.html,
        cell=words.cell,
        table_cell=words.table_cell,
        view=view,
        cause=cause,
        around=around,
        command_of=command_of,
        course=course,
        card_title=card_title,
        stamps=around.stamps(content, words),
        notes=around.notes(content),
        language=language,
        others=[other for other in languages if other != language],
        style=style(),
        skill_figure=skill_figure(content.skills, words),
        map_figure=map_figure(content.places, words),
        with_map=with_map,
        recounts=view.recounts(content, words),
        sections=below(content, words),
    )


@cache
@cache
def environment() -> Environment:
    """Return the templates, compiled once, in which every value is escaped."""
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["endonyms"] = ENDONYMS
    return made


@cache
def style() -> Markup:
    """Return the style sheet, to stand inside a page."""
    return Markup((FOLDER / "style.css").read_text(encoding="utf-8"))  # noqa: S704 - our own style sheet
