"""Erasure: a person leaves every store at once, nothing of her comes back, and a certificate proves it."""

from __future__ import annotations

import json
import os
import random
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from analytics.compute import compute, to_compute
from analytics.week import parse_week
from producers.errors import InputError, UsageError, WarehouseError
from producers.event import (
    PAYLOADS,
    Attendee,
    Event,
    EventRetracted,
    IdentityLinked,
    MachineUsed,
    Member,
    SkillDeclared,
    WorkshopHeld,
    decode,
    encode,
)
from producers.identity import read_key
from producers.log import Entry
from producers.log.folder import FolderLog
from producers.log.opening import open_log
from producers.log.topic import ensure_topic
from producers.settings import Settings
from producers.tombstone import ACTORS, tombstone, without
from tests.small_region import results
from tests.story import person, tell
from tests.warehouse.life import marts, whole_story
from warehouse.access import looks, note_look
from warehouse.backup import back_up, backups
from warehouse.certificate import commitment, verified
from warehouse.connection import read, write
from warehouse.erasure import erase
from warehouse.ingest import Ingested, ingest
from warehouse.mart import rebuild, refresh
from warehouse.reject import rejects, replay
from warehouse.scan import scan
from warehouse.snapshot import publish
from warehouse.stale import marks

pytestmark = pytest.mark.integration
PRESENT = datetime(2026, 11, 24, 3, tzinfo=UTC)
HER = person(1)
RECORD = "SELECT id, source, type, subject, occurred_at, recorded_at, data FROM events ORDER BY ALL"
_KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from producers.settings import Settings
from warehouse.erasure import erase
import duckdb, pandas, pyarrow
print("ready", flush=True)
erase(Settings(home=Path(sys.argv[1])), sys.argv[2], present=datetime(2026, 11, 24, 3, tzinfo=UTC))
print("done", flush=True)
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def take(settings: Settings, events: Sequence[Event]) -> Ingested:
    log = FolderLog(settings.home / "log", partitions=2)
    log.append([Entry(each.key, encode(each)) for each in events], recorded_at=PRESENT)
    done = ingest(log, settings.warehouse)
    with write(settings.warehouse) as connection:
        refresh(connection)
    publish(settings.warehouse, settings.snapshot)
    return done


def life() -> list[Event]:
    """Return the story, and a skill of hers that somebody has put down by mistake, in a week before all others."""
    early = tell(SkillDeclared(skill="loom"), HER, "2025-11-03")
    undone = tell(EventRetracted(source=early.source, id=early.id, reason="mistake"), "anything", "2026-03-02")
    again = tell(EventRetracted(source=undone.source, id=undone.id, reason="mistake"), "anything", "2026-03-03")
    return [*whole_story(), early, undone, again]


def as_if_never_known(events: Sequence[Event], *members: str) -> list[Event]:
    """Return the events as their sources would have told them of deleted accounts: an oracle that works on JSON."""
    lines = [json.loads(encode(each)) for each in events]
    stays = [line for line in lines if not {line["subject"], line["data"].get("other")} & {*members}]
    while (
        left := [line for line in stays if line["data"].get("id") in {None, *(each["id"] for each in stays)}]
    ) != stays:
        stays = left
    return [decode(json.dumps(_nulled(line, members)).encode()) for line in stays]


def _nulled(value: Any, members: Sequence[str]) -> Any:  # noqa: ANN401  any JSON
    if isinstance(value, dict):
        return {name: _nulled(each, members) for name, each in value.items()}
    if isinstance(value, list):
        return [_nulled(each, members) for each in value]
    return None if value in members else value


def world(path: Path) -> dict[str, list[Any]]:
    """Return the record and the marts, but for where each line stands in the log."""
    with read(path) as connection:
        return {"events": connection.execute(RECORD).fetchall(), **marts(connection)}


def bring_up_to_date(settings: Settings) -> None:
    compute(settings, to_compute(settings, PRESENT), present=PRESENT)


