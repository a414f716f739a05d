"""The soak in its short form: a minute at the full pace. How fast it is, `make soak` measures; a test that runs beside
others only holds that nothing waits for long and that the warehouse has exactly what was sent."""

from __future__ import annotations

import pytest

from tests.bench.soak import soak


@pytest.mark.slow
@pytest.mark.kafka
def test_a_minute_at_full_pace_leaves_nothing_waiting(kafka_broker: str) -> None:
    figures = {each.name: each.value for each in soak(1, 500, kafka_broker)[0]}
    assert figures["latency max, s"] < 30
    assert figures["memory peak, MB"] < 500
