"""The words of a member's page: one file a language, numbers and dates as that language writes them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import yaml
from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from analytics.card import cards
from analytics.report.words import FRENCH, MINUS
from analytics.week import PARIS, Week
from producers.errors import UsageError, unknown

FOLDER = Path(__file__).parent / "words"
LOCALES = {"fr": "fr_FR", "en": "en_GB", "de": "de_CH"}
_SMALL = 1.0


class Words:
    """The texts and the formats of one language."""

    def __init__(self, language: str) -> None:
        if language not in LOCALES:
            raise UsageError(unknown("language", language, LOCALES))
        self.language = language
        self.locale = Locale.parse(LOCALES[language])
        self._texts = texts(language)

    def say(self, key: str, **values: object) -> str:
        """Return the text of ``key``."""
        return self._texts[key].format(**values)

    def named(self, group: str, name: str) -> str:
        """Return what ``name`` is called; what nobody has named stands for itself."""
        return self._texts.get(f"{group}.{name}", name)

    def metric(self, name: str) -> str:
        """Return the title of a metric."""
        card = cards().get(name)
        return card.title[self.language] if card else self.named("titles", name)

    def not_said(self, name: str) -> str:
        """Return what a metric does not say; empty where nobody wrote it."""
        card = cards().get(name)
        return (
            _typeset(card.says_not[self.language], self.language) if card else self._texts.get(f"not_said.{name}", "")
        )

    def formula(self, name: str) -> str:
        """Return the formula of a metric in plain words; where it has none, what the metric says."""
        card = cards().get(name)
        said = card.says[self.language] if card else name
        return self._texts.get(f"metrics.{name}") or _typeset(said, self.language)

    def number(self, value: float) -> str:
        """Return a whole number as it is, and another with the digits that count."""
        pattern = "#,##0" if value == int(value) else "#,##0.00" if abs(value) >= _SMALL else "0.0000"
        return str(format_decimal(value, format=pattern, locale=self.locale)).replace("-", MINUS)

    def day(self, day: date) -> str:
        """Return a day with its year."""
        if isinstance(day, datetime):
            day = day.astimezone(PARIS).date()
        return str(format_date(day, "medium", locale=self.locale))

    def instant(self, instant: datetime) -> str:
        """Return an instant by the clocks of Paris."""
        return f"{self.day(instant)}, {format_time(instant.astimezone(PARIS).time(), 'short', locale=self.locale)}"

    def week(self, monday: date) -> str:
        """Return a week as people write it."""
        return str(Week(monday))

    def country(self, code: str) -> str:
        """Return the name of a country; a code that nobody knows stands for itself."""
        return str(self.locale.territories.get(code, code))


@functools.cache
def texts(language: str) -> Mapping[str, str]:
    """Return the texts of a language by dotted key, typeset."""
    tree = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return {key: _typeset(text, language) for key, text in _flat(tree, "")}


def _flat(tree: Mapping[str, object], prefix: str) -> list[tuple[str, str]]:
    leaves: list[tuple[str, str]] = []
    for name, branch in tree.items():
        leaves += _flat(branch, f"{prefix}{name}.") if isinstance(branch, dict) else [(prefix + name, str(branch))]
    return leaves


def _typeset(text: str, language: str) -> str:
    text = text.replace("'", "’")
    for pattern, replacement in FRENCH if language == "fr" else ():
        text = pattern.sub(replacement, text)
    return text
