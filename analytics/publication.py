"""Publication: a week's report from the published snapshot to the site, by way of a draft that is checked.

There is one path: the draft is written where nobody but the people who answer for it reads, the check refuses what is
not fit to be read, and only then does the week appear in the site, whole, with the index that leads to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from analytics.compute import compute, to_compute
from analytics.report import build_report
from analytics.report.check import refuse
from analytics.report.content import Content
from analytics.report.index import told, write_index
from analytics.report.revision import revised, revisions
from analytics.report.shelf import KEPT, Files, alone, put, taken
from analytics.report.site import NUMBERS, folder, render
from analytics.report.status import as_known
from analytics.report.words import LOCALES
from analytics.week import Week, last_closed
from producers.errors import UsageError, WarehouseError
from producers.settings import Settings
from warehouse.connection import Connection, read
from warehouse.knowledge import known_at
from warehouse.result import TIE
from warehouse.statement import statement

_REPORTED = "a week with activity that is over"
PAGES = tuple(LOCALES)
"""The languages of the report, the first one first."""


@dataclass(frozen=True)
class Written:
    """A week that stands in the site, and whether anything about it is new."""

    week: Week
    pages: tuple[Path, ...]
    changed: bool

    @property
    def summary(self) -> dict[str, str | int | bool]:
        """Return what is told of it to whoever waits for reports."""
        return {"week": str(self.week), "changed": self.changed, "pages": len(self.pages)}


@dataclass(frozen=True)
class Draft:
    """The files of a week's report, as they would be published."""

    week: Week
    files: Files

    @property
    def content(self) -> Content:
        """Return what the report says."""
        return msgspec.json.decode(self.files[NUMBERS], type=Content)

    @property
    def digest(self) -> str:
        """Return what tells this draft from any other one of the week."""
        whole = hashlib.sha256()
        for name, content in sorted(self.files.items()):
            part = content.encode() if isinstance(content, str) else content
            whole.update(f"{name}\0{len(part)}\0".encode() + part)
        return whole.hexdigest()

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages that it has a page in, the first one first."""
        return tuple(language for language in PAGES if _page(language) in self.files)

    def noted(self, to_correct: str | None) -> Draft:
        """Return the draft as one that says at its top what is to be corrected; the same one for None."""
        if to_correct is None:
            return self
        content = msgspec.structs.replace(self.content, to_correct=" ".join(to_correct.split()))
        return Draft(self.week, render(content, self.languages))


def publish_week(settings: Settings, week: Week | None, languages: Sequence[str]) -> Written:
    """Return what was written for ``week``, by default the last one computed; the same snapshot gives the same bytes.

    What a person wants corrected stays said on the page.

    Raises:
        WarehouseError: when the week is not computed.
        ReportRefusedError: when the report is not fit to be read; the site is as it was.
    """
    draft = draft_week(settings, week, languages)
    return publish_draft(settings, draft, to_correct=standing_note(settings, draft.week))


def draft_week(settings: Settings, week: Week | None, languages: Sequence[str]) -> Draft:
    """Return the report of a week, by default the last one computed, that now lies in the folder of drafts.

    It has the languages that the week already has in the site as well, so that all of them say the same.

    Raises:
        WarehouseError: when the week is not computed.
    """
    with read(_snapshot(settings)) as connection:
        chosen, present = _chosen(connection, week)
        content = build_report(connection, week=chosen.monday, present=present, settings=settings)
    standing = taken(folder(settings.site, chosen.monday))
    wanted = tuple(each for each in PAGES if each in languages or _page(each) in standing)
    draft = Draft(chosen, render(content, wanted))
    with alone(settings.drafts):
        put(draft.files, folder(settings.drafts, chosen.monday))
    return draft


def read_draft(settings: Settings, week: Week) -> Draft:
    """Return the draft of a week.

    Raises:
        UsageError: when there is none.
    """
    files = taken(folder(settings.drafts, week.monday))
    if NUMBERS not in files:
        raise UsageError(f"{week} has no draft", expected="one under the folder of drafts", remedy="draft it first")
    return Draft(week, files)


def publish_draft(
    settings: Settings, draft: Draft, *, to_correct: str | None = None, present: datetime | None = None
) -> Written:
    """Return what was written: the week and the index tell of the draft, with what is ``to_correct`` at its top.

    Readers find the whole week as it was or the whole week as it is. What stood there of a week that was over is kept
    as a revision, dated by ``present`` (the clock's), with what changed.

    Raises:
        ReportRefusedError: when the report is not fit to be read; the site is as it was.
    """
    written = place_draft(settings, draft, to_correct=to_correct, present=present)
    with alone(settings.drafts):
        write_index(settings.site)
    return written


def place_draft(
    settings: Settings, draft: Draft, *, to_correct: str | None = None, present: datetime | None = None
) -> Written:
    """Return what was written: as ``publish_draft``, but nothing leads to the week until the index is written.

    Raises:
        ReportRefusedError: when the report is not fit to be read; the site is as it was.
    """
    final = draft.noted(to_correct)
    refuse(final.files)
    home = folder(settings.site, draft.week.monday)
    with alone(settings.drafts):
        keep = revised(taken(home), final.files, revisions(home), present=present or datetime.now(UTC))
        changed = put(final.files, home, keep=keep)
    return Written(draft.week, tuple(home / _page(language) for language in final.languages), changed=changed)


def is_published(settings: Settings, week: Week) -> bool:
    """Return whether the site has the report of a week, provisional or not."""
    return (folder(settings.site, week.monday) / NUMBERS).exists()


def published(settings: Settings, week: Week) -> Draft | None:
    """Return what the site has of a week; None for nothing."""
    files = taken(folder(settings.site, week.monday))
    return Draft(week, files) if NUMBERS in files else None


def standing_note(settings: Settings, week: Week) -> str | None:
    """Return what the site says is to be corrected in a week; None where nobody holds it for wrong."""
    there = folder(settings.site, week.monday) / NUMBERS
    noted = told(there).to_correct if there.exists() else None
    return noted if isinstance(noted, str) else None


def publish_as_known(settings: Settings, week: Week | None, languages: Sequence[str], instant: datetime) -> Written:
    """Return what was written of a week as it was known at ``instant``, beside the report of today.

    Only the events on record by then are read, without the people who have objected since, and only what the report
    shows is computed where it differs from today.

    Raises:
        UsageError: when the instant is out of reach.
        ReportRefusedError: when the report is not fit to be read.
        WarehouseError: when the week was not over at ``instant``, or nothing had happened in it.
    """
    this = week or _last(instant)

    def wanted(metric: str, monday: date) -> bool:
        # A run of weeks above or below the centre reads the ties of every week, and what became of a community those
        # of 13 weeks; of the rest, its own week is shown.
        behind = {TIE: date.min, "community": (this + -13).monday}.get(metric, this.monday)
        return behind <= monday <= this.monday

    with known_at(_snapshot(settings), instant, folder=settings.home / "tmp", wanted=wanted) as known:
        past = msgspec.structs.replace(settings, home=known.home)
        stale = [mark for mark in to_compute(past, instant) if wanted(mark.metric, mark.week)]
        compute(past, stale, present=instant)
        with read(past.warehouse) as connection:
            if not connection.execute(statement("readings/computed"), {"week": this.monday}).fetchall():
                raise WarehouseError(f"{this} has no report as known at {instant:%Y-%m-%dT%H:%MZ}", expected=_REPORTED)
            content = build_report(connection, week=this.monday, present=instant, settings=past)
    files = render(as_known(content, instant, left_out=known.left_out), tuple(languages))
    refuse(files)
    home = _as_known(settings, this, instant)
    with alone(settings.drafts):
        changed = put(files, home)
    return Written(this, tuple(home / name for name in files if name.endswith("/index.html")), changed=changed)


def _last(instant: datetime) -> Week:
    try:
        return last_closed(instant)
    except OverflowError as error:
        raise UsageError(f"{instant:%Y-%m-%d} is out of reach", expected="an instant of the record") from error


def _as_known(settings: Settings, week: Week, instant: datetime) -> Path:
    return folder(settings.site, week.monday) / KEPT / f"{instant:%Y-%m-%dT%H%M%SZ}"


def _page(language: str) -> str:
    return f"{language}/index.html"


def _snapshot(settings: Settings) -> Path:
    return settings.snapshot if settings.snapshot.exists() else settings.warehouse


def _chosen(connection: Connection, week: Week | None) -> tuple[Week, datetime]:
    """Return the week and the present of the run that computed it: a report says nothing that was not known then."""
    rows = connection.execute(
        statement("readings/computed"),
        {"week": week.monday if week else None},
    ).fetchall()
    monday, computed_at = rows[0] if rows else (None, None)
    if monday is None:
        raise WarehouseError(
            f"{week} is not computed" if week else "no week is computed",
            expected=_REPORTED,
            remedy="run: maillage compute",
        )
    return Week(monday), computed_at.astimezone(UTC)
