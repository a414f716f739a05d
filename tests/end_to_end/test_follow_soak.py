"""The soak in its short form: a minute at the full pace, all bounds but that of memory over time."""

from __future__ import annotations

import pytest

from tests.bench.soak import soak


@pytest.mark.slow
@pytest.mark.kafka
@pytest.mark.xdist_group("kafka")
def test_a_minute_at_full_pace_keeps_within_the_bounds(kafka_broker: str) -> None:
    figures, _ = soak(1, 500, kafka_broker)
    assert not [str(each) for each in figures if not each.holds]