@pytest.mark.parametrize("number", [1, 2, 4, 6, 7])
def test_who_is_erased_was_never_known(settings: Settings, tmp_path: Path, number: int) -> None:
    take(settings, life())
    # 2 and 3 were said to be two persons after all.
    known = [person(6), person(7)] if number in {6, 7} else [person(number)]
    erase(settings, person(number), present=PRESENT)
    fresh = Settings(home=tmp_path / "fresh")
    take(fresh, as_if_never_known(life(), *known))
    assert world(settings.warehouse) == world(fresh.warehouse)
    with write(settings.warehouse) as connection:
        rebuild(connection)
    assert world(settings.warehouse) == world(fresh.warehouse)


def test_every_figure_becomes_what_it_would_have_been_and_only_stale_weeks_are_computed(
    settings: Settings, tmp_path: Path
) -> None:
    take(settings, life())
    bring_up_to_date(settings)
    before = results(settings.warehouse)
    erase(settings, HER, present=PRESENT)
    with read(settings.warehouse) as connection:
        stale = {mark.week for mark in marks(connection, since=date.min, until=date.max)}
    bring_up_to_date(settings)
    after = results(settings.warehouse)
    fresh = Settings(home=tmp_path / "fresh")
    take(fresh, as_if_never_known(life(), HER))
    bring_up_to_date(fresh)
    assert after == results(fresh.warehouse) != before
    assert parse_week("2026-W02").monday in stale


def test_no_store_names_her_afterwards(settings: Settings) -> None:
    take(settings, life())
    winter = [mark for mark in to_compute(settings, PRESENT) if mark.week < date(2026, 2, 1)]
    compute(settings, winter, present=PRESENT)
    back_up(settings.warehouse, settings.home / "backups", today=date(2026, 11, 20))
    note_look(settings.warehouse, HER, what="me", why="she asked", present=PRESENT)
    publish(settings.warehouse, settings.snapshot)
    for name in ("staged/2026-W02/tie.parquet", "drafts/2026/S02/fr/index.html", "tmp/known-x/warehouse.duckdb"):
        (settings.home / name).parent.mkdir(parents=True)
        (settings.home / name).write_text(f"names {HER}")
    (settings.home / ".warehouse.duckdb.4711").write_text(HER)
    assert len(named(settings)) >= 5, "else this proves nothing"
    erase(settings, HER, present=PRESENT)
    assert named(settings) == []
    for path in (settings.warehouse, settings.snapshot, *backups(settings.home / "backups").values()):
        with read(path) as connection:
            found = scan(connection, [HER])
            assert ("events", "data") in found
            assert not any(found.values())


def named(settings: Settings) -> list[str]:
    every = (path for path in settings.home.rglob("*") if path.is_file())
    return sorted(str(path.relative_to(settings.home)) for path in every if HER.encode() in path.read_bytes())


def test_a_repeated_event_of_hers_is_refused_and_one_of_others_is_known(settings: Settings) -> None:
    take(settings, life())
    erase(settings, HER, present=PRESENT)
    before = world(settings.warehouse)
    about_her = [each for each in life() if each.subject == HER]
    done = take(settings, life())
    # retractions of what has gone name nobody and take back nothing
    assert (done.rejected, done.new) == (len(about_her), 2)
    with read(settings.warehouse) as connection:
        assert {each.reason for each in rejects(connection)} == {
            "a member was erased at her request, and this was about her"
        }
        assert not any(scan(connection, [HER]).values())
    after = world(settings.warehouse)
    assert {name for name in after if after[name] != before[name]} == {"events"}


def test_what_is_new_about_others_is_taken_without_her(settings: Settings) -> None:
    take(settings, life())
    erase(settings, HER, present=PRESENT)
    seats = [Attendee(member=HER, role="learner"), Attendee(member=person(2), role="instructor")]
    done = take(
        settings,
        [
            tell(WorkshopHeld(place="lab", attendees=seats), "w9", "2026-05-04"),
            tell(MachineUsed(member=HER, place="lab"), "laser-1", "2026-05-05"),
        ],
    )
    assert (done.new, done.rejected) == (2, 0)
    with read(settings.warehouse) as connection:
        rows = connection.execute("SELECT member FROM attendance WHERE workshop = 'w9'").fetchall()
        assert rows == [(person(2),)]


