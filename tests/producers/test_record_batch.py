"""Records read in columns are the records that kafka-python reads one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka.errors import CorruptRecordError
from kafka.record.default_records import DefaultRecordBatch, DefaultRecordBatchBuilder

from producers.log.cloudevents import HEADERS, structured
from producers.log.record_batch import Columns, columns

KEYS = st.none() | st.binary(max_size=200)
VALUES = st.none() | st.binary(max_size=300) | st.integers(0, 20_000).map(lambda size: b"x" * size)
OTHER_HEADERS = st.lists(st.tuples(st.text(max_size=20), st.none() | st.binary(max_size=80)), max_size=3)
Record = tuple[bytes | None, bytes | None, list[tuple[str, bytes | None]], int]

RECORDS = st.lists(st.tuples(KEYS, VALUES, st.just(HEADERS) | OTHER_HEADERS, st.integers(0, 10**9)), max_size=8)


def built(records: list[Record]) -> bytes:
    builder = DefaultRecordBatchBuilder(
        magic=2,
        compression_type=0,
        is_transactional=False,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=-1,
        batch_size=10**9,
    )
    for number, (key, value, headers, time) in enumerate(records):
        builder.append(number * 700, 1_700_000_000_000 + time, key, value, headers)
    return bytes(builder.build())


def stamped(batch: bytes) -> bytes:
    """Return the batch as a broker leaves it that writes its own time."""
    attributes = DefaultRecordBatch.ATTRIBUTES_OFFSET
    return batch[:attributes] + b"\x00\x08" + batch[attributes + 2 :]


def one_by_one(batch: bytes) -> Columns:
    records = list(DefaultRecordBatch(batch))
    return Columns(
        [record.offset for record in records],
        [record.timestamp * 1000 for record in records],
        [structured(record.headers, record.value) for record in records],
    )


@given(records=RECORDS, at_the_broker=st.booleans())
def test_columns_hold_what_kafka_python_reads(records: list[Record], *, at_the_broker: bool) -> None:
    batch = stamped(built(records)) if at_the_broker else built(records)
    assert columns(DefaultRecordBatch(batch)) == one_by_one(batch)


@given(st.lists(st.tuples(KEYS, VALUES.filter(bool), st.just(HEADERS), st.just(0)), min_size=1, max_size=5), st.data())
def test_a_batch_that_was_damaged_is_never_read_otherwise_than_kafka_python_reads_it(
    records: list[Record], data: st.DataObject
) -> None:
    whole = stamped(built(records))
    place = data.draw(st.integers(DefaultRecordBatch.HEADER_STRUCT.size, len(whole) - 1))
    batch = whole[:place] + bytes([data.draw(st.integers(0, 255))]) + whole[place + 1 :]
    try:
        wanted = one_by_one(batch)
    except (CorruptRecordError, UnicodeDecodeError):
        with pytest.raises((CorruptRecordError, UnicodeDecodeError)):
            columns(DefaultRecordBatch(batch))
    else:
        assert columns(DefaultRecordBatch(batch)) == wanted


def test_columns_are_taken_from_a_position_on_and_by_parts() -> None:
    kept = Columns()
    kept.extend(Columns([3, 5, 8], [1, 2, 3], [b"a", b"b", None]), since=4)
    assert kept.taken(1) == Columns([5], [2], [b"b"])
    assert kept == Columns([8], [3], [None])
    kept.extend(Columns([9], [4], [b"c"]), since=10)
    assert kept == Columns([8], [3], [None])
