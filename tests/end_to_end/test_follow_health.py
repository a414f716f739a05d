"""How the service judges itself: by what gets on, and by what it knows that it waits for."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from producers.errors import LogBusy, WarehouseBusy
from producers.log import Batch
from producers.log.folder import FolderLog
from producers.settings import Settings
from tests.faults.stream import stream
from warehouse.health import PATIENCE, PATIENCE_IN_TROUBLE, Health
from warehouse.service import _follow


def silent_for(seconds: float, *, trouble: str = "") -> Health:
    return Health(went_well_at=time.monotonic() - seconds, trouble=trouble)


@pytest.mark.parametrize("trouble", ["", "no broker answers"])
def test_silence_is_borne_for_a_while_and_less_where_its_reason_is_known(trouble: str) -> None:
    patience = PATIENCE_IN_TROUBLE if trouble else PATIENCE
    well, told = silent_for(patience - 1, trouble=trouble).verdict()
    assert (well, told["reason"]) == (True, "")
    well, told = silent_for(patience + 1, trouble=trouble).verdict()
    assert not well
    assert told["reason"] == (trouble or "nothing got on for 61 s, 0 lines behind")


def test_another_wording_of_the_same_trouble_is_no_news() -> None:
    health = Health()
    troubles = [LogBusy("no answer"), LogBusy("refused"), WarehouseBusy("held"), WarehouseBusy("still held")]
    assert [health.troubled(each) for each in troubles] == [True, False, True, False]
    assert health.trouble == "still held"
    health.turned({})
    assert health.troubled(troubles[0])


class Stingy(FolderLog):
    """A log that says that it has more, and gives none of it."""

    def ends(self) -> Mapping[int, int]:
        return {number: end + 5 for number, end in super().ends().items()}

    def read(self, partition: int, position: int, *, limit: int = 10_000) -> Batch:
        del limit
        return Batch(partition, [], [], [], position)


def test_a_turn_that_takes_nothing_of_what_waits_is_none_that_went_well(tmp_path: Path) -> None:
    log, stop, health = Stingy(tmp_path / "log", partitions=1), threading.Event(), silent_for(PATIENCE)
    log.append(stream(3, seed=1).entries)
    began = time.process_time()
    threading.Timer(1.5, stop.set).start()
    _follow(Settings(home=tmp_path), stop, health, log)
    well, told = health.verdict()
    assert (well, told["lag"]) == (False, 8)
    assert "nothing got on for 6" in str(told["reason"])
    assert time.process_time() - began < 1.5
