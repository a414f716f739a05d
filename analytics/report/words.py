"""The words of the report: every text in one file a language, numbers and dates as that language writes them."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import yaml
from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup

from analytics.disclosure import Cell
from analytics.week import PARIS
from producers.errors import UsageError, unknown
from producers.vocabulary import label

FOLDER = Path(__file__).parent / "words"
LOCALES = {"fr": "fr_FR", "en": "en_GB", "de": "de_CH"}
"""The languages, the first one first. German is that of Switzerland, where its readers are: 12’345.6, «», no ß."""
ENDONYMS = {"fr": "Français", "en": "English", "de": "Deutsch"}
"""What a language calls itself."""
PLURALS = {"one", "other"}
NO_BREAK = "\u00a0"
MINUS = "\u2212"
ENDLESS = 100
"""From here on a factor says no more than that it is large."""
LEVEL = 0.95
"""Above this a ratio below 1 is written ×1.0: nothing would be left of it after the comma."""
FRENCH = (
    (re.compile(r" ([;!?])"), "\u202f\\1"),
    (re.compile(r" ([:%»])"), "\u00a0\\1"),
    (re.compile(r"« "), "«\u00a0"),
)
"""French sets a thin space before ; ! ? and a full one before : and inside guillemets, neither of which breaks."""
GERMAN = ((re.compile(r"(?<=\d) %"), "\u00a0%"), (re.compile("ß"), "ss"))
"""German keeps a percentage on one line; Switzerland writes no ß, which the vocabulary of skills has."""
SETTING = {"fr": FRENCH, "de": GERMAN}
PERCENT = {"de": "#,##0\u00a0%"}
"""What Babel leaves out in Swiss German: the space that printers and the Federal Chancellery set before the sign."""

CONTRACTED = (
    (re.compile(r"^de Le "), "du "),
    (re.compile(r"^de Les "), "des "),
    (re.compile(r"^de (?=[AEIOUYÀÂÄÆÉÈÊËÎÏÔÖŒÙÛÜ])", re.IGNORECASE), "d\u2019"),
)
"""French draws "de" together with the article or the vowel that follows."""

Text = str | Mapping[str, str]


class Words:
    """The texts and the number formats of one language."""

    def __init__(self, language: str) -> None:
        if language not in LOCALES:
            raise UsageError(unknown("language", language, LOCALES))
        self.language = language
        self.locale = Locale.parse(LOCALES[language])
        self._texts = texts(language)

    def say(self, key: str, *, count: float | None = None, **values: str) -> str:
        """Return the text of ``key`` as plain text; ``count`` chooses between singular and plural."""
        return self._text(key, count).format(**values)

    def html(self, key: str, *, count: float | None = None, **values: str) -> Markup:
        """Return the text of ``key`` with its own mark-up, and none from the values."""
        return Markup(self._text(key, count)).format(**values)  # noqa: S704 - the text is ours, values are escaped

    def number(self, value: float) -> str:
        """Return a number with one decimal at most."""
        return format_decimal(value, format="#,##0.#", locale=self.locale).replace("-", MINUS)

    def exact(self, value: float) -> str:
        """Return a number with up to four decimals, where the reader works it out by hand."""
        return format_decimal(value, format="#,##0.####", locale=self.locale).replace("-", MINUS)

    def share(self, value: float) -> str:
        """Return a share as a whole percentage."""
        return format_percent(value, format=PERCENT.get(self.language), locale=self.locale).replace("-", MINUS)

    def index(self, value: float) -> str:
        """Return a number with two decimals."""
        return format_decimal(value, format="0.00", locale=self.locale).replace("-", MINUS)

    def ratio(self, value: float) -> str:
        """Return how many times more (×) or fewer (÷)."""
        sign, factor = ("÷", 1 / value) if value < LEVEL else ("×", max(1.0, value))
        if factor >= ENDLESS:
            return f"{sign}{ENDLESS:g}+"
        pattern = "#,##0" if factor >= 10 else "0.0"  # noqa: PLR2004 - two digits that count
        return sign + str(format_decimal(factor, format=pattern, locale=self.locale))

    def cell(self, cell: Cell, unit: str = "count") -> str:
        """Return a cell in words: a number, or why there is none."""
        write = {"count": self.number, "share": self.share, "ratio": self.ratio, "index": self.index}[unit]
        return _typeset(cell.text(self.language, write), self.language)

    def table_cell(self, cell: Cell, unit: str = "count") -> Markup:
        """Return a cell for a table: as ``cell``, but "< 5" to the eye where it is too small to be shown."""
        if cell.reason not in ("count", "people"):
            return Markup("{}").format(self.cell(cell, unit))
        brief = self.say(f"cell.{cell.reason}", k=self.number(cell.threshold))
        mark_up = '<span aria-hidden="true">{}</span><span class="sr">{}</span>'
        return Markup(mark_up).format(brief, self.cell(cell, unit))  # noqa: S704 - escaped

    def day(self, day: date) -> str:
        """Return a day without its year."""
        return self._dated(day, "MMMM")

    def weekday(self, day: date) -> str:
        """Return a day with its weekday, without its year."""
        comma = "," if self.language == "de" else ""
        return f"{format_date(day, 'EEEE', locale=self.locale)}{comma} {self.day(day)}"

    def instant(self, instant: datetime) -> str:
        """Return an instant by the clocks of Paris, with its year."""
        local = instant.astimezone(PARIS)
        return f"{self._dated(local.date(), 'MMMM y')}, {format_time(local.time(), 'short', locale=self.locale)}"

    def dates(self, first: date, last: date) -> str:
        """Return a range of days, or the one day that it is, with its year."""
        if first == last:
            return self._dated(first, "MMMM y")
        if first.year != last.year:
            return f"{self._dated(first, 'MMMM y')} – {self._dated(last, 'MMMM y')}"
        if first.month != last.month:
            return f"{self.day(first)} – {self._dated(last, 'MMMM y')}"
        return f"{self._number_of(first)}–{self._dated(last, 'MMMM y')}"

    def _dated(self, day: date, pattern: str) -> str:
        space = NO_BREAK if self.language == "de" else " "
        return f"{self._number_of(day)}{space}{format_date(day, pattern, locale=self.locale)}"

    def _number_of(self, day: date) -> str:
        """Return the day of the month: an ordinal in German, and in French where it is the first one."""
        if self.language == "de":
            return f"{day.day}."
        return "1er" if self.language == "fr" and day.day == 1 else str(day.day)

    def listed(self, names: Sequence[str]) -> str:
        """Return names in a row: "a, b and c"."""
        return str(format_list(list(names), locale=self.locale))

    def series(self, parts: Sequence[str]) -> str:
        """Return parts that hold commas in a row: "a, b; c, d"."""
        return ("\u202f; " if self.language == "fr" else "; ").join(parts)

    def origin(self, name: str) -> str:
        """Return where something came from: "from Montbéliard"."""
        text = self.say("restated.origin", name=name)
        for pattern, replacement in CONTRACTED if self.language == "fr" else ():
            text = pattern.sub(replacement, text)
        return text

    def skill(self, code: str) -> str:
        """Return what a skill is called, as it stands within a sentence; a text that is no concept is itself."""
        return _typeset(label(code, self.language), self.language)

    def typeset(self, text: str) -> str:
        """Return a text of the language that comes from elsewhere, set as print sets it."""
        return _typeset(text, self.language)

    def countries(self, codes: Sequence[str]) -> list[str]:
        """Return the names of countries, in order; a code that nobody knows stands for itself."""
        return sorted(str(self.locale.territories.get(code, code)) for code in codes)

    def _text(self, key: str, count: float | None) -> str:
        if key not in self._texts:
            raise UsageError(f"there is no text {key!r} in {self.language}.yaml", remedy="add it in every language")
        text = self._texts[key]
        if isinstance(text, str):
            return text
        return text["other" if count is None else self.locale.plural_form(count)]


@functools.cache
def texts(language: str) -> dict[str, Text]:
    """Return the texts of a language by dotted key, typeset."""
    found = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return {key: _set(text, language) for key, text in _flat(found, "")}


def _flat(tree: Mapping[str, object], prefix: str) -> list[tuple[str, Text]]:
    """Return the leaves with their dotted keys; a singular with its plural is one leaf."""
    leaves: list[tuple[str, Text]] = []
    for name, branch in tree.items():
        if not isinstance(branch, dict):
            leaves.append((prefix + name, str(branch)))
        elif branch.keys() == PLURALS:
            leaves.append((prefix + name, branch))
        else:
            leaves.extend(_flat(branch, f"{prefix}{name}."))
    return leaves


def _set(text: Text, language: str) -> Text:
    if isinstance(text, str):
        return _typeset(text, language)
    return {number: _typeset(form, language) for number, form in text.items()}


def _typeset(text: str, language: str) -> str:
    """Return the text with the apostrophe of print, and the spaces that punctuation takes in the language."""
    text = text.replace("'", "’")
    for pattern, replacement in SETTING.get(language, ()):
        text = pattern.sub(replacement, text)
    return text
