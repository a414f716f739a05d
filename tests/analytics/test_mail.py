"""The report by e-mail: the same figures in plain text, in a table and in a drawing, and nothing from elsewhere."""

from __future__ import annotations

import email
import re
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from io import BytesIO

import msgspec
import pytest
from PIL import Image

from analytics.report import Content
from analytics.report.mail import FIGURE, HEAVIEST, as_png, as_text, finding, mail
from analytics.report.words import LOCALES, Words
from tests.analytics.report_region import region, report, told

pytestmark = pytest.mark.integration
ADDRESS = "https://labo.example/maillage/site/2026/S46/fr/index.html"


@pytest.fixture(scope="module")
def content() -> Content:
    return report(region())


def parts(message: EmailMessage) -> dict[str, EmailMessage]:
    """Return the parts of a message as it arrives, by their types."""
    arrived = email.message_from_bytes(message.as_bytes(), policy=default)
    return {part.get_content_type(): part for part in arrived.walk()}


def html(message: EmailMessage) -> str:
    return str(parts(message)["text/html"].get_content())


@pytest.mark.parametrize("language", LOCALES)
def test_a_message_has_its_plain_text_its_page_and_its_drawing_under_100_kb(content: Content, language: str) -> None:
    message = mail(content, language, address=ADDRESS)
    found = parts(message)
    assert list(found) == ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]
    assert len(message.as_bytes()) < HEAVIEST
    assert found["image/png"]["Content-ID"] == f"<{FIGURE}>"
    assert f'lang="{language}"' in html(message)


def test_every_indicator_stands_in_the_text_as_in_the_table(content: Content) -> None:
    words, message = Words("fr"), mail(content, "fr")
    text = str(parts(message)["text/plain"].get_content())
    for row in content.indicators:
        line = next(
            line for line in text.splitlines() if line.startswith(f"- {words.say(f'indicators.{row.name}')}\u00a0:")
        )
        value = words.cell(row.value, row.unit)
        assert f"\u00a0: {value} (" in line
        assert f"<b>{value}</b>" in html(message)


def test_a_mail_program_needs_nothing_but_the_message(content: Content) -> None:
    page = html(mail(content, "fr", address=ADDRESS))
    assert not re.search(r"<style|<link|<script|class=|<svg", page)
    assert re.findall(r'src="(.*?)"', page) == [f"cid:{FIGURE}"]
    assert re.findall(r'href="(.*?)"', page) == [ADDRESS]


def test_without_an_address_no_link_is_made(content: Content) -> None:
    message = mail(content, "fr")
    assert "href" not in html(message)
    assert "http" not in str(parts(message)["text/plain"].get_content())


def test_the_drawing_says_what_it_shows(content: Content) -> None:
    quiet = finding(content.indicators, Words("en"))
    assert quiet == "The last 52 weeks of every indicator. Out of the ordinary: none of them."
    loud = [msgspec.structs.replace(content.indicators[0], verdict="signal_up")]
    assert finding(loud, Words("en")).endswith("Active members (signal, up).")


def test_the_same_indicators_are_drawn_with_the_same_bytes(content: Content) -> None:
    drawn = as_png(content.indicators, Words("fr"))
    assert drawn == as_png(content.indicators, Words("fr"))
    with Image.open(BytesIO(drawn)) as image:
        assert image.width > 600


def test_what_is_to_be_corrected_stands_in_the_subject_and_at_the_top(content: Content) -> None:
    message = mail(msgspec.structs.replace(content, to_correct="<b>Mardi</b> compte double"), "fr")
    assert message["Subject"].startswith("à corriger – ")
    assert "&lt;b&gt;Mardi&lt;/b&gt; compte double" in html(message)
    assert "<b>Mardi</b> compte double" in str(parts(message)["text/plain"].get_content())


def test_an_empty_network_is_told_of_without_table_and_drawing() -> None:
    empty = msgspec.structs.replace(report(told()), indicators=[])
    message = mail(empty, "fr")
    assert "image/png" not in parts(message)
    assert "text/plain" in parts(message)


class _Balance(HTMLParser):
    """Holds what is open."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag not in ("meta", "br", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_closes_what_it_opens(content: Content) -> None:
    assert _Balance(html(mail(content, "de", address=ADDRESS))).open == []


def test_a_suppressed_figure_is_said_in_words_and_its_value_nowhere(content: Content) -> None:
    hidden = [row for row in content.indicators if row.value.mark == "suppressed"]
    assert hidden
    text = as_text(content, Words("fr"), "")
    for row in hidden:
        name = Words("fr").say(f"indicators.{row.name}")
        assert f"- {name}\u00a0: moins de 5" in text
