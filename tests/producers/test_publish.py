from __future__ import annotations

import json
import stat
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.errors import EventError, InputError
from producers.event import Event, HelpClosed, HelpRequested, InputSummarised, event
from producers.publish import BATCH, Summary, publish
from producers.sources import Input, Item, Unreadable
from tests.producers.memory_log import MemoryLog

SOURCE = "urn:maillage:lab-x"
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
PUBLISHED, IGNORED, REJECTED, UNREADABLE = "published", "ignored", "rejected", "unreadable"


def asked(number: int, at: datetime | None = None) -> Event:
    return event(
        HelpRequested(skills=["laser"]),
        source=SOURCE,
        key=str(number),
        change="help.requested",
        subject=f"lab-x:q{number}",
        time=at or START + timedelta(hours=number),
    )


def parse(item: Item) -> Sequence[Event]:
    if isinstance(item.content, Event):
        return (item.content,)
    if item.content == REJECTED:
        raise EventError("it can't be mapped")
    return ()


def reading(*items: Item, source: str | None = SOURCE) -> Input:
    return Input(source=source, title="Lab X", legal_basis="public_data", items=iter(items), parse=parse)


def item(number: int, fate: str = PUBLISHED) -> Item:
    where = f"line {number}"
    if fate == PUBLISHED:
        return Item(where, asked(number))
    return Item(where, Unreadable(InputError("it is cut off"), "raw") if fate == UNREADABLE else fate)


def published(log: MemoryLog, home: Path, *items: Item, present: datetime | None = None) -> Summary:
    return publish(reading(*items), log, rejected_file=home / "rejected" / "x.ndjson", present=present)


def test_every_item_is_published_ignored_or_rejected(log: MemoryLog, tmp_path: Path) -> None:
    items = (item(1), item(2, IGNORED), item(3, REJECTED), item(4), item(5, UNREADABLE))
    summary = published(log, tmp_path, *items)
    assert (summary.read, summary.published, summary.ignored, summary.rejected) == (5, 2, 1, 2)
    assert (summary.first, summary.last) == (START + timedelta(hours=1), START + timedelta(hours=4))
    assert summary.events == len(log.entries) == 3


def test_the_last_event_sums_the_input_up(log: MemoryLog, tmp_path: Path) -> None:
    published(log, tmp_path, item(1), item(2, IGNORED), item(3, REJECTED))
    last = log.events()[-1]
    assert (last.source, last.subject, last.time) == (SOURCE, SOURCE, START + timedelta(hours=1))
    assert last.data == InputSummarised(
        title="Lab X", legal_basis="public_data", read=3, published=1, ignored=1, rejected=1
    )


def test_publishing_again_appends_only_what_the_log_knows(log: MemoryLog, tmp_path: Path) -> None:
    for _ in range(2):
        published(log, tmp_path, item(1), item(2), item(3, REJECTED))
    first, again = log.entries[:3], log.entries[3:]
    assert first == again


def test_an_input_that_grew_gets_a_summary_of_its_own(log: MemoryLog, tmp_path: Path) -> None:
    published(log, tmp_path, item(1))
    published(log, tmp_path, item(1), item(2, IGNORED))
    one, other = (each for each in log.events() if isinstance(each.data, InputSummarised))
    assert one.time == other.time
    assert one.id != other.id


def test_an_empty_input_is_no_event(log: MemoryLog, tmp_path: Path) -> None:
    assert published(log, tmp_path).events == 0
    assert not log.entries


def test_a_stream_with_its_own_summaries_gets_none_from_us(log: MemoryLog, tmp_path: Path) -> None:
    publish(reading(item(1), source=None), log, rejected_file=tmp_path / "x")
    assert len(log.entries) == 1


def test_what_was_rejected_stays_at_the_place_for_its_owner_alone(log: MemoryLog, tmp_path: Path) -> None:
    published(log, tmp_path, item(1), item(3, REJECTED), item(5, UNREADABLE), Item("line 7", b"\xff"))
    path = tmp_path / "rejected" / "x.ndjson"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [json.loads(line) for line in path.read_text().splitlines()] == [
        {"where": "line 3", "reason": "it can't be mapped", "content": REJECTED},
        {"where": "line 5", "reason": "it is cut off", "content": "raw"},
    ]


def test_a_run_without_rejects_takes_the_old_ones_away(log: MemoryLog, tmp_path: Path) -> None:
    published(log, tmp_path, item(3, REJECTED))
    published(log, tmp_path, item(3))
    assert not list((tmp_path / "rejected").iterdir())


def test_a_dry_run_counts_and_changes_nothing(log: MemoryLog, tmp_path: Path) -> None:
    given_input = reading(*(item(number) for number in range(9)), item(10, REJECTED))
    summary = publish(given_input, log, rejected_file=tmp_path / "x", dry_run=True)
    assert (summary.published, summary.rejected, len(summary.samples)) == (9, 1, 5)
    assert not log.entries
    assert not list(tmp_path.iterdir())


def test_the_samples_show_every_type_that_there_is(log: MemoryLog, tmp_path: Path) -> None:
    closed = event(
        HelpClosed(outcome="expired"), source=SOURCE, key="1", change="help.closed", subject="lab-x:q1", time=START
    )
    items = [*(item(number) for number in range(50)), Item("line 51", closed)]
    samples = published(log, tmp_path, *items).samples
    assert samples == (asked(0), closed, asked(1), asked(2), asked(3))


def test_what_lies_in_the_future_is_rejected_and_harms_no_other(log: MemoryLog, tmp_path: Path) -> None:
    late = Item("line 2", asked(2, datetime(2226, 1, 1, tzinfo=UTC)))
    summary = published(log, tmp_path, item(1), late, item(3), present=START + timedelta(days=1))
    assert (summary.published, summary.rejected) == (2, 1)
    assert summary.last == START + timedelta(hours=3)


def test_neighbours_of_one_clock_are_appended_together(log: MemoryLog, tmp_path: Path) -> None:
    clocks = [START, START, START + timedelta(days=1), START]
    items = [Item(f"{number}", asked(number), clock) for number, clock in enumerate(clocks)]
    published(log, tmp_path, *items)
    assert log.appends == [START, START + timedelta(days=1), START, None]


def test_a_long_input_is_appended_in_batches(log: MemoryLog, tmp_path: Path) -> None:
    made = asked(1)
    published(log, tmp_path, *(Item(f"line {number}", made) for number in range(2 * BATCH + 1)))
    assert len(log.appends) == 4


def test_progress_is_told_of_every_item(log: MemoryLog, tmp_path: Path) -> None:
    told: list[int] = []
    items = (item(number, (PUBLISHED, REJECTED)[number % 2]) for number in range(1234))
    publish(reading(*items), log, rejected_file=tmp_path / "x", progress=told.append)
    assert sum(told) == 1234


@given(fates=st.lists(st.sampled_from((PUBLISHED, IGNORED, REJECTED, UNREADABLE)), max_size=40))
def test_the_sum_holds_for_any_input_and_a_replay_is_the_same(
    fates: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    make: Callable[[], list[Item]] = lambda: [item(number, fate) for number, fate in enumerate(fates)]  # noqa: E731
    home, log, replayed = tmp_path_factory.mktemp("home"), MemoryLog(), MemoryLog()
    summary = published(log, home, *make())
    assert summary.read == summary.published + summary.ignored + summary.rejected == len(fates)
    assert summary.published == fates.count(PUBLISHED)
    assert summary == published(replayed, home, *make())
    assert log.entries == replayed.entries
