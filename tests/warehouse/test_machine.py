"""Ingest as a state machine: whatever comes in whatever order, and whoever dies meanwhile, the record is the same."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from producers.errors import OffsetMoved
from producers.event import Event, EventRetracted, HelpAnswered, HelpRequested, WorkshopHeld
from producers.log import Batch
from producers.log.folder import FolderLog
from tests.faults.inside import dies_inside
from tests.faults.world import EVENTS, Line, line, other_content, poison, told
from tests.warehouse.life import marts, take_back
from warehouse.check import complaints
from warehouse.connection import Connection, read, write
from warehouse.ingest import Ingested, ingest, positions, take
from warehouse.mart import rebuild, refresh
from warehouse.result import Results, replace
from warehouse.stale import Reach, marks, register

pytestmark = pytest.mark.integration
ENOUGH = 30
"""Lines that make it worth while to take them all again."""
STATEMENTS = 18
"""More than a batch needs, so that some processes live to the end of their transaction."""
PARTITIONS = 2
WEEK = timedelta(days=7)
HELP = Reach("help", "f", 3, ("help.answered",), "1")
WORKSHOP = Reach("workshop", "f", 1, ("workshop.held",), "1")
REACHES = {HelpAnswered: HELP, WorkshopHeld: WORKSHOP}
ACTIVITY = (HelpAnswered, HelpRequested, WorkshopHeld)
NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)


@dataclass
class Taken:
    """What the lines of a partition, up to where it was read, must have become."""

    events: dict[tuple[int, int], Event] = field(default_factory=dict)
    rejects: set[tuple[int, int]] = field(default_factory=set)


NUMBERS = st.integers(0, EVENTS - 1)
LINES = st.one_of(
    NUMBERS.map(told).map(line),
    NUMBERS.map(told).map(line),
    NUMBERS.map(lambda number: line(take_back(told(number)))),
    NUMBERS.map(other_content).map(line),
    st.builds(poison, st.integers(0, 3), NUMBERS),
)
ANSWERED = {"an_answer_follows_its_request", "an_answer_has_its_request"}
"""The checks that complain of what was told, not of what became of it."""
CLOCK = st.integers(-3, 3).map(lambda hours: NOON + timedelta(hours=hours))
"""The log's clock, which is set back as often as on."""


