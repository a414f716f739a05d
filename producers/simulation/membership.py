"""Memberships: joining, renewing, leaving, consents, second accounts, and skills as declared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from producers.event import (
    ConsentGiven,
    ConsentWithdrawn,
    IdentityLinked,
    MemberJoined,
    MemberLeft,
    MemberRenewed,
    Payload,
    Purpose,
    SkillCertified,
    SkillDeclared,
    SkillLapsed,
)
from producers.simulation.chance import happens, stream
from producers.simulation.people import Person
from producers.simulation.places import BY_SLUG, FORUM
from producers.simulation.season import Season
from producers.simulation.skills import SINGLE
from producers.simulation.tool import Notebook
from producers.simulation.visits import Visits

TEXT_VERSION = "2024-10"
_OTHER_PURPOSES: tuple[tuple[Purpose, float], ...] = (
    ("named_in_report", 0.15),
    ("matching", 0.35),
    ("share_with_companies", 0.12),
)
_YEAR = 52


@dataclass(frozen=True)
class Desk:
    """The desk of a place, which writes down what concerns a member."""

    rng: Random
    notebook: Notebook
    season: Season

    def write(self, person: Person, payload: Payload, change: str, key: str, time: datetime) -> None:
        """Note one event about the person with the tool of her home."""
        source = BY_SLUG[person.home].source
        self.notebook.write(payload, change, source=source, key=key, subject=person.member, time=time)

    def opening_hour(self, week: int) -> datetime:
        """Return some instant of that week at which a desk is open."""
        return self.season.at(week, self.rng.randrange(1, 6), self.rng.randrange(10, 18), self.rng.randrange(60))


def note_members(seed: int, notebook: Notebook, season: Season, people: Iterable[Person], visits: Visits) -> None:
    """Note everything that desks know of members."""
    desk = Desk(stream(seed, "membership"), notebook, season)
    for person in people:
        joined = _join(desk, person, visits)
        _consent(desk, person, joined)
        _visiting_consents(desk, person, visits)
        _stay(desk, person, joined)
        _declare(desk, person, joined)
        _link(desk, person, visits)


def _join(desk: Desk, person: Person, visits: Visits) -> datetime:
    """Note the joining, shortly before the first visit, and return its instant."""
    first = visits.first.get(person.member)
    early = desk.season.at(person.joins, 0, 9, desk.rng.randrange(60))
    lead = timedelta(minutes=desk.rng.randint(5, 90))
    joined = min(first - lead, early + timedelta(weeks=4)) if first else early
    payload = MemberJoined(
        place=person.home,
        public=person.public,
        country=person.country,
        languages=list(person.languages),
        facilitator=person.facilitator,
        organisation=person.firm.organisation if person.firm and person.firm.joins <= person.joins else None,
    )
    desk.write(person, payload, "joined", person.member, joined)
    return joined


def _consent(desk: Desk, person: Person, joined: datetime) -> None:
    """Note the answers on the joining form; where the home rests on consent, nearly everybody gives it."""
    needed = BY_SLUG[person.home].legal_basis == "consent"
    at = joined + timedelta(minutes=2)
    if person.agrees and (needed or person.links or happens(desk.rng, 0.5)):
        _give(desk, person, "analytics", at)
    for purpose, share in _OTHER_PURPOSES:
        if not person.passing and desk.rng.random() < share:
            _give(desk, person, purpose, at)
    if person.withdraws is not None:
        # An objection too, where the home does not ask for consent.
        withdrawn = max(desk.opening_hour(person.withdraws), joined + timedelta(days=7))
        desk.write(
            person,
            ConsentWithdrawn(purpose="analytics", text_version=TEXT_VERSION, channel="desk"),
            "withdrawn",
            f"{person.member}/analytics",
            withdrawn,
        )


def _give(desk: Desk, person: Person, purpose: Purpose, at: datetime) -> None:
    payload = ConsentGiven(
        purpose=purpose, text_version=TEXT_VERSION, language=person.languages[0], channel="joining-form"
    )
    desk.write(person, payload, "given", f"{person.member}/{purpose}", at)


def _visiting_consents(desk: Desk, person: Person, visits: Visits) -> None:
    """Note the consent that a visitor gives at the door of a place that needs it."""
    for place in BY_SLUG.values():
        name = person.pseudonym(place.slug)
        arrived = visits.places.get((name, place.slug))
        if arrived is None or place.legal_basis != "consent" or place.slug == person.home:
            continue
        payload = ConsentGiven(
            purpose="analytics", text_version=TEXT_VERSION, language=person.languages[0], channel="sign-in-sheet"
        )
        at = arrived - timedelta(minutes=3)
        desk.notebook.write(payload, "given", source=place.source, key=f"{name}/analytics", subject=name, time=at)


def _stay(desk: Desk, person: Person, joined: datetime) -> None:
    """Note a renewal a year after joining while the person stays, and the end when it is told."""
    for number in range(1, desk.season.weeks // _YEAR + 1):
        week = person.joins + number * _YEAR
        if week < min(person.leaves, desk.season.weeks):
            payload = MemberRenewed(place=person.home)
            at = max(desk.opening_hour(week), joined + timedelta(weeks=_YEAR))
            desk.write(person, payload, f"renewed-{number}", person.member, at)
    if not person.passing and person.leaves < desk.season.weeks and happens(desk.rng, 0.4):
        desk.write(person, MemberLeft(), "left", person.member, max(desk.opening_hour(person.leaves), joined))


def _declare(desk: Desk, person: Person, joined: datetime) -> None:
    """Note what the person says she can do while she is there, some of it certified by her place."""
    left = desk.season.at(person.leaves, 0, 0)
    for skill in person.skills:
        at = joined + timedelta(minutes=desk.rng.choice((5, 60 * 24 * 7 * desk.rng.randint(1, 12))))
        level = desk.rng.choice((1, 1, 2, 2, 3))
        certified = at + timedelta(weeks=desk.rng.randint(2, 20))
        if at < left:
            payload = SkillDeclared(skill=skill, level=level, place=person.home)
            desk.write(person, payload, "declared", f"{person.member}/{skill}", at)
        if certified < left and (skill == SINGLE or happens(desk.rng, 0.25)):
            _certify(desk, person, skill, level, certified)


def _certify(desk: Desk, person: Person, skill: str, level: int, at: datetime) -> None:
    """Note a certificate, which lapses after a year at times."""
    key = f"{person.member}/{skill}"
    desk.write(person, SkillCertified(skill=skill, level=level, place=person.home), "certified", key, at)
    if skill != SINGLE and happens(desk.rng, 0.4):
        payload = SkillLapsed(skill=skill, place=person.home)
        desk.write(person, payload, "lapsed", key, at + timedelta(weeks=_YEAR))


def _link(desk: Desk, person: Person, visits: Visits) -> None:
    """Note that two accounts are one person, some weeks after the second one showed up."""
    first = visits.first.get(person.alias or "")
    if person.alias and first:
        at = first + timedelta(weeks=desk.rng.randint(2, 8))
        key = f"{person.member}/{person.alias}"
        payload = IdentityLinked(other=person.alias)
        desk.notebook.write(payload, "linked", source=FORUM, key=key, subject=person.member, time=at)
