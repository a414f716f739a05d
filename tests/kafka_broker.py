"""The one Kafka broker of a test run; a plugin of pytest that ``tests/conftest.py`` names."""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from producers.errors import LogError
from tests.shared import alone

JARS = Path(__file__).parents[1] / "var/kafka/lib"
"""Shared by all runs and their workers, so that the jars are fetched once."""


@pytest.fixture(scope="session")
def kafka_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a real broker: that of MAILLAGE_TEST_KAFKA, or of one that is started here."""
    with ExitStack() as stack:
        yield os.environ.get("MAILLAGE_TEST_KAFKA") or started_broker(stack, tmp_path_factory.mktemp("kafka"))


def started_broker(stack: ExitStack, home: Path, *, port: int = 0, sasl: bool = False) -> str:
    """Return the address of a broker that runs until ``stack`` closes.

    The test skips where no broker can be started, and fails there in continuous integration.
    """
    from producers.log.broker import fetched_jars, running_broker  # noqa: PLC0415  loading the client takes a while

    try:
        with alone(JARS.with_name("lib.lock")):
            fetched_jars(JARS)
        return stack.enter_context(running_broker(home, port or free_port(), sasl=sasl, jars=JARS))
    except LogError as error:
        reason = f"no Kafka (set MAILLAGE_TEST_KAFKA to one that runs): {error}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


def free_port() -> int:
    """Return a port that is free like the two after it.

    It lies below those that the system gives to outgoing connections: a client that keeps trying to reach a
    broker that is down would otherwise connect to itself in the end, and hold the port.
    """
    while True:
        port = random.randrange(20_000, 32_000)  # noqa: S311  any port will do
        if all(_is_free(port + each) for each in range(3)):
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
