"""The page of metric cards: what each figure says, what it does not, and how it is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from analytics.card import Example, cards, told
from analytics.metrics import LAYERS, METRICS
from analytics.metrics.metric import Metric
from analytics.report.content import Content
from analytics.report.page import environment, style
from analytics.report.words import LOCALES, Words
from analytics.week import Week

PAGE = "metrics.html"
"""Name of the page, beside that of the report; a metric is found under its name as an anchor."""
FAMILIES = ("tie", "structure", "path", "skill", "welcome")
READS = {
    "workshop.held": "workshop_held",
    "machine.used": "machine_used",
    "help.requested": "help_requested",
    "help.answered": "help_answered",
    "help.closed": "help_closed",
    "skill.declared": "skill_declared",
    "skill.certified": "skill_certified",
    "skill.lapsed": "skill_lapsed",
}
"""What kinds of activity are called among the words."""
TIE, ARROW = "–", "→"


@dataclass(frozen=True)
class Shown:
    """One card in words."""

    name: str
    title: str
    says: str
    says_not: str
    rows: list[tuple[str, str]]


def card_pages(content: Content, languages: Sequence[str] = tuple(LOCALES)) -> dict[str, str]:
    """Return the page of cards of each language by its path in the week's folder."""
    return {f"{language}/{PAGE}": cards_page(content, language, languages) for language in languages}


def cards_page(content: Content, language: str, languages: Sequence[str] = tuple(LOCALES)) -> str:
    """Return the page with one card a metric; the same week and language give the same text.

    Raises:
        UsageError: when there are no texts in ``language``.
    """
    words = Words(language)
    monday = content.period.monday
    return (
        environment()
        .get_template("cards.html.j2")
        .render(
            words=words,
            say=words.say,
            language=language,
            others=[other for other in languages if other != language],
            style=style(),
            week=words.say(
                "page.week", number=str(Week(monday).number), dates=words.dates(monday, content.period.sunday)
            ),
            families=families(words),
            query=_query(monday),
        )
    )


def families(words: Words) -> list[tuple[str, str, list[Shown]]]:
    """Return the name and the title of each family with its cards, in the order of ``METRICS``."""
    ordered = sorted(METRICS.values(), key=lambda metric: FAMILIES.index(metric.family))
    return [
        (family, words.say(f"cards.{family}"), [card(metric, words) for metric in found])
        for family, found in groupby(ordered, key=lambda metric: metric.family)
    ]


def card(metric: Metric, words: Words) -> Shown:
    """Return the card of a metric in words."""
    more, language = cards()[metric.name], words.language
    example = drawn(more.example, more.title[language], words) if more.example else (more.case or {}).get(language)
    rows = {
        "formula": told(more.formula, language),
        "unit": more.unit[language],
        "range": told(more.range, language),
        "reads": words.listed([words.say(f"cards.{READS[kind]}") for kind in metric.reads]),
        "weeks": _weeks(metric, words),
        "layers": _layers(metric, words),
        "pitfall": more.pitfall[language],
        "example": example,
        "source": more.source,
        "version": words.say("cards.made", version=metric.version, code=_code(metric)),
    }
    texts = [(words.say(f"cards.{name}"), words.typeset(text)) for name, text in rows.items() if text]
    return Shown(
        metric.name,
        words.typeset(more.title[language]),
        words.typeset(more.says[language]),
        words.typeset(more.says_not[language]),
        texts,
    )


def drawn(example: Example, title: str, words: Words) -> str:
    """Return a worked example as text: its ties, then the value of the node or of the network that it is about."""
    line = ARROW if LAYERS[example.layer].directed else TIE
    ties = ", ".join(
        f"{source}{line}{target}" + (f" ({words.exact(strength)})" if strength != 1 else "")
        for source, target, strength in example.frame.itertuples(index=False)
    )
    whole = example.of == "network"
    of = words.say("cards.network") if whole else words.say("cards.node", node=example.of)
    return words.say("cards.worked", ties=ties, of=of, title=title, value=words.exact(example.value))


def _weeks(metric: Metric, words: Words) -> str:
    if metric.reach == "window":
        return words.say("cards.window")
    return words.say("cards.reach", count=metric.reach, value=words.number(metric.reach))


def _layers(metric: Metric, words: Words) -> str:
    if len(metric.layers) == len(LAYERS):
        return words.say("cards.every_layer")
    return words.listed([words.say(f"cards.{layer}") for layer in metric.layers])


def _code(metric: Metric) -> str:
    """Return the function that computes it, with its module."""
    return f"{metric.compute.__module__}.{metric.compute.__name__}"


def _query(monday: date) -> str:
    """Return the command that gives every value of a metric in the week."""
    return (
        'maillage sql "SELECT layer, subject, value, low, high, n FROM metric_value '
        f"WHERE metric = 'gap' AND week = DATE '{monday.isoformat()}' ORDER BY ALL\""
    )
