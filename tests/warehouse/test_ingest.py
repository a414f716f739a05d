"""Ingest: every line becomes an event, a duplicate or a reject, once, whatever happens."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from producers.errors import OffsetMoved, TrimmedOffset
from producers.event import encode
from producers.log import Entry
from producers.log.folder import FolderLog
from tests.story import Take, person
from tests.warehouse.life import story
from warehouse.check import complaints
from warehouse.connection import read, write
from warehouse.ingest import Ingested, ingest, waiting
from warehouse.ingest import take as take_batch

NOON = datetime(2026, 11, 16, 6, tzinfo=UTC)


def test_every_line_becomes_an_event_a_duplicate_or_a_reject(take: Take, home: Path) -> None:
    events = story()
    done = take([*events, events[0], b"garbage", encode(events[0]).replace(b'"Lab"', b'"Lob"')])
    assert done == Ingested(read=len(events) + 3, new=len(events), duplicates=1, rejected=2)
    with read(home) as connection:
        assert complaints(connection) == []
        reasons = [row[0] for row in connection.execute("SELECT reason FROM rejects ORDER BY position").fetchall()]
    assert any("not JSON" in reason for reason in reasons)
    assert any("other content" in reason for reason in reasons)


def test_ingesting_twice_changes_no_row(take: Take, home: Path) -> None:
    take(story())
    with read(home) as connection:
        before = connection.execute("SELECT * FROM events ORDER BY ALL").fetchall()
    assert take([]) == Ingested()
    assert take(story()).new == 0
    with read(home) as connection:
        assert connection.execute("SELECT * FROM events ORDER BY ALL").fetchall() == before


BAD = {
    "an empty line": (b" ", "empty"),
    "half a line": (encode(story()[0])[:80], "not JSON"),
    "binary garbage": (b"\xff\xfe\x00\x01", "not UTF-8"),
    "latin-1 text": ('{"specversion":"1.0","id":"é"}'.encode("latin-1"), "not UTF-8"),
    "a line of 50 MB": (b'{"x":"' + b"y" * 50_000_000 + b'"}', "at most 1048576"),
    "an unknown type": (encode(story()[0]).replace(b"place.opened", b"place.moved"), "unknown event type"),
    "an unknown version": (encode(story()[0]).replace(b".v1", b".v7"), "unknown version v7"),
    "a missing field": (encode(story()[0]).replace(b'"name":"Lab"', b'"nom":"Lab"'), "missing required field `name`"),
    "a time without a zone": (encode(story()[0]).replace(b"00Z", b"00"), "timezone"),
    "a time in the future": (encode(story()[0]).replace(b"2026-01-01", b"2099-01-01"), "in the future"),
    "a negative head count": (encode(story()[9]).replace(b'"head_count":5', b'"head_count":-5'), "head_count"),
    "a number for an id": (encode(story()[0]).replace(b'"id":"', b'"id":12345678901234567890,"x":"'), "`$.id`"),
    "a person's name for a pseudonym": (encode(story()[4]).replace(person(1).encode(), b"Jane.Doe"), "subject"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_line_is_rejected_with_its_reason_and_its_neighbours_are_not(name: str, take: Take, home: Path) -> None:
    line, reason = BAD[name]
    neighbours = story()
    done = take([*neighbours[:5], line, *neighbours[5:]])
    assert (done.new, done.rejected) == (len(neighbours), 1)
    with read(home) as connection:
        ((found, size),) = connection.execute("SELECT reason, size FROM rejects").fetchall()
    assert reason in found
    assert "Jane" not in found
    assert size == len(line)


def test_what_a_bad_value_was_is_never_repeated_in_the_reason(take: Take, home: Path) -> None:
    take([encode(story()[9]).replace(b'"learner"', b'"Jane Doe"')])
    with read(home) as connection:
        ((reason,),) = connection.execute("SELECT reason FROM rejects").fetchall()
    assert "Jane" not in reason
    assert "role" in reason


def test_fields_that_the_contract_does_not_know_do_not_settle(take: Take, home: Path) -> None:
    take([encode(story()[4]).replace(b'"public":', b'"email":"jane@example.org","public":')])
    with read(home) as connection:
        ((data,),) = connection.execute("SELECT data FROM events").fetchall()
    assert "jane" not in data


def test_a_second_ingester_notices_that_it_was_late_and_leaves_nothing(log: FolderLog, home: Path) -> None:
    log.append([Entry("k", encode(each)) for each in story()], recorded_at=NOON)
    (partition,) = [number for number, end in log.ends().items() if end]
    lines = log.read(partition, 0)
    take_batch(lines, home, expected=None)
    with pytest.raises(OffsetMoved, match="moved on"):
        take_batch(lines, home, expected=None)
    with read(home) as connection:
        assert connection.execute("SELECT count(*) FROM events").fetchall() == [(len(story()),)]
        assert complaints(connection) == []


def test_an_error_inside_the_transaction_undoes_all_of_the_batch(log: FolderLog, home: Path) -> None:
    log.append([Entry("k", encode(each)) for each in story()], recorded_at=NOON)
    (partition,) = [number for number, end in log.ends().items() if end]
    with write(home) as connection:
        connection.execute("ALTER TABLE pending RENAME TO elsewhere")
    with pytest.raises(Exception, match="pending"):
        take_batch(log.read(partition, 0), home, expected=None)
    with write(home) as connection:
        connection.execute("ALTER TABLE elsewhere RENAME TO pending")
        assert connection.execute("SELECT count(*) FROM events").fetchall() == [(0,)]
        assert connection.execute("SELECT count(*) FROM ingest_offset").fetchall() == [(0,)]
    assert ingest(log, home).new == len(story())


def test_a_position_that_the_log_does_not_have_is_an_error_and_no_jump(log: FolderLog, take: Take, home: Path) -> None:
    take(story())
    with write(home) as connection:
        connection.execute("UPDATE ingest_offset SET next_position = next_position + 10000")
    log.append([Entry("k", encode(each)) for each in story()] * 10, recorded_at=NOON)
    with pytest.raises(TrimmedOffset):
        ingest(log, home)


def test_a_duplicate_behind_other_content_is_held_against_the_record_and_not_against_its_neighbour(take: Take) -> None:
    take(story())
    first = story()[0]
    other = encode(first).replace(b'"Lab"', b'"Lob"')
    assert take([other, encode(first), other, encode(first)]) == Ingested(read=4, duplicates=2, rejected=2)


def test_what_waits_is_counted(log: FolderLog, take: Take, home: Path) -> None:
    assert waiting(log, home) == 0
    take(story())
    log.append([Entry("k", b"one"), Entry("k", b"two")])
    assert waiting(log, home) == 2
