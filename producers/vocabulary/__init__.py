"""The skill vocabulary: which concept a text means, in French, German and English, and what a concept is called.

A text means a concept when it is one of its aliases, whatever its case, accents and punctuation; else when it is a
slip of the pen away from the aliases of one concept alone. Every other text waits to be classified: it is never
guessed. A version is one file, ``v<number>.yaml``; figures are computed on the codes of one version.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec
import yaml
from msgspec import Struct

from producers.errors import InputError, UsageError, unknown
from producers.event import Slug
from producers.vocabulary.spelling import distance, plain, spellings

__all__ = [
    "LANGUAGES",
    "VERSION",
    "Concept",
    "Labels",
    "Match",
    "Vocabulary",
    "code_of",
    "label",
    "match",
    "vocabulary",
]

FOLDER = Path(__file__).parent
VERSION = 1
"""The version in force."""
LANGUAGES = ("fr", "de", "en")
ONE_SLIP, TWO_SLIPS = 9, 14
"""From these lengths on a text may have that many slips: below, words of other meaning lie too near."""
LONGEST = 120


class Labels(Struct, frozen=True, forbid_unknown_fields=True):
    """What something is called, as it stands within a sentence."""

    fr: str
    de: str
    en: str

    def of(self, language: str) -> str:
        """Return the label in a language."""
        if language not in LANGUAGES:
            raise UsageError(unknown("language", language, LANGUAGES))
        return str(getattr(self, language))


class Concept(Struct, frozen=True, forbid_unknown_fields=True):
    """A skill: its group, whether it counts as industry 4.0, and what people call it."""

    group: str
    labels: Labels
    aliases: list[str]
    industry: bool = False


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    groups: dict[Slug, Labels]
    concepts: dict[Slug, Concept]


@dataclass(frozen=True)
class Match:
    """What a text means: the concept's code and the alias that it comes from; none when it has to be classified."""

    code: str | None
    how: Literal["alias", "typo", "to be classified"]
    alias: str = ""
    slips: int = 0


@dataclass(frozen=True)
class Vocabulary:
    """One version of the vocabulary."""

    version: int
    groups: Mapping[str, Labels]
    concepts: Mapping[str, Concept]
    meanings: Mapping[str, tuple[str, str]] = field(repr=False)
    """Code and alias by the alias's plain form."""

    def match(self, text: str) -> Match:
        """Return what a text means.

        An alias comes first. Else the text may have one slip from 9 letters on and two from 14 on (letters and digits,
        of the shorter of text and alias; the first letter and all digits agree), and means what the nearest alias
        means, unless aliases of two concepts lie as near as is allowed.
        Cost: a look-up for an alias, some 1,300 comparisons of texts for the rest.
        """
        spelt = plain(text)
        if spelt in self.meanings:
            return Match(self.meanings[spelt][0], "alias", self.meanings[spelt][1])
        near = sorted(self._near(spelt)) if len(spelt) <= LONGEST else []
        if len({code for _, code, _ in near}) != 1:
            return Match(None, "to be classified")
        slips, code, alias = near[0]
        return Match(code, "typo", alias, slips)

    def _near(self, spelt: str) -> list[tuple[int, str, str]]:
        found = []
        for form, (code, alias) in self.meanings.items():
            limit = _slips(min(len(form), len(spelt)))
            if limit and form[0] == spelt[0] and _digits(form) == _digits(spelt):
                slips = distance(form, spelt, limit)
                if slips <= limit:
                    found.append((slips, code, alias))
        return found

    def label(self, code: str, language: str) -> str:
        """Return what a concept is called in a language; a text that is no code of this version stands for itself."""
        concept = self.concepts.get(code)
        return concept.labels.of(language) if concept else code


def _slips(length: int) -> int:
    return (length >= ONE_SLIP) + (length >= TWO_SLIPS)


def _digits(text: str) -> str:
    return "".join(each for each in text if each.isdigit())


def read_vocabulary(path: Path) -> Vocabulary:
    """Return the vocabulary of a file.

    Raises:
        InputError: when it is none, a concept has no group, or an alias belongs to two concepts.
    """
    try:
        given = msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), _File)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise InputError(f"{path.name} is no vocabulary: {error}", remedy="mend the file") from error
    for code, concept in given.concepts.items():
        if concept.group not in given.groups:
            raise InputError(f"{path.name}: {code}: {unknown('group', concept.group, given.groups)}")
    return Vocabulary(given.version, given.groups, given.concepts, _meanings(path, given.concepts))


def _meanings(path: Path, concepts: Mapping[str, Concept]) -> dict[str, tuple[str, str]]:
    meanings: dict[str, tuple[str, str]] = {}
    for code, concept in concepts.items():
        labels = (concept.labels.of(language) for language in LANGUAGES)
        for alias in (code, *labels, *concept.aliases):
            for form in spellings(alias):
                other = meanings.setdefault(form, (code, alias))[0]
                if other != code or not form:
                    raise InputError(
                        f"{path.name}: {alias!r} stands for {other} and for {code}",
                        expected="one concept an alias",
                        remedy="leave it out, so that it waits to be classified",
                    )
    return meanings


@functools.cache
def vocabulary() -> Vocabulary:
    """Return the version in force."""
    return read_vocabulary(FOLDER / f"v{VERSION}.yaml")


@functools.lru_cache(maxsize=50_000)
def match(text: str) -> Match:
    """Return what a text means in the version in force; see ``Vocabulary.match``."""
    return vocabulary().match(text)


def code_of(text: str) -> str | None:
    """Return the code of the concept that a text means; None when it has to be classified."""
    return match(text).code


def label(code: str, language: str) -> str:
    """Return what a concept is called; a text that is no code stands for itself."""
    return vocabulary().label(code, language)
