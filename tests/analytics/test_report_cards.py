"""The page of cards: every metric has its own, in every language, and an example that is drawn."""

from __future__ import annotations

import pytest

from analytics.card import cards
from analytics.metrics import METRICS
from analytics.report.cards import FAMILIES, READS, card, card_pages, drawn
from analytics.report.check import complaints
from analytics.report.content import Content
from analytics.report.words import LOCALES, Words
from tests.analytics.report_region import report, source, told, workshop
from tests.analytics.test_report_page import Outline


@pytest.fixture(scope="module")
def content() -> Content:
    return report(told(source(), workshop(1, "2026-11-10", ["ann", "bob", "cy", "dee", "eve", "flo"])))


@pytest.fixture(scope="module")
def pages(content: Content) -> dict[str, str]:
    return card_pages(content)


def test_every_metric_is_found_under_its_name_in_every_language(pages: dict[str, str]) -> None:
    assert list(pages) == [f"{language}/metrics.html" for language in LOCALES]
    for text in pages.values():
        articles = [attributes["id"] for attributes in Outline(text).all("article")]
        assert sorted(str(name) for name in articles) == sorted(METRICS)


def test_what_metrics_rest_on_and_their_families_have_words() -> None:
    assert {kind for metric in METRICS.values() for kind in metric.reads} <= READS.keys()
    assert {metric.family for metric in METRICS.values()} <= set(FAMILIES)


def test_nobody_complains_about_the_cards(pages: dict[str, str], content: Content) -> None:
    report_pages = {f"{language}/index.html": f'<html lang="{language}"></html>' for language in LOCALES}
    assert complaints({**pages, **report_pages}) == []
    assert card_pages(content) == pages


def test_an_example_is_drawn_with_the_line_of_its_layer() -> None:
    gap = cards()["strength"].example
    assert gap
    assert drawn(gap, "Strength", Words("en")) == "a–b (0.5), a–c (2). Strength, for a: 2.5."
    assert drawn(gap, "Intensité", Words("fr")) == "a–b (0,5), a–c (2). Intensité, pour a\u00a0: 2,5."


@pytest.mark.parametrize("language", LOCALES)
def test_a_card_says_what_it_reads_and_what_computes_it(language: str) -> None:
    rows = dict(card(METRICS["answer_share"], Words(language)).rows)
    assert "analytics.metrics.waiting.waiting" in " ".join(rows.values())
    assert any("26" in text for text in rows.values())
    assert len(rows) >= 8
