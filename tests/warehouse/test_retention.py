"""Retention: what is kept no longer leaves the tables, the marts, the folders and the bytes of the file."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from producers.errors import WarehouseBusy
from producers.event import (
    Attendee,
    ConsentWithdrawn,
    Event,
    HelpAnswered,
    HelpRequested,
    InputSummarised,
    MemberJoined,
    SkillDeclared,
    WorkshopHeld,
    encode,
)
from producers.log import Entry
from producers.log.folder import FolderLog
from producers.settings import Settings
from tests.story import person, tell
from tests.warehouse.life import story
from warehouse.check import complaints
from warehouse.connection import read, write
from warehouse.ingest import ingest
from warehouse.mart import refresh
from warehouse.retention import KEPT, retire, rewrite
from warehouse.stale import Reach, mark_all, marks, register

pytestmark = pytest.mark.integration
PRESENT = datetime(2026, 11, 24, 3, tzinfo=UTC)
OLD, YOUNG = "2023-11-20", "2023-11-27"
"""On either side of three years ago."""
HELP = Reach("help", "f", 2, ("help.requested", "help.answered"), "1")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def take(settings: Settings, events: Sequence[Event | bytes], *, recorded_at: datetime = PRESENT) -> None:
    log = FolderLog(settings.home / "log", partitions=1)
    entries = [Entry("k", each) if isinstance(each, bytes) else Entry(each.key, encode(each)) for each in events]
    log.append(entries, recorded_at=recorded_at)
    ingest(log, settings.warehouse)
    with write(settings.warehouse) as connection:
        refresh(connection)


def removed(settings: Settings, present: datetime = PRESENT) -> dict[str, int]:
    return {what: count for what, count in retire(settings, present=present).items() if count}


def one(settings: Settings, query: str) -> list[object]:
    with read(settings.warehouse) as connection:
        return [row[0] for row in connection.execute(query).fetchall()]


def held(day: str, *members: int) -> Event:
    seats = [Attendee(member=person(each), role="learner") for each in members]
    return tell(WorkshopHeld(place="lab", attendees=seats), f"w-{day}", day)


def test_activities_of_over_three_years_ago_leave_the_record_and_the_marts(settings: Settings) -> None:
    take(settings, [held(OLD, 1, 2), held(YOUNG, 2, 3)])
    assert removed(settings) == {"activities": 1}
    assert one(settings, "SELECT subject FROM events") == [f"w-{YOUNG}"]
    assert one(settings, "SELECT DISTINCT member FROM attendance ORDER BY ALL") == [person(2), person(3)]
    assert one(settings, "SELECT member FROM member ORDER BY ALL") == [person(2), person(3)]


def test_doing_it_again_removes_nothing_more(settings: Settings) -> None:
    take(settings, [held(OLD, 1), held(YOUNG, 2)])
    assert removed(settings) == {"activities": 1}
    before = settings.warehouse.stat().st_ino
    assert removed(settings) == {}
    assert settings.warehouse.stat().st_ino == before


def test_a_young_record_stays_word_for_word(settings: Settings) -> None:
    take(settings, story())
    assert removed(settings) == {}
    assert one(settings, "SELECT count(*) FROM events") == [len(story())]


def test_who_joined_and_who_objected_stays(settings: Settings) -> None:
    told = [
        tell(MemberJoined(place="lab", public="general"), person(1), OLD),
        tell(ConsentWithdrawn(purpose="analytics"), person(1), OLD),
        tell(SkillDeclared(skill="laser", level=1, place="lab"), person(1), OLD),
    ]
    take(settings, told)
    assert removed(settings) == {"activities": 1}
    assert one(settings, "SELECT kind_of(type) FROM events ORDER BY ALL") == ["consent.withdrawn", "member.joined"]


def test_a_published_data_set_stays(settings: Settings) -> None:
    summary = InputSummarised(title="Dump", legal_basis="public_data", read=1, published=1, ignored=0, rejected=0)
    take(settings, [held(OLD, 1), tell(summary, "urn:test", "2026-11-20")])
    assert removed(settings) == {}


def test_a_request_goes_with_its_answers_and_stays_with_them(settings: Settings) -> None:
    asked = [tell(HelpRequested(skills=["laser"], requester=person(1)), name, OLD) for name in ("q1", "q2")]
    answers = [
        tell(HelpAnswered(answer="a1", helper=person(2)), "q1", "2023-11-21"),
        tell(HelpAnswered(answer="a2", helper=person(2)), "q2", YOUNG),
    ]
    take(settings, asked + answers)
    assert removed(settings) == {"activities": 2}
    assert one(settings, "SELECT DISTINCT subject FROM events") == ["q2"]
    with read(settings.warehouse) as connection:
        assert complaints(connection) == []


def test_what_stands_for_a_week_is_not_made_again_from_what_is_left(settings: Settings) -> None:
    with write(settings.warehouse) as connection:
        register(connection, [HELP])
    take(settings, [held(OLD, 1), held("2023-11-21", 1), held("2024-01-10", 1), held("2024-02-10", 2)])
    removed(settings)
    with read(settings.warehouse) as connection:
        weeks = [mark.week for mark in marks(connection, since=date.min, until=date.max)]
    assert weeks[0] == date(2023, 12, 4), "the week after the one that the cut falls into, plus what reaches back"
    assert (
        one(settings, "SELECT since FROM retired") == one(settings, "SELECT until FROM retired") == [date(2023, 11, 20)]
    )


def test_where_nothing_was_retired_every_mark_stands_however_far_a_metric_reaches(settings: Settings) -> None:
    with write(settings.warehouse) as connection:
        register(connection, [Reach("growth", "f", 80, ("workshop.held",), "1")])
    take(settings, [held("2024-11-18", 1), held("2026-11-09", 1)])
    before = one(settings, "SELECT week FROM stale ORDER BY week")
    assert len(before) == 104
    assert removed(settings) == {}
    assert one(settings, "SELECT week FROM stale ORDER BY week") == before
    assert one(settings, "SELECT first_week FROM span") == [date(2024, 11, 18)]


def test_weeks_before_anything_was_retired_stay_open(settings: Settings) -> None:
    summary = InputSummarised(title="Dump", legal_basis="public_data", read=1, published=1, ignored=0, rejected=0)
    seats = [Attendee(member=person(3), role="learner")]
    archive = tell(WorkshopHeld(place="lab", attendees=seats), "archive", "2023-09-05", source="urn:dump")
    with write(settings.warehouse) as connection:
        register(connection, [HELP])
    take(settings, [archive, tell(summary, "urn:dump", "2026-11-20", source="urn:dump"), held(OLD, 1), held(YOUNG, 2)])
    assert removed(settings) == {"activities": 1}
    weeks = one(settings, "SELECT week FROM stale ORDER BY week")
    assert weeks[0] == date(2023, 9, 4)
    assert date(2023, 11, 13) in weeks
    assert date(2023, 11, 20) not in weeks


def test_a_closed_week_that_is_marked_later_is_closed_again(settings: Settings) -> None:
    with write(settings.warehouse) as connection:
        register(connection, [HELP])
    take(settings, [held(OLD, 1), held("2024-02-10", 2)])
    removed(settings)
    with write(settings.warehouse) as connection:
        mark_all(connection)
    removed(settings)
    assert one(settings, "SELECT min(week) FROM stale") == [date(2023, 12, 4)]


def test_ties_and_figures_about_a_member_go_and_those_about_the_network_stay(settings: Settings) -> None:
    take(settings, [held("2023-11-14", 1, 2)])
    with write(settings.warehouse) as connection:
        register(connection, [HELP])
        for week in ("2023-11-13", "2023-11-27"):
            connection.execute(f"INSERT INTO tie VALUES (DATE '{week}', 'help', 'a', 'b', 1, 1)")
            for kind in ("member", "network"):
                connection.execute(
                    f"INSERT INTO metric_value VALUES ('help', DATE '{week}', 'help', '{kind}', 'a', 1, 1, 1, 1, now())"
                )
    assert removed(settings) == {"activities": 1, "ties": 1, "figures about one member": 1}
    assert one(settings, "SELECT DISTINCT week FROM tie") == [date(2023, 11, 27)]
    assert one(settings, "SELECT subject_kind FROM metric_value ORDER BY week, subject_kind") == [
        *("network", "member", "network"),
    ]


def test_old_rejects_go(settings: Settings) -> None:
    take(settings, [b"no event"], recorded_at=PRESENT - timedelta(days=1200))
    take(settings, [b"no event either"])
    assert removed(settings) == {"rejects": 1}


def test_the_bytes_leave_the_file(settings: Settings) -> None:
    known = tell(HelpRequested(skills=["zzz-needle-zzz"], requester=person(1)), "q-needle-9", OLD)
    take(settings, [known, held(YOUNG, 2)])
    assert b"zzz-needle-zzz" in settings.warehouse.read_bytes(), "else this proves nothing"
    assert removed(settings) == {"activities": 1}
    assert b"needle" not in settings.warehouse.read_bytes()


def test_a_rewritten_warehouse_is_the_same_warehouse(settings: Settings) -> None:
    take(settings, story())
    looks = (
        "SELECT table_name || column_name || data_type || comment FROM duckdb_columns() ORDER BY ALL",
        "SELECT view_name || sql || comment FROM duckdb_views() WHERE NOT internal ORDER BY ALL",
        "SELECT function_name || macro_definition FROM duckdb_functions() WHERE NOT internal ORDER BY ALL",
        "SELECT table_name || comment || estimated_size FROM duckdb_tables() ORDER BY ALL",
        "SELECT to_json(events) FROM events ORDER BY ALL",
        "SELECT to_json(member) FROM member ORDER BY ALL",
    )
    before = [one(settings, look) for look in looks]
    assert all(before)
    rewrite(settings.warehouse)
    assert [one(settings, look) for look in looks] == before
    take(settings, [held("2026-11-20", 1)])


def test_a_rewriting_that_was_cut_short_is_made_up_for(settings: Settings) -> None:
    take(settings, [held(OLD, 1)])
    settings.warehouse.with_name(".warehouse.duckdb.rewrite").touch()
    before = settings.warehouse.stat().st_ino
    retire(settings, present=datetime(2024, 1, 1, tzinfo=UTC))
    assert settings.warehouse.stat().st_ino != before
    assert not settings.warehouse.with_name(".warehouse.duckdb.rewrite").exists()


@pytest.mark.process
def test_a_warehouse_with_something_left_beside_it_is_not_replaced(settings: Settings) -> None:
    take(settings, story())
    killed = "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); c.execute('DELETE FROM rejects'); os._exit(1)"
    command = killed.replace("DELETE FROM rejects", "CREATE TABLE half (a INT)")
    subprocess.run([sys.executable, "-c", command, str(settings.warehouse)], check=False)
    with pytest.raises(WarehouseBusy, match="in the middle"):
        rewrite(settings.warehouse)
    assert sorted(path.name for path in settings.home.iterdir()) == ["log", "warehouse.duckdb", "warehouse.duckdb.wal"]


def test_old_files_go_and_young_ones_stay(settings: Settings) -> None:
    names = {
        "rejected/forum.ndjson": (30, "files of refused lines"),
        "staged/2026-W40/tie/marks.parquet": (7, "staged weeks"),
        "drafts/2026-W40/index.html": (30, "drafts of reports"),
        "tmp/known-abc/warehouse.duckdb": (1, "homes of past states"),
        ".published.duckdb.4711": (1, "unfinished files"),
        "identity.key": (0, ""),
        "site/2020/S01/fr/index.html": (0, ""),
    }
    for name, (days, _) in names.items():
        _made(settings.home / name, days=days - 0.5 if days else 4000)
    assert removed(settings) == {}
    for name, (days, _) in names.items():
        _made(settings.home / name, days=days + 0.5 if days else 4000)
    assert removed(settings) == {what: 1 for days, what in names.values() if days}
    assert [name for name in names if (settings.home / name).exists()] == [
        "identity.key",
        "site/2020/S01/fr/index.html",
    ]


def test_a_staged_week_is_as_old_as_the_youngest_in_it(settings: Settings) -> None:
    _made(settings.home / "staged/2026-W40/tie/marks.parquet", days=20)
    _made(settings.home / "staged/2026-W40/path/marks.parquet", days=2)
    os.utime(settings.home / "staged/2026-W40", (0, 0))
    assert removed(settings) == {}


def test_without_a_warehouse_only_files_are_looked_at(settings: Settings) -> None:
    assert set(retire(settings, present=PRESENT)) == {kept.what for kept in KEPT}
    assert not settings.warehouse.exists()


def _made(path: Path, *, days: float) -> None:
    """Have a file that was written so many days ago, and so were the folders that it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    at = (PRESENT - timedelta(days=days)).timestamp()
    for each in (path, *path.parents[:3]):
        os.utime(each, (at, at))
