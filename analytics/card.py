"""Metric cards: what a metric says in words, how it is made, and where it misleads, by the name of its row."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec
import pandas as pd
import yaml
from msgspec import Struct

FILE = Path(__file__).with_name("cards.yaml")
Text = str | Mapping[str, str]
"""By language, or one for all of them: a formula without a word and without a decimal."""


class Example(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"value": "is"}):
    """A network so small that the value can be worked out by hand."""

    ties: str
    """``a-b b-c:2``: ends, and after a colon the strength where it is not 1; in a directed layer from a to b."""
    of: str
    """The node, or "network"."""
    value: float
    layer: str = "copresence"

    @property
    def frame(self) -> pd.DataFrame:
        """Return source, target, strength."""
        rows = [(*pair.split("-"), float(strength or 1)) for pair, _, strength in _parts(self.ties)]
        return pd.DataFrame(rows, columns=["source", "target", "strength"])


class Card(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that there is to say of a metric to a reader; sentences are by language, ``fr``, ``en`` and ``de``."""

    title: Mapping[str, str]
    unit: Mapping[str, str]
    says: Mapping[str, str]
    """What a reader may take from it, in a sentence."""
    says_not: Mapping[str, str]
    """What a reader must not take from it, in a sentence."""
    source: str
    """The paper or standard that it comes from."""
    formula: Text
    range: Text
    pitfall: Mapping[str, str]
    """What has misled readers of it before."""
    example: Example | None = None
    case: Mapping[str, str] | None = None
    """An example in words, where no network says it."""


@cache
def cards() -> Mapping[str, Card]:
    """Return the card of every metric by its name."""
    return msgspec.convert(yaml.safe_load(FILE.read_text(encoding="utf-8")), dict[str, Card])


def told(text: Text, language: str) -> str:
    """Return a text of a card in a language."""
    return text if isinstance(text, str) else text[language]


def _parts(ties: str) -> list[tuple[str, str, str]]:
    return [tie.partition(":") for tie in ties.split()]
