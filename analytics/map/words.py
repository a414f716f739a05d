"""The words of the map: one file a language beside this module; numbers, dates and skills as in the report."""

from __future__ import annotations

import functools
from pathlib import Path

import yaml
from markupsafe import Markup

from analytics.report.words import FRENCH, Words

FOLDER = Path(__file__).parent / "words"


class MapWords:
    """The texts of the map in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.report = Words(language)
        self.texts = texts(language)

    def say(self, key: str, **values: str) -> str:
        """Return the text of ``key`` as plain text."""
        return self.texts[key].format(**values)

    def html(self, key: str, **values: str) -> Markup:
        """Return the text of ``key`` with its own mark-up, and none from the values."""
        return Markup(self.texts[key]).format(**values)  # noqa: S704 - the text is ours, values are escaped

    def skill(self, code: str) -> str:
        """Return what a skill is called, as it stands alone."""
        name = self.report.skill(code)
        return name[:1].upper() + name[1:]

    def spoken(self) -> dict[str, str]:
        """Return the texts that the page itself speaks in, by bare names."""
        return {key.partition(".")[2]: text for key, text in self.texts.items() if key.startswith("live.")}


@functools.cache
def texts(language: str) -> dict[str, str]:
    """Return the texts of a language by dotted key, typeset."""
    found = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return {
        f"{section}.{name}": _typeset(str(text), language)
        for section, branch in found.items()
        for name, text in branch.items()
    }


def _typeset(text: str, language: str) -> str:
    """Return the text with the apostrophe of print and, in French, with the spaces that punctuation takes."""
    text = text.replace("'", "’")
    for pattern, replacement in FRENCH if language == "fr" else ():
        text = pattern.sub(replacement, text)
    return text
