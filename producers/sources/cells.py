"""Cells: what a value of a table means, by the field of the contract that it goes to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from producers.errors import EventError
from producers.event import EARLIEST
from producers.sources.profile import Profile

NOON = time(12)
ISO_DAY = 10
MOST_DIGITS = 30
YES = frozenset(("1", "true", "yes", "y", "x", "oui", "o", "vrai", "ja", "wahr"))
NO = frozenset(("0", "false", "no", "n", "non", "faux", "nein", "falsch"))


def text(value: object) -> str | None:
    """Return the value as written, without space around it; None for an empty cell. Big whole numbers stay exact."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | Decimal):
        return str(value).strip() or None
    raise EventError("a cell holds a list or an object", expected="one value")


def texts(value: object, split: str | None) -> Sequence[str]:
    """Return the values of a cell that may hold several, each once, in their order."""
    if isinstance(value, list):
        parts = [text(each) for each in value]
    else:
        whole = text(value)
        parts = [part.strip() for part in whole.split(split)] if whole and split else [whole]
    return list(dict.fromkeys(part for part in parts if part))


def number(written: str, profile: Profile) -> float:
    """Return the number, read with the profile's decimal mark."""
    plain = written.replace(",", ".") if profile.decimal == "," else written
    try:
        value = Decimal(plain)
    except InvalidOperation as error:
        raise EventError("a cell is not a number", expected=f"digits with {profile.decimal!r}") from error
    if not value.is_finite():
        raise EventError("a cell is not a number", expected="a finite one")
    return float(value)


def whole_number(written: str, profile: Profile) -> int:
    """Return the number when it is whole, however large it is."""
    plain = written.replace(",", ".") if profile.decimal == "," else written
    try:
        value = Decimal(plain)
    except InvalidOperation as error:
        raise EventError("a cell is not a whole number", expected="digits") from error
    if not value.is_finite() or value.adjusted() > MOST_DIGITS or value != value.to_integral_value():
        raise EventError("a cell is not a whole number", expected="digits")
    return int(value)


def flag(written: str) -> bool:
    """Return what a yes or no means, in French, English or German."""
    folded = written.casefold()
    if folded not in YES | NO:
        raise EventError("a cell is neither yes nor no", expected="oui, non, yes, no, true, false, 1, 0 or x")
    return folded in YES


def instant(written: str, profile: Profile) -> datetime:
    """Return the instant in UTC.

    A day without a time of day is its noon in the profile's zone: it is the same day, so in the same week, from
    eleven hours east to eleven hours west of there.
    """
    found = _parsed(written, profile.date_formats)
    if found.tzinfo is None:
        if profile.zone is None:
            raise EventError("a time has no zone", expected="one like +01:00", remedy="state `zone` in the profile")
        found = found.replace(tzinfo=ZoneInfo(profile.zone))
    try:
        meant = found.astimezone(UTC)
    except OverflowError:
        meant = datetime.min.replace(tzinfo=UTC)
    if meant < EARLIEST:
        raise EventError(f"a time lies in {found.year}", expected="one since 1970", remedy="correct or empty the cell")
    return meant


def _parsed(written: str, formats: Sequence[str]) -> datetime:
    for layout in formats:
        try:
            found = datetime.strptime(written, layout)  # noqa: DTZ007 - the zone is the caller's next step
        except ValueError:
            continue
        return found if "%H" in layout or "%I" in layout else datetime.combine(found.date(), NOON, found.tzinfo)
    if not formats:
        try:
            found = datetime.fromisoformat(written)
        except ValueError:
            pass
        else:
            return datetime.combine(found.date(), NOON) if len(written) <= ISO_DAY else found
    raise EventError("a cell is not a time", expected=f"one like {' or '.join(formats) or '2026-11-09'}")
