"""A figure as it may be shown, and how it is written where it is hidden, missing or rounded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from producers.errors import UsageError, unknown

Mark = Literal["shown", "suppressed", "missing", "zero"]
Reason = Literal["", "count", "people", "withheld", "rounded"]

WORDS = {
    "fr": {
        "count": "moins de {k}",
        "people": "moins de {k} personnes",
        "withheld": "non publié",
        "missing": "pas de données",
        "rounded": "au moins {value}",
    },
    "en": {
        "count": "fewer than {k}",
        "people": "fewer than {k} people",
        "withheld": "not published",
        "missing": "no data",
        "rounded": "at least {value}",
    },
    "de": {
        "count": "weniger als {k}",
        "people": "weniger als {k} Personen",
        "withheld": "nicht veröffentlicht",
        "missing": "keine Daten",
        "rounded": "mindestens {value}",
    },
}
"""How a cell is printed that has no number, or a rounded one."""


@dataclass(frozen=True)
class Cell:
    """A figure as it may be shown; a hidden one holds no trace of its value."""

    value: float | None
    mark: Mark
    reason: Reason = ""
    """Why it is hidden (a small count, few people behind, withheld for another reason), or that it is rounded."""
    threshold: int = 0
    """The k of "fewer than k", or the step that it is rounded to; else 0."""

    def text(self, language: str, write: Callable[[float], str] = "{:g}".format) -> str:
        """Return the cell in words, a number through ``write``: never the same for hidden, missing and zero."""
        if language not in WORDS:
            raise UsageError(unknown("language", language, WORDS))
        if self.value is not None:
            written = write(self.value)
            return WORDS[language]["rounded"].format(value=written) if self.reason == "rounded" else written
        return WORDS[language][self.reason or "missing"].format(k=self.threshold)


MISSING = Cell(None, "missing")
ZERO = Cell(0.0, "zero")
WITHHELD = Cell(None, "suppressed", "withheld")
