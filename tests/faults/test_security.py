"""TLS and a password on a real broker, through the command: who comes in, who stays out, and what is never said."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from producers.log.kafka import KafkaLog
from producers.log.topic import ensure_topic
from tests.faults.process import Done, run
from tests.faults.stream import Stream, compare, stream
from tests.kafka_broker import started_broker

pytestmark = [pytest.mark.kafka]
WRONG = "certainly-not-the-password"


class Door:
    """A broker behind TLS and a password, with a stream in its topic, and a home that ingests it."""

    def __init__(self, address: str, broker: Path, home: Path) -> None:
        self.home, self.address = home, address
        self.password = (broker / "password").read_text().strip()
        self.right = {
            "MAILLAGE_LOG": f"kafka://{address}/events",
            "MAILLAGE_KAFKA_USERNAME": "maillage",
            "MAILLAGE_KAFKA_PASSWORD": self.password,
            "MAILLAGE_KAFKA_CA": str(broker / "ca.pem"),
        }
        self.told: Stream = stream(500, seed=1)

    def filled(self) -> Door:
        ensure_topic(self.address, "events", partitions=2, environment=self.right)
        with closing(KafkaLog(self.address, "events", environment=self.right)) as log:
            log.append(self.told.entries)
        return self

    def ingest(self, environment: dict[str, str]) -> Done:
        return self.said_nothing(run(self.home, "ingest", "--once", environment=environment))

    def said_nothing(self, done: Done) -> Done:
        """Return what a command did; neither password stands in any of its words."""
        for secret in (self.password, WRONG):
            assert secret not in done.output + done.errors
        return done


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("door")
    with ExitStack() as stack:
        address = started_broker(stack, folder / "broker", sasl=True)
        yield Door(address, folder / "broker", folder / "home").filled()


def test_a_wrong_password_stays_out_and_is_not_said(door: Door) -> None:
    done = door.ingest(door.right | {"MAILLAGE_KAFKA_PASSWORD": WRONG})
    assert done.code == 1
    assert "check MAILLAGE_KAFKA_USERNAME and its password" in done.complaint


def test_an_unencrypted_client_stays_out(door: Door) -> None:
    done = door.ingest({"MAILLAGE_LOG": door.right["MAILLAGE_LOG"]})
    assert done.code == 1
    assert "if it wants TLS" in done.complaint


@pytest.mark.parametrize("command", ["status", "doctor"])
def test_other_commands_do_not_say_the_password_either(door: Door, command: str) -> None:
    door.said_nothing(run(door.home, command, environment=door.right | {"MAILLAGE_KAFKA_PASSWORD": WRONG}))


def test_the_right_password_comes_in_and_is_not_kept(door: Door) -> None:
    assert door.ingest(door.right).code == 0
    with pytest.MonkeyPatch.context() as patch:
        for name, value in door.right.items():
            patch.setenv(name, value)
        compare(os.environ["MAILLAGE_LOG"], door.home / "warehouse.duckdb", door.told)
    for file in door.home.rglob("*"):
        assert not file.is_file() or door.password.encode() not in file.read_bytes(), file
