"""What every event log must do: the tests that the folder and Kafka both pass.

A test class inherits ``LogConformance`` and has a fixture ``fresh_log`` that makes a new, empty log of the stated
number of partitions and returns what opens it, as often as one likes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from producers.errors import LogError, TrimmedOffset
from producers.log import Batch, Entry, EventLog

Open = Callable[[], EventLog]
FreshLog = Callable[[int], Open]

lines = st.binary(min_size=1, max_size=200).filter(lambda line: b"\n" not in line)
batches = st.lists(st.lists(st.tuples(st.sampled_from(["a", "b", "é", "m_1"]), lines), max_size=5), max_size=4)


@contextmanager
def opened(fresh_log: FreshLog, partitions: int = 1) -> Iterator[EventLog]:
    with closing(fresh_log(partitions)()) as log:
        yield log


def everything(log: EventLog, partition: int = 0, *, limit: int = 10_000) -> list[Batch]:
    """Return the batches of one partition from its start to its end."""
    position, end, found = log.starts()[partition], log.ends()[partition], list[Batch]()
    while position < end:
        found.append(log.read(partition, position, limit=limit))
        position = found[-1].next_position
    return found


def values(log: EventLog, partition: int = 0, *, limit: int = 10_000) -> list[bytes | None]:
    return [value for batch in everything(log, partition, limit=limit) for value in batch.values]


def entries(*texts: bytes, key: str = "k") -> list[Entry]:
    return [Entry(key, text) for text in texts]


# The same property is held by both adapters on purpose, each example in a fresh log of the same test.
BOTH_LOGS = [HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]


class LogConformance:
    def test_a_new_log_is_empty(self, fresh_log: FreshLog) -> None:
        with opened(fresh_log, 2) as log:
            assert log.starts() == log.ends() == {0: 0, 1: 0}
            batch = log.read(1, 0)
        assert (batch.partition, batch.next_position) == (1, 0)
        assert len(batch.values) == len(batch.positions) == len(batch.recorded_at) == 0

    def test_what_was_appended_is_read_in_order(self, fresh_log: FreshLog) -> None:
        with opened(fresh_log) as log:
            assert log.append(entries(b"one", b"two")) == 2
            assert log.append(entries(b"three")) == 1
            assert values(log) == [b"one", b"two", b"three"]
            assert values(log, limit=1) == [b"one", b"two", b"three"]

    def test_appending_nothing_changes_nothing(self, fresh_log: FreshLog) -> None:
        with opened(fresh_log) as log:
            assert log.append([]) == 0
            assert log.ends() == {0: 0}

    def test_the_events_of_a_key_stay_on_one_partition_in_order(self, fresh_log: FreshLog) -> None:
        keys = [f"place-{number % 7}" for number in range(70)]
        with opened(fresh_log, 3) as log:
            log.append([Entry(key, f"{key} {number}".encode()) for number, key in enumerate(keys)])
            found = {partition: values(log, partition) for partition in range(3)}
        homes: dict[bytes, set[int]] = {}
        for partition, texts in found.items():
            numbers = {key: [int(t.split()[1]) for t in texts if t and t.split()[0] == key.encode()] for key in keys}
            assert all(each == sorted(each) for each in numbers.values())
            for text in texts:
                homes.setdefault((text or b"").split()[0], set()).add(partition)
        assert sum(map(len, found.values())) == 70
        assert len(homes) == 7
        assert all(len(home) == 1 for home in homes.values())

    def test_positions_rise_and_lead_on(self, fresh_log: FreshLog) -> None:
        with opened(fresh_log) as log:
            for number in range(5):
                log.append(entries(b"%d" % number, b"again"))
            found = everything(log, limit=3)
            positions = [position for batch in found for position in batch.positions]
            assert positions == sorted(set(positions))
            assert len(positions) == 10
            assert found[-1].next_position == log.ends()[0] > positions[-1]
            assert log.starts() == {0: 0}

    def test_a_batch_keeps_to_its_limit(self, fresh_log: FreshLog) -> None:
        with opened(fresh_log) as log:
            log.append(entries(*(b"%d" % number for number in range(25))))
            assert all(1 <= len(batch.values) <= 10 for batch in everything(log, limit=10))

    def test_reading_starts_anywhere(self, fresh_log: FreshLog) -> None:
        with opened(fresh_log) as log:
            for number in range(20):
                log.append(entries(b"%d" % number))
            assert log.read(0, 13, limit=1).values == [b"13"]
            assert log.read(0, 4, limit=1).values == [b"4"]
            assert next(iter(log.read(0, 4, limit=2).positions)) == 4

    def test_the_end_is_empty_and_beyond_it_is_an_error(self, fresh_log: FreshLog) -> None:
        with opened(fresh_log) as log:
            log.append(entries(b"one", b"two"))
            end = log.ends()[0]
            assert log.read(0, end).values == []
            with pytest.raises(TrimmedOffset, match=rf"{end + 1}.*expected 0 to {end}"):
                log.read(0, end + 1)

    def test_an_unknown_partition_is_refused(self, fresh_log: FreshLog) -> None:
        with opened(fresh_log, 2) as log, pytest.raises(LogError, match="no partition 2"):
            log.read(2, 0)

    def test_a_reader_at_the_end_sees_what_comes_next(self, fresh_log: FreshLog) -> None:
        open_log = fresh_log(1)
        with closing(open_log()) as writer, closing(open_log()) as reader:
            position = 0
            for number in range(4):
                assert reader.read(0, position).values == []
                writer.append(entries(b"%d" % number))
                batch = reader.read(0, position)
                assert batch.values == [b"%d" % number]
                position = batch.next_position

    def test_a_log_that_is_opened_again_goes_on(self, fresh_log: FreshLog) -> None:
        open_log = fresh_log(2)
        with closing(open_log()) as log:
            log.append(entries(b"one", key="a"))
        with closing(open_log()) as log:
            log.append(entries(b"two", key="a"))
            assert [values(log, partition) for partition in range(2)].count([b"one", b"two"]) == 1

    def test_two_writers_each_keep_their_order(self, fresh_log: FreshLog) -> None:
        open_log = fresh_log(1)
        with closing(open_log()) as first, closing(open_log()) as second:
            for number in range(5):
                first.append(entries(b"first %d" % number))
                second.append(entries(b"second %d" % number))
            found = values(first)
        assert [text for text in found if text and text.startswith(b"f")] == [b"first %d" % n for n in range(5)]
        assert [text for text in found if text and text.startswith(b"s")] == [b"second %d" % n for n in range(5)]
        assert len(found) == 10

    def test_bytes_that_are_no_json_survive(self, fresh_log: FreshLog) -> None:
        odd = [b"\x00", b"\xff\xfe", b"{", b"\r", b" ", b"\x1a\x85\xe2\x80\xa8", bytes(range(11, 256))]
        with opened(fresh_log) as log:
            log.append(entries(*odd))
            assert values(log) == odd

    @pytest.mark.parametrize("value", [b"", b"a\nb", b"\n"])
    def test_what_is_no_line_is_refused_with_its_whole_batch(self, fresh_log: FreshLog, value: bytes) -> None:
        with opened(fresh_log) as log:
            with pytest.raises(LogError, match=r"entry 1 .*nothing was written"):
                log.append(entries(b"good", value))
            assert log.ends() == {0: 0}

    def test_a_line_of_a_mebibyte_comes_back(self, fresh_log: FreshLog) -> None:
        big = b"x" * (1 << 20)
        with opened(fresh_log) as log:
            log.append(entries(b"small", big, b"small again"))
            assert values(log) == [b"small", big, b"small again"]

    def test_the_log_says_when_it_recorded(self, fresh_log: FreshLog) -> None:
        with opened(fresh_log) as log:
            before = time.time_ns() // 1_000_000 * 1000
            log.append(entries(b"one", b"two"))
            after = time.time_ns() // 1000
            batch = log.read(0, 0)
        assert len(batch.recorded_at) == 2
        assert all(before <= moment <= after for moment in batch.recorded_at)

    @settings(max_examples=15, deadline=None, suppress_health_check=BOTH_LOGS)
    @given(batches=batches)
    def test_any_batches_come_back_as_they_went_in(
        self, fresh_log: FreshLog, batches: list[list[tuple[str, bytes]]]
    ) -> None:
        with opened(fresh_log, 2) as log:
            for batch in batches:
                assert log.append([Entry(key, text) for key, text in batch]) == len(batch)
            found = [value for partition in range(2) for value in values(log, partition)]
        assert sorted(value or b"" for value in found) == sorted(text for batch in batches for _, text in batch)