class Ingesting(RuleBasedStateMachine):
    """A log that is written to, a warehouse that takes from it, and the trouble that there may be."""

    held = Bundle("held")

    @initialize()
    def open(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="machine-"))
        self.log, self.warehouse = FolderLog(self.home / "log", partitions=PARTITIONS), self.home / "warehouse.duckdb"
        self.known: dict[bytes, Event | None] = {}
        self.stored: dict[int, int] = {}
        self.settled: dict[tuple[int, int], Event] = {}
        self.changed = True
        with write(self.warehouse) as connection:
            register(connection, [HELP, WORKSHOP])

    def teardown(self) -> None:
        shutil.rmtree(getattr(self, "home", ""), ignore_errors=True)

    @rule(lines=st.lists(LINES, min_size=1, max_size=12), clock=CLOCK)
    def publish(self, lines: Sequence[Line], clock: datetime) -> None:
        self.known |= {each.entry.value: each.event for each in lines}
        self.log.append([each.entry for each in lines], recorded_at=clock)

    @rule(batch=st.integers(1, 8), batches=st.integers(1, 4))
    def ingest_some(self, batch: int, batches: int) -> None:
        turns = itertools.count()
        self._ingest(batch, stopped=lambda: next(turns) >= batches)

    @precondition(lambda self: self._waiting())
    @rule(target=held, limit=st.integers(1, 8), data=st.data())
    def read_a_batch(self, limit: int, data: st.DataObject) -> tuple[Batch, int | None]:
        """Have an ingester read a batch; it may come to store it now, late, or never."""
        return self._read(limit, data)

    @rule(batch=held)
    def store_a_batch(self, batch: tuple[Batch, int | None]) -> None:
        """Store what was read, perhaps long ago; the fence lets it in only where nobody was faster."""
        self.changed = True
        lines, expected = batch
        if self.stored.get(lines.partition) == expected:
            take(lines, self.warehouse, expected=expected)
            self.stored[lines.partition] = lines.next_position
        else:
            with pytest.raises(OffsetMoved):
                take(lines, self.warehouse, expected=expected)

    @precondition(lambda self: self._waiting())
    @rule(limit=st.integers(1, 8), statement=st.integers(0, STATEMENTS), data=st.data())
    def die_while_storing(self, limit: int, statement: int, data: st.DataObject) -> None:
        """Have a process die right before a statement of its transaction, or after the last."""
        self.changed = True
        lines, expected = self._read(limit, data)
        if not dies_inside(lines, self.warehouse, expected=expected, statement=statement):
            self.stored[lines.partition] = lines.next_position

    @rule()
    def rebuild(self) -> None:
        self.changed = True
        with write(self.warehouse) as connection:
            refresh(connection)
            before = marts(connection)
            rebuild(connection)
            assert marts(connection) == before

    @precondition(lambda self: len(self.known) > ENOUGH)
    @rule()
    def take_all_at_once(self) -> None:
        """What came in bit by bit is what comes in at once."""
        self._ingest(batch=100)
        assert not self._waiting()
        once = self.home / "once.duckdb"
        once.unlink(missing_ok=True)
        ingest(self.log, once)
        with write(self.warehouse) as one, write(once) as other:
            refresh(one)
            refresh(other)
            assert marts(one) == marts(other)

    @rule()
    def compute_nothing(self) -> None:
        """Clear every mark, as who has computed it would."""
        self.changed = True
        with write(self.warehouse) as connection:
            refresh(connection)
            done = marks(connection, since=date.min, until=date.max)
        replace(self.warehouse, Results(marks=done), computed_at=NOON)
        self.settled = dict(self._taken().events)

    @invariant()
    def everything_stands_once(self) -> None:
        if not self.changed:
            return
        self.changed = False
        wanted = self._taken()
        with read(self.warehouse) as connection:
            assert not [each for each in complaints(connection) if each.check not in ANSWERED]
            assert _places(connection, "events", "id") == {place: each.id for place, each in wanted.events.items()}
            assert _places(connection, "rejects", "''").keys() == wanted.rejects
            assert dict(connection.execute("SELECT * FROM ingest_offset").fetchall()) == self.stored
            rows = connection.execute("SELECT metric, week FROM stale").fetchall()
            assert connection.execute("SELECT first_week, last_week FROM span").fetchall() == [_span(wanted)]
        assert set(rows) >= self._touched(wanted)

    def _ingest(self, batch: int, *, stopped: Callable[[], bool] = lambda: False) -> None:
        self.changed = True
        before, waited = self._taken(), sum(self.stored.values())
        done = ingest(self.log, self.warehouse, batch=batch, stopped=stopped)
        self.stored = positions(self.warehouse)
        after, lines = self._taken(), sum(self.stored.values()) - waited
        new, rejected = len(after.events) - len(before.events), len(after.rejects) - len(before.rejects)
        assert done == Ingested(lines, new, lines - new - rejected, rejected)

    def _read(self, limit: int, data: st.DataObject) -> tuple[Batch, int | None]:
        """Return what comes next of a partition, and the fence."""
        number = data.draw(st.sampled_from(self._waiting()))
        return self.log.read(number, self.stored.get(number, 0), limit=limit), self.stored.get(number)

    def _waiting(self) -> list[int]:
        return [number for number, end in self.log.ends().items() if end > self.stored.get(number, 0)]

    def _taken(self) -> Taken:
        """Return what the lines up to where each partition was read must have become; they are read as they lie."""
        taken, first = Taken(), defaultdict[str, list[bytes]](list)
        for number, end in self.stored.items():
            (segment,) = (self.home / "log" / str(number)).glob("*.ndjson")
            for position, value in enumerate(segment.read_bytes().splitlines()[:end]):
                event = self.known[value]
                if event is None or first[event.id] not in ([], [value]):
                    taken.rejects.add((number, position))
                elif not first[event.id]:
                    first[event.id] = [value]
                    taken.events[number, position] = event
        return taken

    def _touched(self, taken: Taken) -> set[tuple[str, date]]:
        """Return the least that has to be computed: the weeks reached by what came, or went, since the last time."""
        named = {event.id: event for event in taken.events.values()}
        _, last = _span(taken)
        found = set()
        for event in (each for place, each in taken.events.items() if place not in self.settled):
            touching = named.get(event.data.id) if isinstance(event.data, EventRetracted) else event
            if touching is not None and (reach := REACHES.get(type(touching.data))):
                weeks = (_monday(touching) + step * WEEK for step in range(reach.reach))
                found |= {(reach.metric, week) for week in weeks if last and week <= last}
        return found


def _monday(event: Event) -> date:
    return event.time.date() - timedelta(days=event.time.weekday())


def _span(taken: Taken) -> tuple[date | None, date | None]:
    """Return the weeks of the first and of the last activity."""
    weeks = [_monday(event) for event in taken.events.values() if isinstance(event.data, ACTIVITY)]
    return (min(weeks), max(weeks)) if weeks else (None, None)


def _places(connection: Connection, table: str, column: str) -> dict[tuple[int, int], str]:
    rows = connection.execute(f"SELECT partition, position, {column} FROM {table}").fetchall()
    assert len({row[:2] for row in rows}) == len(rows)
    return {(partition, position): value for partition, position, value in rows}


def test_a_death_before_any_statement_leaves_nothing_of_the_batch(log: FolderLog, home: Path) -> None:
    events = [line(each) for each in (told(0), told(1), take_back(told(0)), told(0))]
    log.append([each.entry for each in (*events, poison(0, 3))], recorded_at=NOON)
    lines, statement = log.read(0, 0), 0
    while dies_inside(lines, home, expected=None, statement=statement):
        statement += 1
        with read(home) as connection:
            for table in ("events", "rejects", "ingest_offset", "stale", "pending"):
                assert connection.execute(f"SELECT count(*) FROM {table}").fetchall() == [(0,)], (table, statement)
    assert STATEMENTS > statement > len(("BEGIN", "the offset", "the events", "the rejects", "COMMIT"))
    with read(home) as connection:
        assert len(_places(connection, "events", "id")) == 3
        assert _places(connection, "rejects", "reason").keys() == {(0, 4)}
        assert connection.execute("FROM ingest_offset").fetchall() == [(0, 5)]


def test_whatever_happens_the_record_is_what_the_lines_make_it() -> None:
    run_state_machine_as_test(Ingesting, settings=settings(max_examples=3, stateful_step_count=12))


@pytest.mark.slow
def test_whatever_happens_for_long_the_record_is_what_the_lines_make_it() -> None:
    run_state_machine_as_test(Ingesting, settings=settings(max_examples=20, stateful_step_count=40))
