"""The truth of the simulated region: what was planted is there, and can be found by plain counting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import networkx as nx
import pytest

from producers.event import (
    ConsentGiven,
    ConsentWithdrawn,
    Event,
    HelpAnswered,
    HelpRequested,
    IdentityLinked,
    InputSummarised,
    MachineUsed,
    MemberJoined,
    SkillCertified,
    SkillDeclared,
    WorkshopHeld,
)
from producers.simulation import Region, simulate
from producers.simulation.places import BY_SLUG, SINGLE_HOME

pytestmark = pytest.mark.integration
PARIS = ZoneInfo("Europe/Paris")
WINDOW, HALF_LIFE = 13, 6.0


@pytest.fixture(scope="module")
def region() -> Region:
    return simulate()


@pytest.fixture(scope="module")
def standing(region: Region) -> list[Event]:
    """Return every event once, without those that were taken back."""
    gone = set(region.truth.retracted)
    events = {(arrival.event.source, arrival.event.id): arrival.event for arrival in region.arrivals}
    return [event for key, event in events.items() if key not in gone]


def age(region: Region, event: Event) -> float:
    """Return how many weeks before the end of the last week the event happened."""
    end = datetime.combine(region.present.date(), time(), PARIS).astimezone(UTC)
    return (end - event.time) / timedelta(weeks=1)


def evidence(events: list[Event]) -> Iterator[tuple[str, str | None, Event]]:
    """Yield skill and member for every way to show a skill, learning included."""
    skills = {event.subject: event.data.skills for event in events if isinstance(event.data, HelpRequested)}
    for event in events:
        data = event.data
        if isinstance(data, WorkshopHeld):
            yield from ((skill, each.member, event) for skill in data.skills for each in data.attendees)
        elif isinstance(data, MachineUsed) and data.skill:
            yield data.skill, data.member, event
        elif isinstance(data, SkillDeclared | SkillCertified):
            yield data.skill, event.subject, event
        elif isinstance(data, HelpAnswered):
            yield from ((skill, data.helper, event) for skill in skills.get(event.subject, ()))


def weekly_people(region: Region, events: list[Event], skill: str) -> list[int]:
    """Return the distinct people a week who show the skill, the latest week first."""
    found: dict[int, set[str | None]] = defaultdict(set)
    for each, member, event in evidence(events):
        if each == skill:
            found[int(age(region, event))].add(member)
    return [len(found[week]) for week in range(52)]


def test_closed_places_are_quiet(region: Region, standing: list[Event]) -> None:
    closures = defaultdict(list)
    for closure in region.truth.closures:
        closures[closure.place].append(closure)
    activity = [event for event in standing if isinstance(event.data, WorkshopHeld | MachineUsed)]
    for event in activity:
        day = event.time.astimezone(PARIS).date()
        place = event.data.place if isinstance(event.data, WorkshopHeld | MachineUsed) else None
        assert not any(closure.since <= day < closure.until for closure in closures[place or ""])
    assert all(len(spans) == 4 for spans in closures.values())  # two summers, two Christmases
    assert all(
        closure.since.weekday() == closure.until.weekday() == 0 and closure.since.month in {7, 8, 12}
        for closure in region.truth.closures
    )


def test_the_open_day_has_sixty_people(region: Region, standing: list[Event]) -> None:
    (day,) = [event for event in standing if event.subject == region.truth.open_day]
    assert isinstance(day.data, WorkshopHeld)
    assert len({attendee.member for attendee in day.data.attendees}) == 60
    assert age(region, day) < WINDOW


def test_the_silent_place_falls_silent(region: Region) -> None:
    place, since = region.truth.silent_place, region.truth.silent_since
    recorded = [a.recorded_at for a in region.arrivals if a.event.source == BY_SLUG[place].source]
    told = [a.recorded_at for a in region.arrivals if getattr(a.event.data, "place", None) == place]
    assert since - timedelta(days=4) < max(recorded) < since
    assert max(told) < since
    assert timedelta(weeks=6) < region.present - since < timedelta(weeks=7)


def test_every_other_source_is_heard_within_its_rhythm(region: Region) -> None:
    rhythm = {
        a.event.source: a.event.data.rhythm_days for a in region.arrivals if isinstance(a.event.data, InputSummarised)
    }
    heard = {a.event.source: a.recorded_at for a in region.arrivals if not isinstance(a.event.data, InputSummarised)}
    silent = {s for s, at in heard.items() if region.present - at > timedelta(days=rhythm[s] or 0)}
    assert silent == {BY_SLUG[region.truth.silent_place].source}


def test_one_skill_grows_three_to_fivefold(region: Region, standing: list[Event]) -> None:
    weekly = weekly_people(region, standing, region.truth.growing_skill)
    before = sum(weekly[26:52]) / 26
    assert 3 < sum(weekly[:4]) / 4 / before < 6.5
    assert sum(weekly[:4]) > 1.25 * sum(weekly[4:8])


def test_one_skill_fades(region: Region, standing: list[Event]) -> None:
    weekly = weekly_people(region, standing, region.truth.fading_skill)
    assert sum(weekly[:4]) / 4 < 0.4 * sum(weekly[26:52]) / 26
    assert sum(weekly[:4]) < 0.8 * sum(weekly[4:8])


def test_one_skill_and_no_other_hangs_on_a_single_person(region: Region, standing: list[Event]) -> None:
    holders: dict[str, set[str]] = defaultdict(set)
    for skill, member, event in evidence(standing):
        if member and age(region, event) < 26:
            holders[skill].add(member)
    assert holders.pop(region.truth.single_holder_skill) == {region.truth.single_holder}
    assert min(map(len, holders.values())) > 5
    assert 40 <= len(holders) <= 60


def test_the_single_holder_teaches_answers_and_practises_to_the_end(region: Region, standing: list[Event]) -> None:
    recent = {
        type(event.data)
        for skill, _, event in evidence(standing)
        if skill == region.truth.single_holder_skill and age(region, event) < WINDOW
    }
    assert {WorkshopHeld, HelpAnswered, MachineUsed} <= recent
    assert BY_SLUG[SINGLE_HOME].legal_basis != "consent"


def test_many_firms_of_many_places_share_one_concern(region: Region, standing: list[Event]) -> None:
    firms: dict[str, set[tuple[str, str | None]]] = defaultdict(set)
    for event in standing:
        data = event.data
        if isinstance(data, HelpRequested) and data.organisation and age(region, event) < WINDOW:
            for skill in data.skills:
                firms[skill].add((data.organisation, data.place))
    concern = firms.pop(region.truth.common_concern)
    assert len(concern) > 2 * max(map(len, firms.values()))
    assert len({place for _, place in concern}) >= 6


def test_consents_are_given_withdrawn_and_refused(region: Region, standing: list[Event]) -> None:
    given = {e.subject for e in standing if isinstance(e.data, ConsentGiven) and e.data.purpose == "analytics"}
    taken = {e.subject for e in standing if isinstance(e.data, ConsentWithdrawn)}
    planted = {*region.truth.brokers, region.truth.single_holder, *region.truth.facilitators}
    assert taken == set(region.truth.withdrew)
    assert taken & given
    assert taken - given  # objections where consent is not the basis
    assert not given & set(region.truth.refused)
    assert not planted & {*taken, *region.truth.refused}


def test_whoever_visits_a_place_of_consent_has_consented(region: Region, standing: list[Event]) -> None:
    home = {e.subject: e.data.place for e in standing if isinstance(e.data, MemberJoined)}
    since = {e.subject: e.time for e in standing if isinstance(e.data, ConsentGiven) and e.data.purpose == "analytics"}
    here = [place.slug for place in BY_SLUG.values() if place.legal_basis == "consent"]
    visits = [
        (each.member, event.time)
        for event in standing
        if isinstance(event.data, WorkshopHeld) and event.data.place in here
        for each in event.data.attendees
        if each.member and home.get(each.member) != event.data.place
    ]
    assert len(visits) > 100
    # A consent may reach the log too late; it is never missing otherwise.
    assert sum(member in since for member, _ in visits) > 0.98 * len(visits)
    assert set(here) == {"atelier-dole", "relais-pontarlier", "lab-chaux-de-fonds", "cowork-yverdon"}
    assert len(region.truth.refused) >= 5


def test_some_people_have_two_accounts(region: Region, standing: list[Event]) -> None:
    linked = {(e.subject, e.data.other) for e in standing if isinstance(e.data, IdentityLinked)}
    came = {each.member for e in standing if isinstance(e.data, WorkshopHeld) for each in e.data.attendees}
    assert linked == set(region.truth.linked)
    assert len(linked) >= 3
    assert {name for pair in linked for name in pair} <= came


def ties(region: Region, events: list[Event], layer: str) -> nx.Graph[str]:
    """Return the ties of the last thirteen weeks by M1, with their length as ``rint(1e6 / strength)``."""
    graph: nx.Graph[str] = nx.DiGraph() if layer == "help" else nx.Graph()
    for one, other, strength in _pairs(region, events, layer):
        known = graph.get_edge_data(one, other, {"strength": 0.0})["strength"]
        graph.add_edge(one, other, strength=known + strength)
    for _, _, tie in graph.edges(data=True):
        tie["length"] = round(1e6 / tie["strength"])
    return graph


def _pairs(region: Region, events: list[Event], layer: str) -> Iterator[tuple[str, str, float]]:
    asked = {event.subject: event.data.requester for event in events if isinstance(event.data, HelpRequested)}
    for event in events:
        data, weeks = event.data, age(region, event)
        if not 0 <= weeks < WINDOW:
            continue
        if layer == "copresence" and isinstance(data, WorkshopHeld):
            people = sorted({each.member for each in data.attendees if each.member})
            for one, other in combinations(people, 2):
                yield one, other, 2 ** (-weeks / HALF_LIFE) / (len(people) - 1)
        if layer == "help" and isinstance(data, HelpAnswered) and data.helper:
            requester = asked.get(event.subject)
            if requester and requester != data.helper:
                yield requester, data.helper, 2 ** (-weeks / HALF_LIFE)


@pytest.mark.parametrize("layer", ["copresence", "help"])
def test_the_planted_brokers_are_in_the_top_decile_of_betweenness(
    region: Region, standing: list[Event], layer: str
) -> None:
    between = nx.betweenness_centrality(ties(region, standing, layer), weight="length")
    top = sorted(between, key=between.__getitem__, reverse=True)[: len(between) // 10]
    assert len(region.truth.brokers_between_places) == 4
    assert len(region.truth.brokers_across_border) == 2
    assert set(region.truth.brokers) <= set(top)
