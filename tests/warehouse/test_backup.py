"""Backups: a copy counts once it was opened and holds what the original holds."""

from __future__ import annotations

import stat
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.errors import WarehouseError
from producers.event import PlaceClosed
from tests.story import Take, tell
from tests.warehouse.life import story
from warehouse import snapshot
from warehouse.backup import DAILY, WEEKLY, Inventory, back_up, backups, inventory, kept, require_restorable
from warehouse.connection import read, write

pytestmark = pytest.mark.integration

TODAY = date(2026, 11, 24)
days = st.sets(st.dates(date(2025, 1, 1), date(2026, 12, 31)))


def test_a_backup_holds_what_the_warehouse_holds(take: Take, home: Path, tmp_path: Path) -> None:
    take(story())
    done = back_up(home, tmp_path / "backups", today=TODAY)
    assert done.path == tmp_path / "backups" / "warehouse-2026-11-24.duckdb"
    with read(home) as original, read(done.path) as copy:
        assert inventory(copy) == inventory(original)
    assert done.numbers["events"] == len(story()) == done.numbers["position in partition 0"]


def test_nobody_else_can_read_a_backup(take: Take, home: Path, tmp_path: Path) -> None:
    take(story())
    path = back_up(home, tmp_path / "backups", today=TODAY).path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_second_backup_of_a_day_takes_the_place_of_the_first(take: Take, home: Path, tmp_path: Path) -> None:
    take(story()[:-1])
    first = back_up(home, tmp_path / "backups", today=TODAY).numbers
    take(story()[-1:])
    second = back_up(home, tmp_path / "backups", today=TODAY).numbers
    assert second["events"] == first["events"] + 1
    assert [path.name for path in (tmp_path / "backups").iterdir()] == ["warehouse-2026-11-24.duckdb"]


def test_a_complaint_about_the_data_keeps_no_backup_from_being_made(take: Take, home: Path, tmp_path: Path) -> None:
    take(story())
    with write(home) as connection:
        connection.execute("INSERT INTO tie VALUES (DATE '2026-11-17', 'help', 'a', 'b', 0, 0)")
    with read(back_up(home, tmp_path / "backups", today=TODAY).path) as copy:
        assert {each.check for each in inventory(copy).complaints} == {"a_tie_is_well_formed", "a_week_is_a_monday"}


def test_a_broken_copy_fails_and_counts_for_nothing(
    take: Take, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(story())
    folder = tmp_path / "backups"
    back_up(home, folder, today=TODAY - timedelta(days=1))
    truncating = snapshot._COPY + "; os.truncate(sys.argv[2], 5000)"
    monkeypatch.setattr(snapshot, "_COPY", truncating)
    with pytest.raises(WarehouseError, match=r"cannot be opened|not what it copies"):
        back_up(home, folder, today=TODAY)
    assert [path.name for path in folder.iterdir()] == ["warehouse-2026-11-23.duckdb"]


def test_a_copy_that_lacks_a_row_is_named_with_what_it_lacks(take: Take, home: Path) -> None:
    take(story())
    with read(home) as connection:
        found = inventory(connection)
    more = Inventory(found.numbers | {"events": found.numbers["events"] + 1}, found.complaints)
    with pytest.raises(WarehouseError, match=f"events: {len(story())} instead of {len(story()) + 1}"):
        require_restorable(home, more)


def test_without_a_warehouse_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="no warehouse"):
        back_up(tmp_path / "warehouse.duckdb", tmp_path / "backups", today=TODAY)
    assert not (tmp_path / "backups").exists()


def test_a_backup_can_be_put_in_the_place_of_a_lost_warehouse(take: Take, home: Path, tmp_path: Path) -> None:
    take(story())
    path = back_up(home, tmp_path / "backups", today=TODAY).path
    home.unlink()
    path.replace(home)
    assert take([tell(PlaceClosed(), "neuf", "2026-11-10")]).new == 1


def test_after_a_year_of_daily_backups_seven_days_and_eight_weeks_stand() -> None:
    year = [TODAY - timedelta(days=ago) for ago in range(365)]
    daily = {TODAY - timedelta(days=ago) for ago in range(7)}
    sundays = {date(2026, 11, 22) - timedelta(weeks=ago) for ago in range(7)}
    assert kept(year) == daily | sundays


@given(days)
def test_the_newest_stays_and_no_more_than_fifteen_do(made: set[date]) -> None:
    stays = kept(made)
    assert stays <= made
    assert len(stays) <= DAILY + WEEKLY
    assert {*sorted(made)[-DAILY:]} <= stays


@given(days)
def test_what_stays_stays_when_nothing_new_comes(made: set[date]) -> None:
    assert kept(kept(made)) == kept(made)


def test_older_backups_go_when_a_good_one_came(take: Take, home: Path, tmp_path: Path) -> None:
    take([tell(PlaceClosed(), "lab", "2026-01-01")])
    folder = tmp_path / "backups"
    folder.mkdir()
    old = [TODAY - timedelta(days=ago) for ago in range(1, 100)]
    for day in old:
        (folder / f"warehouse-{day}.duckdb").touch()
    (folder / "warehouse-by-hand.duckdb").touch()
    done = back_up(home, folder, today=TODAY)
    assert set(backups(folder)) == kept([TODAY, *old])
    assert len(done.removed) == 100 - len(backups(folder))
    assert (folder / "warehouse-by-hand.duckdb").exists()
