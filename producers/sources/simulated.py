"""The simulated region as a source: its events arrive by its own clock, with its own summaries among them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from producers.errors import UsageError
from producers.event import Event
from producers.sources.item import Input, Item

NIGHT = 3


def fetch(_key: bytes, *, seed: int, members: int, weeks: int, last_week: str) -> Input:
    """Return the region's arrivals in the order of its log; it needs no key, since nobody in it is real."""
    # Imported here: it costs numpy and a quarter of a second that no other source needs.
    from producers.simulation import simulate  # noqa: PLC0415

    try:
        region = simulate(seed=seed, members=members, weeks=weeks, last_week=last_week)
    except OverflowError as error:
        raise UsageError(f"the last week {last_week} is out of reach", expected="one like 2026-W46") from error
    return Input(
        source=None,
        title="Simulated region",
        legal_basis="consent",
        items=(
            Item(f"arrival {number}", arrival.event, sent_at(arrival.recorded_at, region.present))
            for number, arrival in enumerate(region.arrivals, start=1)
        ),
        parse=parse,
        total=len(region.arrivals),
    )


def sent_at(arrival: datetime, present: datetime) -> datetime:
    """Return the next three o'clock in the night (UTC), at the latest ``present``.

    Places send once a night: an append is durable before the next begins, and 60,000 of them would take minutes
    on a slow disk. Sunday evening is in the log before anybody looks on Monday morning.
    """
    night = arrival.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return max(arrival, min(present, night if night >= arrival else night + timedelta(days=1)))


def parse(item: Item) -> Sequence[Event]:
    """Return the one event that the item is."""
    return (item.content,) if isinstance(item.content, Event) else ()