def test_a_refused_line_of_hers_is_not_given_another_try(settings: Settings) -> None:
    take(settings, life())
    erase(settings, HER, present=PRESENT)
    line = encode(tell(SkillDeclared(skill="weld"), HER, "2026-05-04"))
    log = FolderLog(settings.home / "log")
    done = replay(log, settings.warehouse, [line], present=PRESENT)
    assert (done.appended, sum(done.refused.values())) == (0, 1)


def test_every_pseudonym_of_a_person_is_erased_with_her(settings: Settings) -> None:
    take(settings, whole_story())
    erase(settings, person(7), present=PRESENT)
    assert take(settings, [tell(SkillDeclared(skill="weld"), person(6), "2026-05-04")]).rejected == 1


def test_a_link_that_the_marts_do_not_show_yet_counts(settings: Settings) -> None:
    take(settings, life())
    linked = tell(IdentityLinked(other=person(8)), HER, "2026-05-04")
    log = FolderLog(settings.home / "log")
    log.append([Entry(linked.key, encode(linked))], recorded_at=PRESENT)
    ingest(log, settings.warehouse)
    erase(settings, HER, present=PRESENT)
    assert take(settings, [tell(SkillDeclared(skill="weld"), person(8), "2026-05-05")]).rejected == 1


def test_a_folder_log_keeps_its_positions_and_forgets_her(settings: Settings, tmp_path: Path) -> None:
    take(settings, life())
    ends = FolderLog(settings.home / "log").ends()
    erase(settings, HER, present=PRESENT)
    assert FolderLog(settings.home / "log").ends() == ends
    again = Settings(home=tmp_path / "again")
    ingest(FolderLog(settings.home / "log"), again.warehouse)
    with write(again.warehouse) as connection:
        refresh(connection)
        assert {each.reason for each in rejects(connection)} == {"the line is empty; expected one event"}
        assert not any(scan(connection, [HER]).values())
    assert take(settings, [tell(SkillDeclared(skill="weld"), person(2), "2026-05-04")]).new == 1


def test_what_was_not_ingested_yet_is_ingested_without_her(settings: Settings) -> None:
    take(settings, life())
    seats = [Attendee(member=HER, role="learner"), Attendee(member=person(2), role="instructor")]
    waiting = tell(WorkshopHeld(place="lab", attendees=seats), "w9", "2026-05-04")
    FolderLog(settings.home / "log").append([Entry(waiting.key, encode(waiting))], recorded_at=PRESENT)
    erase(settings, HER, present=PRESENT)
    done = ingest(FolderLog(settings.home / "log"), settings.warehouse)
    assert (done.new, done.rejected) == (1, 0)


def test_the_certificate_verifies_and_fails_when_any_byte_is_changed(settings: Settings, tmp_path: Path) -> None:
    take(settings, life())
    done = erase(settings, HER, present=PRESENT)
    key = read_key(settings.home)
    found = verified(done.certificate, key)
    assert found.events_removed + found.events_reduced > 0
    assert {store.store for store in found.stores} == {"warehouse", "published copy"}
    text = done.certificate.read_bytes()
    changed = tmp_path / "changed.json"
    for place in range(len(text)):
        changed.write_bytes(text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :])
        with pytest.raises(InputError, match="does not verify"):
            verified(changed, key)
    for other in (text + b"\n", text[:-1], b"", b"{}"):
        changed.write_bytes(other)
        with pytest.raises(InputError, match="does not verify"):
            verified(changed, key)
    with pytest.raises(InputError, match="another place"):
        verified(done.certificate, read_key(tmp_path / "elsewhere"))


