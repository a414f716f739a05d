"""A simulated region in a topic of Kafka, recorded there as it happened, and one event that comes too late."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime

from kafka import KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from analytics.week import Week, last_closed
from deploy.home import TOPIC, Home
from producers.event import Attendee, Event, InputSummarised, WorkshopHeld, encode
from producers.log import Entry
from producers.log.broker import HOST
from producers.log.opening import open_log
from producers.simulation import Arrival, simulate
from tests.story import person, tell

MEMBERS, WEEKS = 150, 20
"""The smallest region has so many weeks; fewer are told of."""
_NO_ACTIVITY = ("place.", "member.", "organisation.", "consent.", "identity.", "skill.", "input.", "event.")
DESK = InputSummarised(title="Le guichet", legal_basis="public_data", read=1, published=1, ignored=0, rejected=0)
"""A source that needs nobody's consent."""
_AS_IT_HAPPENED = {"message.timestamp.type": "CreateTime", "retention.ms": "-1"}


def last() -> Week:
    """Return the last week that is over."""
    return last_closed(datetime.now(UTC))


def weeks(number: int) -> list[Week]:
    """Return the last weeks that are over, oldest first."""
    return [last() + -back for back in reversed(range(number))]


def keys(some: Iterable[Week]) -> set[str]:
    """Return the partitions of weeks."""
    return {week.monday.isoformat() for week in some}


def told(number: int, *, seed: int = 3) -> list[Arrival]:
    """Return what a region tells, with all activity in the last ``number`` weeks that are over."""
    arrivals = simulate(seed=seed, members=MEMBERS, weeks=max(number, WEEKS), last_week=str(last())).arrivals
    first, until = (last() + (1 - number)).since, last().until
    desk = Arrival(first, tell(DESK, "urn:test", first.isoformat()))
    return [desk, *(each for each in arrivals if _is_told(each, first, until))]


def _is_told(arrival: Arrival, first: datetime, until: datetime) -> bool:
    kind = arrival.event.type.removeprefix("fr.maillage.")
    if kind.startswith("skill."):
        return first <= arrival.event.time < until
    return kind.startswith(_NO_ACTIVITY) or first <= arrival.event.time < until


def publish(home: Home, arrivals: Sequence[Arrival]) -> None:
    """Append the arrivals to the home's topic, each with the instant at which it was recorded."""
    server = f"{HOST}:{home.ports.kafka}"
    with closing(KafkaAdminClient(bootstrap_servers=server)) as admin:
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, TOPIC, _AS_IT_HAPPENED)])
    with closing(KafkaProducer(bootstrap_servers=server, linger_ms=20)) as producer:
        for each in arrivals:
            stamp = int(each.recorded_at.timestamp() * 1000)
            producer.send(TOPIC, key=each.event.key.encode(), value=encode(each.event), timestamp_ms=stamp)
        producer.flush()


def append(home: Home, events: Sequence[Event]) -> None:
    """Append events now."""
    with closing(open_log(home.log_url)) as log:
        log.append([Entry(each.key, encode(each)) for each in events])


def late_workshop(week: Week, place: str, *, attendees: int = 9) -> Event:
    """Return a workshop of that week that nobody has heard of yet."""
    came = [Attendee(member=person(number), role="learner") for number in range(attendees)]
    held = WorkshopHeld(place=place, skills=["laser"], attendees=came)
    return tell(held, f"late-{week}", week.monday.isoformat())
