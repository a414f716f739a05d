"""Decoding in bulk gives what decoding one by one gives, for every line and whatever its neighbours are."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.bulk import data_texts, decode_all, type_names
from producers.errors import EventError
from producers.event import MAX_BYTES, Event, decode, encode, encode_data
from tests.producers.examples import NAMES, envelope, line

LINES = [line(name) for name in NAMES]
HOSTILE = [
    "",
    " ",
    "a b",
    "a\n",
    "Jane@Doe",
    "<b>",
    "é",
    "a\u00a0b",
    "\u2028",
    "m_1",
    "m_" + "0" * 24 + "\n",
    "x" * 300,
]
LEAVES: st.SearchStrategy[object] = st.one_of(
    st.sampled_from([*HOSTILE, None, True, -1, 10**12, 1.5, [], {}]), st.text(max_size=5)
)


def one_by_one(values: list[bytes | None]) -> list[Event | str]:
    """Return what ``decode`` gives or says for each value."""
    return [_decided(value) for value in values]


def _decided(value: bytes | None) -> Event | str:
    if value is None:
        return "the record is a tombstone without a value; expected one event"
    try:
        return decode(value)
    except EventError as error:
        return str(error)


def assert_same(values: list[bytes | None]) -> None:
    wanted = one_by_one(values)
    found = decode_all(values)
    kept = [(place, each) for place, each in enumerate(wanted) if isinstance(each, Event)]
    assert list(found.places) == [place for place, _ in kept]
    assert [(each.source, each.id, each.subject, each.time) for each in found.lines] == [
        (each.source, each.id, each.subject, each.time) for _, each in kept
    ]
    assert type_names(found.lines) == [each.type for _, each in kept]
    assert data_texts(found.lines) == b"".join(encode_data(each.data) + b"\n" for _, each in kept)
    assert found.refused == {place: each for place, each in enumerate(wanted) if isinstance(each, str)}


def test_every_type_is_decoded_as_one_by_one() -> None:
    assert_same([*LINES, *(encode(decode(each)) for each in LINES)])


def test_nothing_gives_nothing() -> None:
    assert_same([])


@pytest.mark.parametrize(
    "bad",
    [None, b"", b"\xff", b"{", b"[" * 200_000, LINES[0] + LINES[0], b'{"x":"' + b"y" * MAX_BYTES + b'"}'],
    ids=["tombstone", "empty", "no text", "torn", "deep", "two on a line", "too long"],
)
def test_a_bad_line_costs_no_neighbour(bad: bytes | None) -> None:
    assert_same([LINES[0], bad, *LINES[1:], bad])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_in_the_wrong_form_is_refused_wherever_it_stands(name: str, text: str) -> None:
    whole = envelope(name)
    values: list[bytes | None] = [line(name, **{field: text}) for field in ("id", "source", "subject", "type")]
    data = whole["data"]
    assert isinstance(data, dict)
    values += (
        msgspec.json.encode({**whole, "data": {**data, field: changed}})
        for field, value in data.items()
        for changed in (text, [text], _with(value, text))
    )
    assert_same([*values, *LINES])


def _with(value: object, text: str) -> object:
    """Return a list of objects with ``text`` in each of their fields; anything else as it is."""
    if isinstance(value, list):
        return [dict.fromkeys(item, text) if isinstance(item, dict) else text for item in value]
    return value


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_lines_with_any_field_changed_are_decoded_as_one_by_one(data: st.DataObject) -> None:
    values: list[bytes | None] = []
    for _ in range(data.draw(st.integers(1, 5))):
        whole = envelope(data.draw(st.sampled_from(NAMES)))
        payload = whole["data"]
        assert isinstance(payload, dict)
        whole["data"] = payload = dict(payload)  # the example itself stays as it is
        target = data.draw(st.sampled_from([whole, payload]))
        target[data.draw(st.sampled_from([*target, "unknown"]))] = data.draw(LEAVES)
        values.append(msgspec.json.encode(whole))
    assert_same([*values, *data.draw(st.lists(st.sampled_from(LINES), max_size=3))])
