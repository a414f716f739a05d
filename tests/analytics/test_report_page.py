"""The page: whole in itself, the same every time, readable by everybody, closed to what events might smuggle in."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import jsonschema
import msgspec
import pytest

from analytics.disclosure import Cell
from analytics.report import Content
from analytics.report.content import Spark
from analytics.report.page import page
from analytics.report.recount import command
from analytics.report.sparkline import sparkline
from analytics.report.words import LOCALES
from producers.errors import UsageError
from tests.analytics.report_region import region, report, request, source, told, workshop, write_report

pytestmark = pytest.mark.integration
SIX = ["ann", "bob", "cy", "dee", "eve", "flo"]
SMUGGLED = "<script>alert('x')</script> & $x^2$"
STYLE = Path(__file__).parents[2] / "analytics" / "report" / "style.css"


class Outline(HTMLParser):
    """What a page holds, tag by tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not {"style", "code"} & set(self._open):
            self.words.append(data)

    def all(self, *names: str) -> list[dict[str, str | None]]:
        """Return the attributes of every such tag."""
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.fixture(scope="module")
def content() -> Content:
    return report(region())


@pytest.fixture(scope="module")
def pages(content: Content) -> dict[str, str]:
    return {language: page(content, language) for language in LOCALES}


def test_the_same_content_gives_the_same_bytes(content: Content, tmp_path: Path) -> None:
    first, second = write_report(content, tmp_path / "one"), write_report(report(region()), tmp_path / "two")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_the_files_stand_where_others_look_for_them(content: Content, tmp_path: Path) -> None:
    written = {str(path.relative_to(tmp_path)) for path in write_report(content, tmp_path)}
    home = "2026/S46"
    pages = {f"{each}/{name}.html" for each in LOCALES for name in ("index", "metrics")}
    others = {name for name in written if not name.startswith(f"{home}/tables/")}
    assert others == {f"{home}/{name}" for name in (*pages, "report.json", "report.schema.json")}
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()} == written


def test_the_json_holds_the_same_numbers_and_follows_its_schema(content: Content, tmp_path: Path) -> None:
    written = {path.name: path for path in write_report(content, tmp_path, languages=("fr",))}
    numbers, schema = written["report.json"], written["report.schema.json"]
    found = json.loads(numbers.read_text())
    jsonschema.validate(found, json.loads(schema.read_text()), jsonschema.Draft202012Validator)
    assert found.pop("$schema") == schema.name
    assert msgspec.convert(found, Content) == content


def test_an_unknown_language_writes_nothing(content: Content, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="unknown language 'xx'"):
        write_report(content, tmp_path, languages=("fr", "xx"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("language", LOCALES)
def test_a_page_needs_nothing_from_elsewhere(pages: dict[str, str], language: str) -> None:
    outline = Outline(pages[language])
    assert outline.all("script", "link", "img", "iframe") == []
    wanted = [value for _, attributes in outline.tags for name, value in attributes.items() if name in ("src", "href")]
    assert not [value for value in wanted if value and "//" in value]
    assert "@import" not in pages[language]
    assert "url(http" not in pages[language]


@pytest.mark.parametrize("language", LOCALES)
def test_a_page_can_be_read_without_seeing_it(pages: dict[str, str], language: str) -> None:
    outline = Outline(pages[language])
    assert outline.all("html")[0]["lang"] == language
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(lower <= upper + 1 for upper, lower in pairwise(levels))
    assert all(cell.get("scope") for cell in outline.all("th"))
    assert outline.all("a")[0]["href"] == "#content"
    named = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(named) == len(set(named))


@pytest.mark.parametrize("language", LOCALES)
def test_every_drawing_says_what_it_shows(pages: dict[str, str], language: str) -> None:
    drawings = re.findall(r"<svg [^>]*>.*?</svg>", pages[language], re.DOTALL)
    told_of = [drawing for drawing in drawings if 'role="img"' in drawing]
    assert len(told_of) == len(drawings) - 5  # the keys of the legend are for the eye
    assert all(re.search(r"<title[^>]*>[^<]+</title><desc[^>]*>[^<]+</desc>", drawing) for drawing in told_of)
    assert "Crunch Lab" in told_of[-1].partition("</desc>")[0]


def test_french_is_set_as_french() -> None:
    words = " ".join(Outline(page(report(region()), "fr")).words)
    assert not re.search(r"[^\s\u202f][;!?](?:\s|$)", words)
    assert not re.search(r" [;:!?%»]|« ", words)
    assert not re.search(r"\w:\s", words)
    assert "'" not in words


@pytest.mark.parametrize("language", LOCALES)
def test_events_cannot_bring_mark_up_into_a_page(language: str) -> None:
    quoted = SMUGGLED.replace("'", "''")
    place = f"INSERT INTO place VALUES ('{{}}', '{quoted}', NULL, 'FR', {{}}, 6.0, NULL, NULL, NULL, NULL)"
    network = told(
        source(rhythm="1"),
        *[place.format(name, north) for name, north in (("here", 47.0), ("there", 47.5))],
        workshop(1, "2026-11-10", SIX, skill=quoted),
        workshop(2, "2026-11-11", SIX, place="there", skill=quoted),
        *[request(number, "2026-10-20", member, skill=quoted) for number, member in enumerate(SIX)],
        f"UPDATE input SET title = '{quoted}'",
    )
    made = page(report(network), language)
    assert "<script" not in made
    assert "&lt;script&gt;" in made
    assert "$x^2$" in made


@pytest.mark.parametrize("language", LOCALES)
def test_every_odd_network_has_a_page(language: str) -> None:
    networks = {
        "empty": told(),
        "first week": told(source(), workshop(1, "2026-11-10", SIX)),
        "help alone": told(source(), *[request(number, "2026-10-20", member) for number, member in enumerate(SIX)]),
        "few": told(source(), *[request(number, "2026-10-20", member) for number, member in enumerate(SIX[:4])]),
        "same": told(source(), *[request(number, "2026-10-20", SIX[number % 4]) for number in range(9)]),
        "no place": told(source(), workshop(1, "2026-11-10", SIX, place=None)),
        "silent": told(source(rhythm="7"), workshop(1, "2026-10-20", SIX)),
    }
    for name, network in networks.items():
        words = " ".join(Outline(page(report(network), language)).words)
        assert not re.search(r"\bNone\b|\bnan\b|\{\w*\}", words), name


def test_a_command_survives_the_shell(content: Content) -> None:
    for recount in content.recounts:
        line = command(recount)
        assert line.startswith('maillage sql "SELECT ')
        assert not set("$`!\n") & set(line)
        assert line[14:-1].replace('\\"', "").count('"') == 0


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_every_colour_of_text_stands_out_from_every_ground() -> None:
    palette = dict(re.findall(r"--(\w[\w-]*): (#[0-9a-f]{6})", STYLE.read_text()))
    for ink in ("ink", "soft", "accent", "up", "down"):
        for ground in ("paper", "card", "accent-wash"):
            assert contrast(palette[ink], palette[ground]) >= 4.5, (ink, ground)


def test_a_sparkline_leaves_a_gap_where_nothing_may_be_shown() -> None:
    shown, hidden = Cell(6, "shown"), Cell(None, "suppressed", "count", 5)
    spark = Spark(cells=[shown, shown, hidden, shown, shown], closed=[False] * 5, centre=None, limits=None)
    drawn = sparkline(spark, title="t", finding="f", down=False)
    assert (drawn.count("<path"), drawn.count('class="few"'), drawn.count('class="last"')) == (2, 1, 1)
