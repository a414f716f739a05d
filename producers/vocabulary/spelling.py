"""Spelling: the form in which texts are compared, and how many slips of the pen lie between two of them."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
"""Letters that Unicode does not take apart into a base letter and an accent."""
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_between = re.compile(r"[\W_]+")
_marks = re.compile(r"(?<=[a-z])[+#]+(?![a-z0-9])")
"""What tells c++ and c# from c."""


def plain(text: str) -> str:
    """Return the text without case, accents, punctuation and spaces: "Découpe  Laser" is ``decoupelaser``.

    Compatible characters are one (a ligature and its letters, full-width and plain digits); ß is ss. The marks of
    "C++" and "C#" stay. Nothing is left of a text without letters and digits.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    bare = "".join(each for each in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(each))
    spelt = _marks.sub(lambda found: {"+": "plus", "#": "sharp"}[found[0][0]] * len(found[0]), bare)
    return _between.sub("", spelt)


def spellings(text: str) -> set[str]:
    """Return the plain forms of a text: one, and where it has an umlaut the form that writes it with an e."""
    return {plain(text), plain(unicodedata.normalize("NFKC", text).casefold().translate(_UMLAUTS))}


def distance(one: str, other: str, limit: int) -> int:
    """Return how many letters are wrong, missing, too many or swapped with their neighbour; above ``limit``, more.

    The optimal string alignment form of Damerau and Levenshtein's distance: 0 for equal texts, the length of the
    other for an empty one. Cost: the product of the lengths, less where ``limit`` is passed early.
    Source: Damerau 1964, Comm. ACM 7:171.
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        here = [row]
        for column, against in enumerate(other, start=1):
            best = min(last[column] + 1, here[-1] + 1, last[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                best = min(best, before[column - 2] + 1)
            here.append(best)
        if min(here) > limit and min(last) > limit:
            return limit + 1
        before, last = last, here
    return last[-1]
