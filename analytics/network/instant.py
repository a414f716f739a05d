"""Instants as people write them in Python: a day or a time without a zone is meant in Europe/Paris."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from analytics.week import PARIS
from producers.errors import UsageError


def instant(given: date | str | None, default: datetime) -> datetime:
    """Return the instant in UTC that is meant, ``default`` for none.

    A day means its first instant. Without a zone both are in Europe/Paris, like the weeks: of the hour that comes
    twice in October the first one is meant (unless ``fold`` says the other), and of the one that is skipped in March,
    half past two is half past three.

    Raises:
        UsageError: when it is neither a day nor a time.
    """
    if given is None:
        return default
    found = _read(given) if isinstance(given, str) else given
    if not isinstance(found, datetime):
        found = datetime.combine(found, time())
    try:
        return (found if found.utcoffset() is not None else found.replace(tzinfo=PARIS)).astimezone(UTC)
    except OverflowError as error:
        raise UsageError(f"{given!s} is out of reach", expected="a year from 2 to 9998") from error


def _read(written: str) -> datetime:
    try:
        return datetime.fromisoformat(written.strip())
    except ValueError as error:
        raise UsageError(
            f"{written!r} is neither a day nor a time", expected="one like 2026-08-01 or 2026-08-01T09:00Z"
        ) from error
