"""Publication: a week's report from the published snapshot to the site, by way of a draft that is checked.

There is one path: the draft is written where nobody but the people who answer for it reads, the check refuses what is
not fit to be read, and only then does the week appear in the site, whole, with the index that leads to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from analytics.edition import edition, memory_of
from analytics.map import DATA, Memory
from analytics.report import build_report
from analytics.report.check import refuse
from analytics.report.content import Content
from analytics.report.index import told, write_index
from analytics.report.revision import Revision, last_told, made, revised, revisions
from analytics.report.shelf import Files, alone, put, taken
from analytics.report.site import NUMBERS, folder, render
from analytics.report.words import LOCALES
from analytics.week import Week
from producers.errors import UsageError, WarehouseError
from producers.settings import Settings
from warehouse.connection import Connection, read
from warehouse.statement import statement

REPORTED = "a week with activity that is over"
"""What a week has to be to have a report."""
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
        return self._again(msgspec.structs.replace(self.content, to_correct=" ".join(to_correct.split())))

    def corrected(self, by: Revision | None) -> Draft:
        """Return the draft as one that tells of its last correction; the same one for None."""
        return self if by is None else self._again(msgspec.structs.replace(self.content, correction=by.told))

    def _again(self, content: Content) -> Draft:
        return Draft(self.week, {**self.files, **render(content, self.languages, with_map=DATA in self.files)})


def publish_week(settings: Settings, week: Week | None, languages: Sequence[str]) -> Written:
    """Return what was written for ``week``, by default the last one computed; the same snapshot gives the same bytes.

    What a person wants corrected stays said on the page.

    Raises:
        WarehouseError: when the week is not computed.
        ReportRefusedError: when the report is not fit to be read; the site is as it was.
    """
    draft = draft_week(settings, week, languages)
    return publish_draft(settings, draft, to_correct=standing_note(settings, draft.week))


def draft_week(
    settings: Settings, week: Week | None, languages: Sequence[str], *, memory: Memory | None = None
) -> Draft:
    """Return the report of a week, by default the last one computed, that now lies in the folder of drafts.

    It has the languages that the week already has in the site as well, so that all of them say the same. Its map stands
    where ``memory`` has it, by default where the maps of the site do.

    Raises:
        WarehouseError: when the week is not computed.
    """
    with read(snapshot_of(settings)) as connection:
        chosen, present = _chosen(connection, week)
        content = build_report(connection, week=chosen.monday, present=present, settings=settings)
        standing = taken(folder(settings.site, chosen.monday))
        wanted = tuple(each for each in PAGES if each in languages or _page(each) in standing)
        known = memory_of(settings, chosen) if memory is None else memory
        draft = Draft(chosen, edition(connection, content, wanted, settings=settings, memory=known))
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
    noted, home = draft.noted(to_correct), folder(settings.site, draft.week.monday)
    refuse(noted.files)
    with alone(settings.drafts):
        known = revisions(home)
        standing = noted.corrected(last_told(known))
        keep = revised(taken(home), standing.files, known, present=present or datetime.now(UTC))
        final = standing.corrected(last_told(made(keep)))
        if final is not noted:
            refuse(final.files)
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


def _page(language: str) -> str:
    return f"{language}/index.html"


def snapshot_of(settings: Settings) -> Path:
    """Return what reports are made from: the published snapshot, or the warehouse while there is none."""
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
            expected=REPORTED,
            remedy="run: maillage compute",
        )
    return Week(monday), computed_at.astimezone(UTC)