def test_the_certificate_names_nobody_and_the_receipt_ties_it_to_her(settings: Settings) -> None:
    take(settings, life())
    done = erase(settings, HER, present=PRESENT)
    text, key = done.certificate.read_text(), read_key(settings.home)
    assert "m_" not in text
    assert tombstone(key, HER) not in text
    assert done.receipt not in text
    found = verified(done.certificate, key)
    assert found.commitment == commitment(done.receipt, HER) != commitment(done.receipt, person(2))


def test_the_certificate_says_what_was_found_and_that_nothing_is_left(settings: Settings) -> None:
    take(settings, life())
    with read(settings.warehouse) as connection:
        before = {column: rows for column, rows in scan(connection, [HER]).items() if rows}
    store = verified(erase(settings, HER, present=PRESENT).certificate, read_key(settings.home)).stores[0]
    assert {(each.table, each.column): each.before for each in store.named} == before
    assert {each.after for each in store.named} == {0}
    assert store.scanned > 50


def test_erasing_again_finds_the_certificate_again(settings: Settings) -> None:
    take(settings, life())
    first = erase(settings, HER, present=PRESENT)
    inode = settings.warehouse.stat().st_ino
    second = erase(settings, HER, present=PRESENT + timedelta(days=1))
    assert (second.certificate, second.receipt) == (first.certificate, "")
    assert settings.warehouse.stat().st_ino == inode


def test_who_is_not_known_is_not_erased(settings: Settings) -> None:
    take(settings, life())
    with pytest.raises(UsageError, match="nothing is held"):
        erase(settings, person(99), present=PRESENT)
    assert not (settings.home / "erasures").exists()


def test_without_a_warehouse_nobody_is_erased_and_none_is_made(settings: Settings) -> None:
    with pytest.raises(WarehouseError, match="run: maillage ingest --once"):
        erase(settings, HER, present=PRESENT)
    assert not settings.warehouse.exists()


def test_files_of_refused_lines_are_told_with_the_day_they_go(settings: Settings) -> None:
    take(settings, life())
    path = settings.home / "rejected" / "forum.ndjson"
    path.parent.mkdir()
    path.touch()
    written = datetime(2026, 11, 20, tzinfo=UTC)
    os.utime(path, (written.timestamp(), written.timestamp()))
    found = verified(erase(settings, HER, present=PRESENT).certificate, read_key(settings.home))
    assert [(each.what, each.until) for each in found.remains] == [
        ("files of refused lines", datetime(2026, 12, 20, tzinfo=UTC))
    ]


def test_a_page_that_names_her_is_taken_down(settings: Settings) -> None:
    take(settings, life())
    page = settings.site / "2026" / "S02" / "fr" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text(f"<p>{HER}</p>")
    other = page.with_name("other.html")
    other.write_text("<p>nobody</p>")
    assert erase(settings, HER, present=PRESENT).withdrawn == (page,)
    assert not page.exists()
    assert other.exists()


def test_who_looked_is_kept_until_she_is_erased(settings: Settings) -> None:
    take(settings, life())
    note_look(settings.warehouse, HER, what="me", why="she asked", present=PRESENT)
    with read(settings.warehouse) as connection:
        (look,) = looks(connection, [HER])
    assert (look.looked_at, look.what, look.why, bool(look.who)) == (PRESENT, "me", "she asked", True)


def test_every_field_that_names_a_member_is_known_to_forgetting() -> None:
    """A payload that names members in a new field would let them through: then this fails."""
    named = {
        (payload.__name__, name)
        for payload in PAYLOADS.values()
        for name, hint in get_type_hints(payload, include_extras=True).items()
        if str(Member) in str(hint) or "Attendee" in str(hint)
    }
    assert {name for _, name in named} == {*ACTORS, "attendees", "other"}


