from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.errors import EventError
from producers.event import MAX_BYTES, PAYLOADS, PREFIX, HelpRequested, WorkshopHeld, decode, encode, event
from tests.producers.examples import MEMBER, NAMES, envelope, line


def test_there_is_an_example_of_every_type() -> None:
    assert {f"{PREFIX}{name}.v1" for name in NAMES} == set(PAYLOADS)


@pytest.mark.parametrize("name", NAMES)
def test_an_event_comes_back_from_its_own_line(name: str) -> None:
    read = decode(line(name))
    assert decode(encode(read)) == read
    assert encode(decode(encode(read))) == encode(read)


def test_the_same_source_key_and_change_give_the_same_id() -> None:
    at = datetime(2026, 11, 9, tzinfo=UTC)
    asked = HelpRequested(skills=["laser"])
    first, again, other = (
        event(asked, source="urn:maillage:x", key=key, change="help.requested", subject="q1", time=at)
        for key in ("1", "1", "2")
    )
    assert first == again
    assert first.id != other.id


def test_a_field_that_the_contract_does_not_know_is_dropped() -> None:
    read = decode(line("member.joined", data={"public": "company", "email": "a@example.org"}))
    assert b"example.org" not in encode(read)


def test_related_events_share_the_place_as_key_or_else_the_subject() -> None:
    assert decode(line("workshop.held")).key == "lab-x"
    assert decode(line("help.answered")).key == "lab-x:q1"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"", "the line is empty"),
        (b"\xff\xfe\x00garbage", "not UTF-8"),
        (b"\x00\x01\x02", "not JSON"),
        (line("help.requested")[:-20], "not JSON"),
        (b"[]", "Expected `object`"),
        (line("help.requested", type="fr.maillage.help.imagined.v1"), "unknown event type"),
        (line("help.requested", type="fr.maillage.help.requested.v2"), r"unknown version v2 of .*known: v1"),
        (line("help.closed", data={}), "missing required field `outcome`"),
        (line("help.closed", time="2026-11-09T14:00:00"), "timezone"),
        (line("workshop.held", data={"head_count": -1}), "head_count"),
        (line("workshop.held", data={"head_count": 10**18}), "head_count"),
        (line("member.joined", subject="ada@example.org"), "holds a space, '@'"),
        (line("member.joined", subject="Ada"), "does not look like the id of a member"),
        (line("skill.declared", data={"skill": "mail ada@example.org"}), "skill"),
        (line("help.requested", id="x" * 201), "too long"),
        (line("help.requested", specversion="0.3"), "specversion"),
        (line("place.opened", data={"name": "Lab", "latitude": 91}), "latitude"),
    ],
)
def test_what_breaks_the_contract_is_refused_in_words(bad: bytes, reason: str) -> None:
    with pytest.raises(EventError, match=reason):
        decode(bad)


def test_a_line_of_fifty_megabytes_is_refused_at_once() -> None:
    huge = line("help.requested", id="x" * 50_000_000)
    started = time.perf_counter()
    with pytest.raises(EventError, match=f"at most {MAX_BYTES}"):
        decode(huge)
    assert time.perf_counter() - started < 0.1


def test_an_id_beyond_two_to_the_53_stays_exact() -> None:
    assert decode(line("help.answered", data={"answer": "9007199254740993"})).data.answer == "9007199254740993"  # type: ignore[attr-defined]  # a payload of that type has it


@given(st.binary(max_size=200))
def test_any_bytes_are_an_event_or_an_event_error(noise: bytes) -> None:
    with pytest.raises(EventError):
        decode(noise)


@given(st.dictionaries(st.sampled_from(list(envelope("workshop.held"))), st.none() | st.integers() | st.text()))
def test_any_damage_to_an_event_is_an_event_or_an_event_error(damage: dict[str, object]) -> None:
    with suppress(EventError):
        read = decode(msgspec.json.encode({**envelope("workshop.held"), **damage}))
        assert isinstance(read.data, WorkshopHeld)


def test_a_reason_does_not_repeat_what_could_be_personal() -> None:
    with pytest.raises(EventError) as caught:
        decode(line("member.joined", subject=MEMBER, data={"country": "Ada Lovelace, London"}))
    assert "Ada" not in str(caught.value)
