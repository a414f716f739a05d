"""Type as print sets it in French and in the German of Switzerland, on every page of a week and in the e-mail."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser

import pytest

from analytics.card import cards
from analytics.report.mail import as_text, subject
from analytics.report.page import page
from analytics.report.site import render
from analytics.report.words import LOCALES, Words
from tests.analytics.report_region import region, report

NARROW, FULL = "\u202f", "\u00a0"
APART = {"style", "code", "script", "pre"}
OURS = re.compile(r"maillage \w+|https?://\S+|[\w-]+\.(?:html|json|csv|yaml)|EI \w+|\d{1,2}:\d{2}")
"""What is no prose: commands, addresses, names of files, times."""
PRINTED = ("index.html", "metrics.html")


class Prose(HTMLParser):
    """The texts of a page, one for each run of letters."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.runs: list[str] = []
        self._apart: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in APART or dict(attrs).get("lang"):
            self._apart.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._apart and self._apart[-1] == tag:
            self._apart.pop()

    def handle_data(self, data: str) -> None:
        if not set(self._apart) & APART:
            self.runs.append(OURS.sub("", data))


def quoted() -> set[str]:
    """Return what the cards quote in the words of others, and their formulas."""
    texts = [each for card in cards().values() for each in (card.source, card.formula, card.range)]
    every = [text for each in texts if each for text in ([each] if isinstance(each, str) else each.values())]
    return {set_as for text in every for set_as in (text, *(Words(language).typeset(text) for language in LOCALES))}


@pytest.fixture(scope="module")
def prose() -> dict[str, str]:
    """Give all that is read in a language: pages, cards, the e-mail."""
    content = report(region())
    files = render(content)
    cited = {OURS.sub("", text).strip() for text in quoted()}
    found = {}
    for language in LOCALES:
        words = Words(language)
        pages = [str(files[f"{language}/{name}"]) for name in PRINTED]
        runs = [run for text in pages for run in Prose(text[text.index("<body") :]).runs if run.strip() not in cited]
        found[language] = "\n".join([*runs, as_text(content, words, ""), subject(content, words)])
    return found


def wrong(pattern: str, text: str) -> list[str]:
    """Return what a pattern finds, with what stands around it."""
    return [text[max(0, each.start() - 25) : each.end() + 10] for each in re.finditer(pattern, text)]


def test_french_puts_a_space_that_does_not_break_before_high_punctuation(prose: dict[str, str]) -> None:
    assert wrong(rf"[^\s{NARROW}{FULL}!?;:][;!?](?=\s|$)", prose["fr"]) == []
    assert wrong(rf"[^\s{NARROW}{FULL}\d]:(?=\s|$)", prose["fr"]) == []
    assert wrong(r" [;:!?%»]", prose["fr"]) == []
    assert f"{NARROW};" in prose["fr"]


def test_french_guillemets_hold_their_words(prose: dict[str, str]) -> None:
    assert wrong(rf"«[^{NARROW}{FULL}]", prose["fr"]) == []
    assert wrong(rf"[^{NARROW}{FULL}]»", prose["fr"]) == []
    assert wrong(r"[\"“”„']", prose["fr"]) == []


def test_a_share_never_parts_from_its_sign(prose: dict[str, str]) -> None:
    for language, space in (("fr", f"[{NARROW}{FULL}]"), ("de", FULL)):
        assert re.search(rf"\d{space}%", prose[language])
        assert wrong(r"\d ?%", prose[language]) == []


def test_decimals_have_the_sign_of_the_language(prose: dict[str, str]) -> None:
    assert wrong(r"\b\d+\.\d+\b(?!\.\d)", prose["fr"]) == []
    assert wrong(r"(?<![\d,;] )\b\d+,\d+\b", prose["de"]) == []
    assert [Words(language).number(12345.5) for language in ("fr", "de")] == [f"12{NARROW}345,5", "12’345.5"]


def test_the_german_of_switzerland_has_no_sharp_s_and_its_own_quotes(prose: dict[str, str]) -> None:
    assert wrong(r"[ß„“”\"']", prose["de"]) == []
    assert wrong(r"« | »| [:;?!]", prose["de"]) == []


def test_a_line_does_not_break_between_a_day_and_its_month(prose: dict[str, str]) -> None:
    months = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
    assert wrong(rf"\d\. (?:{months})", prose["de"]) == []
    assert re.search(rf"\d\.{FULL}(?:{months})", prose["de"])
    assert Words("de").day(date(2026, 9, 29)) == f"29.{FULL}September"


def test_a_minus_is_a_minus(prose: dict[str, str]) -> None:
    for language in ("fr", "de"):
        assert wrong(r"(?<![\w\d.])-\d", prose[language]) == [], language


def test_the_pages_of_the_languages_show_the_same_figures() -> None:
    content = report(region())
    shown = {language: figures_of(page(content, language), language) for language in LOCALES}
    assert len(shown["fr"]) > 100
    assert shown["fr"] == shown["en"] == shown["de"]


def figures_of(text: str, language: str) -> list[str]:
    """Return the numbers in the cells of all tables, written alike."""
    cells = re.findall(r"<td[^>]*>(.*?)</td>", re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL), re.DOTALL)
    bare = [re.sub(r"<[^>]+>", " ", cell) for cell in cells]
    point = {"fr": ",", "en": ".", "de": "."}[language]
    group = {"fr": NARROW, "en": ",", "de": "’"}[language]
    numbers = [
        re.findall(rf"\d[\d{group}]*(?:\{point}\d+)?", cell) for cell in bare if not re.search("[A-Za-zÀ-ÿ]{4}", cell)
    ]
    return [each.replace(group, "").replace(point, ".") for found in numbers for each in found]
