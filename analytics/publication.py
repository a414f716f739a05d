"""Publication: a week's report from the published snapshot to the site, written only where it changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from analytics.report import build_report, write_report
from analytics.week import Week
from producers.errors import UsageError
from producers.settings import Settings
from warehouse.connection import Connection, read
from warehouse.statement import statement

PAGES = ("fr", "en")
"""The languages of the report, the first one first."""


@dataclass(frozen=True)
class Written:
    """A week that stands in the site, and whether anything about it is new."""

    week: Week
    pages: tuple[Path, ...]
    changed: bool


def publish_week(settings: Settings, week: Week | None, languages: Sequence[str]) -> Written:
    """Return what was written for ``week``, by default the last one computed; the same snapshot gives the same bytes.

    Raises:
        UsageError: when the week is not computed.
    """
    path = settings.snapshot if settings.snapshot.exists() else settings.warehouse
    with read(path) as connection:
        chosen, present = _chosen(connection, week)
        content = build_report(connection, week=chosen.monday, present=present, settings=settings)
    before = _contents(settings.site)
    written = write_report(content, settings.site, languages=tuple(languages))
    pages = tuple(each for each in written if each.name == "index.html")
    return Written(chosen, pages, changed=_contents(settings.site) != before)


def _chosen(connection: Connection, week: Week | None) -> tuple[Week, datetime]:
    """Return the week and the present of the run that computed it: a report says nothing that was not known then."""
    rows = connection.execute(
        statement("readings/computed"),
        {"week": week.monday if week else None},
    ).fetchall()
    monday, computed_at = rows[0] if rows else (None, None)
    if monday is None:
        raise UsageError(
            f"{week} is not computed" if week else "no week is computed",
            expected="a week with activity that is over",
            remedy="run: maillage compute",
        )
    return Week(monday), computed_at.astimezone(UTC)


def _contents(site: Path) -> dict[Path, int]:
    return (
        {path: hash(path.read_bytes()) for path in sorted(site.rglob("*")) if path.is_file()} if site.exists() else {}
    )
