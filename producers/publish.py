"""Publishing: items of a source become events in the log, or are counted as ignored or rejected."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO

from producers.errors import EventError, InputError, MaillageError
from producers.event import Event, InputSummarised, encode, encode_data, event
from producers.log import Entry, EventLog
from producers.sources.item import Input, Item, Unreadable

BATCH = 2_000
SAMPLES = 5
STEP = 100
AHEAD = timedelta(days=1)
"""How far a source may be ahead of the clock: a day of this evening is a day without a time, so noon."""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What became of an input; ``read == published + ignored + rejected`` counts items, ``events`` what was appended.

    ``first`` and ``last`` are the times of the earliest and the latest event. ``samples`` and ``dropped`` (the
    names of the input's fields that were thrown away) are for who tries a source out.
    """

    source: str | None
    read: int
    published: int
    ignored: int
    rejected: int
    events: int
    first: datetime | None
    last: datetime | None
    samples: tuple[Event, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass
class _Run:
    """The counts of a run so far, and what it has not appended yet."""

    log: EventLog | None
    rejects: _Rejects
    published: int = 0
    ignored: int = 0
    rejected: int = 0
    events: int = 0
    first: datetime | None = None
    last: datetime | None = None
    samples: list[Event] = field(default_factory=list)
    types: set[str] = field(default_factory=set)
    recorded_at: datetime | None = None
    waiting: list[Entry] = field(default_factory=list)
    items_waiting: int = 0
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def take(self, item: Item, made: Sequence[Event]) -> None:
        """Count the item and keep its events for the next append."""
        if item.recorded_at != self.recorded_at or self.items_waiting >= BATCH:
            self.flush()
            self.recorded_at = item.recorded_at
        self.published += bool(made)
        self.ignored += not made
        self.items_waiting += 1
        for each in made:
            self._keep(each)

    def _keep(self, each: Event) -> None:
        self.waiting.append(Entry(each.key, encode(each)))
        self.digest.update(f"{each.source} {each.id}\n".encode())
        self.first = min(self.first or each.time, each.time)
        self.last = max(self.last or each.time, each.time)
        if len(self.samples) < SAMPLES or each.type not in self.types:
            self.samples.append(each)
        self.types.add(each.type)

    def reject(self, item: Item, reason: MaillageError) -> None:
        """Count the item and write it where only this place can read it."""
        self.rejected += 1
        if self.log is not None:
            self.rejects.write(item, reason)

    def flush(self) -> None:
        """Append what is waiting."""
        if self.log is not None and self.waiting:
            self.log.append(self.waiting, recorded_at=self.recorded_at)
        self.events += len(self.waiting)
        self.waiting, self.items_waiting = [], 0


class _Rejects:
    """The file of what could not be mapped: owner's eyes only, made anew by every run, absent when empty."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIO | None = None

    def write(self, item: Item, reason: MaillageError) -> None:
        raw = item.content.raw if isinstance(item.content, Unreadable) else item.content
        row = {"where": item.where, "reason": str(reason), "content": raw}
        if self._file is None:
            self._file = self._open()
        self._file.write(json.dumps(row, default=_as_text) + "\n")

    def _open(self) -> TextIO:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.unlink(missing_ok=True)
        return os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii")

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def publish(
    given: Input,
    log: EventLog,
    *,
    rejected_file: Path,
    dry_run: bool = False,
    progress: Callable[[int], object] | None = None,
    present: datetime | None = None,
) -> Summary:
    """Return what became of every item of ``given``; its events stand in the log, its own summary last.

    Publishing the same input again appends only events that the log already knows. ``dry_run`` appends and
    writes nothing. With ``present``, an item of a source of ours that lies more than a day ahead is rejected.
    """
    rejects = _Rejects(rejected_file)
    run = _Run(None if dry_run else log, rejects)
    read = 0
    try:
        for item in given.items:
            read += 1
            _publish_item(run, item, given, present)
            if progress and read % STEP == 0:
                progress(STEP)
        if progress:
            progress(read % STEP)
        run.flush()
    finally:
        rejects.close()
    if not (dry_run or run.rejected):
        rejected_file.unlink(missing_ok=True)
    if read != run.published + run.ignored + run.rejected:
        raise AssertionError(f"read {read}, but {run.published} + {run.ignored} + {run.rejected}")
    return _concluded(run, given, read)


def _publish_item(run: _Run, item: Item, given: Input, present: datetime | None) -> None:
    try:
        if isinstance(item.content, Unreadable):
            raise item.content.reason
        made = given.parse(item)
        if present and given.source:
            _check_past(made, present)
    except (EventError, InputError) as reason:
        run.reject(item, reason)
    else:
        run.take(item, made)


def _check_past(made: Sequence[Event], present: datetime) -> None:
    for each in made:
        if each.time > present + AHEAD:
            raise EventError(
                f"it happens on {each.time.date()}, in the future",
                expected=f"a time before {(present + AHEAD).date()}",
                remedy="correct the date, or publish it when it has happened",
            )


def _concluded(run: _Run, given: Input, read: int) -> Summary:
    """Return the summary, appended as the last event; an input without any event has no time to be summed up at."""
    samples = _varied(run.samples)
    if given.source and run.last:
        run.recorded_at = None
        run.waiting = [_entry(_summarised(run, given, given.source, run.last, read))]
        run.flush()
    return Summary(
        source=given.source,
        read=read,
        published=run.published,
        ignored=run.ignored,
        rejected=run.rejected,
        events=run.events,
        first=run.first,
        last=run.last,
        samples=samples,
        dropped=tuple(sorted(given.dropped)),
    )


def _summarised(run: _Run, given: Input, source: str, last: datetime, read: int) -> Event:
    """Return the closing event; its id and time come from the content alone, so the same input gives it again."""
    payload = InputSummarised(
        title=given.title,
        legal_basis=given.legal_basis,
        read=read,
        published=run.published,
        ignored=run.ignored,
        rejected=run.rejected,
        rhythm_days=given.rhythm_days,
        place=given.place,
    )
    key = f"{run.digest.hexdigest()} {hashlib.sha256(encode_data(payload)).hexdigest()}"
    return event(payload, source=source, key=key, change="input.summarised", subject=source, time=last)


def _varied(samples: Sequence[Event]) -> tuple[Event, ...]:
    """Return at most five of the samples: one of each type first."""
    firsts = {each.type: each for each in reversed(samples)}
    ordered = sorted(samples, key=lambda each: each is not firsts[each.type])
    return tuple(ordered[:SAMPLES])


def _entry(made: Event) -> Entry:
    return Entry(made.key, encode(made))


def _as_text(content: object) -> str:
    return content.decode("utf-8", "backslashreplace") if isinstance(content, bytes) else str(content)
