"""What the tests of sources share."""

from __future__ import annotations

import pytest

from tests.producers.memory_log import MemoryLog


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


@pytest.fixture
def key() -> bytes:
    return bytes(range(32))