@given(number=st.integers(0, 30), others=st.sets(st.integers(1, 7), min_size=1))
@examples(max_examples=60)
def test_what_is_left_of_an_event_names_none_of_them(number: int, others: set[int]) -> None:
    event = life()[number % len(life())]
    members = {person(each) for each in others}
    left = without(event, members)
    if left is None:
        assert event.subject in members or getattr(event.data, "other", None) in members
        return
    assert not any(member in encode(left).decode() for member in members)
    assert msgspec.structs.replace(left, data=event.data) == event
    assert without(left, members) == left
    if not any(member in encode(event).decode() for member in members):
        assert left == event


@contextmanager
def erasing(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Have a process that begins to erase her when it is let."""
    command = [sys.executable, "-c", _KILLED, str(home), HER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process


def killed(home: Path, after: float) -> bool:
    """Return whether the process was killed before it was done."""
    with erasing(home) as process:
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        assert process.stdout is not None
        return "done" not in process.stdout.read()


def _seconds(home: Path) -> float:
    """Return how long an erasure takes when nobody kills it."""
    take(Settings(home=home), life())
    with erasing(home) as process:
        begun = time.monotonic()
        assert process.wait(60) == 0
        return time.monotonic() - begun


def _kill_again_and_again(tmp_path: Path, kills: int) -> None:
    seed = int(os.environ.get("MAILLAGE_TEST_SEED") or secrets.randbelow(1_000_000))
    print(f"\nrepeat with MAILLAGE_TEST_SEED={seed}")  # noqa: T201
    rng = random.Random(seed)  # noqa: S311  not for secrets
    spell, before, after = 1.3 * _seconds(tmp_path / "whole"), 0, 0
    for number in range(kills):
        settings = Settings(home=tmp_path / str(number))
        take(settings, life())
        back_up(settings.warehouse, settings.home / "backups", today=date(2026, 11, 20))
        whole = world(settings.warehouse)
        killed(settings.home, rng.uniform(0, spell))
        with write(settings.warehouse) as connection:
            known = any(scan(connection, [HER]).values())
            marked = connection.execute("SELECT count(*) FROM tombstone").fetchall() != [(0,)]
        assert known != marked, "she is known, or erased, and nothing between"
        if known:
            assert world(settings.warehouse) == whole
        before, after = before + known, after + marked
        spell *= 1.2 if known else 0.9  # the machine is faster or slower now than when it was measured
        done = erase(settings, HER, present=PRESENT)
        assert verified(done.certificate, read_key(settings.home)).events_removed > 0
        assert named(settings) == []
        assert not list(settings.home.glob(".*"))
        assert list((settings.home / "erasures").iterdir()) == [done.certificate]
    print(f"{before} kills before she was erased, {after} after")  # noqa: T201
    assert kills < 20 or (before and after)


@pytest.mark.process
def test_a_kill_leaves_her_known_or_erased_and_the_next_run_finishes(tmp_path: Path) -> None:
    _kill_again_and_again(tmp_path, 3)


@pytest.mark.slow
def test_twenty_kills_leave_her_known_or_erased(tmp_path: Path) -> None:
    _kill_again_and_again(tmp_path, 20)


@pytest.mark.kafka
def test_what_stands_in_a_topic_leaves_on_the_day_that_the_certificate_gives(kafka_broker: str, tmp_path: Path) -> None:
    topic = f"test.{time.time_ns()}"
    ensure_topic(kafka_broker, topic, partitions=1)
    settings = Settings(home=tmp_path / "home", log=f"kafka://{kafka_broker}/{topic}")
    with closing(open_log(settings.log_url)) as log:
        log.append([Entry(each.key, encode(each)) for each in life()])
        ingest(log, settings.warehouse)
        found = verified(erase(settings, HER, present=PRESENT).certificate, read_key(settings.home))
        assert [each.until for each in found.remains] == [PRESENT + timedelta(days=31)]
        assert "topic" in found.remains[0].what
        assert found.log_lines_erased == 0
        ends = log.ends()
        again = log.read(0, 0, limit=1000)
        log.append([Entry("k", value) for value in again.values if value])
        done = ingest(log, settings.warehouse)
    assert done.read == ends[0]
    assert done.rejected == len([each for each in life() if each.subject == HER])
