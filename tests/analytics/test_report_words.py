"""The words: the same in every language, all used, and numbers as each language writes them."""

from __future__ import annotations

import re
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from analytics.disclosure import Cell
from analytics.holiday import FIXED, MOVABLE
from analytics.metrics import LAYERS
from analytics.report.words import LOCALES, Text, Words, texts
from producers.errors import UsageError

FOLDER = Path(__file__).parents[2] / "analytics" / "report"
SAID_BY_NAME = (
    *("points", "actions", "verdicts", "indicators", "recount", "skills", "cell", "cards", "below"),
    *("tasks", "trends", "order", "door", "events", "holidays", "glossary"),
)
"""Parts whose keys are put together from names that the content holds."""

ALIKE = {
    ("fr", "en"): {"page.brand", "indicators.verdict", "trends.verdict", "waiting.sum"},
    ("fr", "de"): {"page.brand", "waiting.sum"},
    ("en", "de"): {"page.brand", "waiting.sum", "places.workshops", "glossary.median"},
}
"""What is the same word in two languages."""


def forms(text: Text) -> list[str]:
    return [text] if isinstance(text, str) else list(text.values())


def filled(text: Text) -> set[str]:
    """Return the names of the places to fill."""
    return {name for form in forms(text) for name in re.findall(r"{(\w+)}", form)}


def test_every_language_has_the_same_texts_with_the_same_places_to_fill() -> None:
    french, *others = (texts(language) for language in LOCALES)
    for other in others:
        assert other.keys() == french.keys()
        for key in french:
            assert filled(other[key]) == filled(french[key]), key


def test_every_text_is_said_somewhere() -> None:
    code = "\n".join(path.read_text() for path in sorted(FOLDER.rglob("*")) if path.suffix in (".py", ".j2"))
    said = set(re.findall(r"""["'](\w+(?:\.\w+)+)["']""", code))
    names = set(re.findall(r"""["'](\w+)["']""", code))
    names |= {*LAYERS, *FIXED, *MOVABLE}
    for key in texts("fr").keys() - said:
        part, *rest = key.split(".")
        stems = {rest[0], rest[0].rpartition("_")[0], rest[0].removeprefix("group_"), rest[0].removeprefix("between_")}
        stems |= {rest[0].removeprefix("short_"), rest[0].removesuffix("_text")}
        assert part in SAID_BY_NAME, key
        assert stems & names, key


@pytest.mark.parametrize(("one", "other"), list(combinations(LOCALES, 2)))
def test_no_text_was_left_untranslated(one: str, other: str) -> None:
    alike = {key for key, text in texts(one).items() if text == texts(other)[key]}
    wordy = {key for key in alike if re.search("[a-z]{3}", re.sub("{.*?}", "", str(texts(one)[key])))}
    assert wordy == ALIKE[one, other]


def test_german_is_spelt_as_in_switzerland() -> None:
    said = "".join(form for text in texts("de").values() for form in forms(text))
    assert not set(said) & set("ß„“”'")
    assert Words("de").skill("welding") == "Schweissen"
    assert not re.search(r"« | »|\d %| [:;?!]", said)


def test_numbers_are_written_as_the_language_writes_them() -> None:
    french, english, german = Words("fr"), Words("en"), Words("de")
    assert (french.number(12345.5), english.number(12345.5)) == ("12\u202f345,5", "12,345.5")
    assert (french.number(-3), english.share(0.475)) == ("\u22123", "48%")
    assert french.share(0.475) == german.share(0.475) == "48\u00a0%"
    assert (german.number(12345.5), german.index(-0.25)) == ("12\u2019345.5", "\u22120.25")
    assert [english.ratio(value) for value in (3.27, 0.2, 0.98, 14.6)] == ["×3.3", "÷5.0", "×1.0", "×15"]


@pytest.mark.parametrize(
    ("first", "last", "french", "english", "german"),
    [
        (
            date(2026, 11, 9),
            date(2026, 11, 15),
            "9–15 novembre 2026",
            "9–15 November 2026",
            "9.–15.\u00a0November 2026",
        ),
        (date(2026, 6, 1), date(2026, 6, 7), "1er–7 juin 2026", "1–7 June 2026", "1.–7.\u00a0Juni 2026"),
        (
            date(2026, 11, 30),
            date(2026, 12, 6),
            "30 novembre – 6 décembre 2026",
            "30 November – 6 December 2026",
            "30.\u00a0November – 6.\u00a0Dezember 2026",
        ),
        (
            date(2026, 12, 28),
            date(2027, 1, 3),
            "28 décembre 2026 – 3 janvier 2027",
            "28 December 2026 – 3 January 2027",
            "28.\u00a0Dezember 2026 – 3.\u00a0Januar 2027",
        ),
    ],
)
def test_a_week_is_written_with_its_days(first: date, last: date, french: str, english: str, german: str) -> None:
    assert [Words(language).dates(first, last) for language in ("fr", "en", "de")] == [french, english, german]


def test_a_weekday_stands_before_the_day() -> None:
    written = [Words(language).weekday(date(2026, 11, 15)) for language in ("fr", "en", "de")]
    assert written == ["dimanche 15 novembre", "Sunday 15 November", "Sonntag, 15.\u00a0November"]


def test_hidden_missing_and_zero_never_read_alike() -> None:
    kinds = [Cell(None, "suppressed", "count", 5), Cell(None, "missing"), Cell(0.0, "zero"), Cell(5.0, "shown")]
    for language in LOCALES:
        words = Words(language)
        assert len({words.cell(cell) for cell in kinds}) == len({words.table_cell(cell) for cell in kinds}) == 4


def test_one_is_singular_and_nought_follows_the_language() -> None:
    assert Words("fr").say("places.others", count=0, value="0") == "0 autre lieu n’est pas listé."
    assert Words("en").say("places.others", count=0, value="0") == "0 more places are not listed."
    assert Words("en").say("places.others", count=1, value="1") == "1 more place is not listed."


def test_values_bring_no_mark_up_into_a_text() -> None:
    assert "<i>" not in Words("fr").html("status.complete", day="<i>lundi</i>")


def test_an_unknown_language_or_text_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="unknown language 'it'"):
        Words("it")
    with pytest.raises(UsageError, match=r"no text 'a\.b'"):
        Words("fr").say("a.b")
