"""Slugs: what a public name looks like as an id."""

from __future__ import annotations

import re
import unicodedata

from producers.errors import EventError

LONGEST = 120

# Letters that Unicode does not take apart into a base letter and an accent.
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "’": " ", "'": " "}
)


def slug(text: str) -> str:
    """Return ``text`` in lower-case letters, digits and hyphens: ``École d'Été`` gives ``ecole-d-ete``.

    Raises:
        EventError: when nothing is left, as of a name without Latin letters or digits.
    """
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS)).encode("ascii", "ignore").decode()
    made = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST].strip("-")
    if not made:
        raise EventError("a name has no Latin letter and no digit", expected="something to make an id from")
    return made
