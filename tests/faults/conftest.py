"""What several tests of faults need."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture
def sockets_left_by_the_client() -> Iterator[None]:
    """Collect, while the warning is off, the sockets that kafka-python leaves open when it cannot connect."""
    yield
    gc.collect()
