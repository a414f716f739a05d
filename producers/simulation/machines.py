"""The machines of the places, the uses of them, and the places' own news."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from producers.event import MachineUsed, PlaceOpened, PlaceUpdated
from producers.simulation.chance import happens, poisson, stream
from producers.simulation.places import BY_SLUG, PLACES, SINGLE_HOME, Place
from producers.simulation.roster import Roster
from producers.simulation.season import Season
from producers.simulation.skills import MACHINES, SINGLE, popularity
from producers.simulation.skills import ORDINARY as SKILLS
from producers.simulation.tool import Notebook
from producers.simulation.visits import Visits

_USES_A_SHARE = 4.0
_AWAY = 0.08
_FEW = 4
_LARGE = 10


def note_places(notebook: Notebook, season: Season) -> None:
    """Note that the places opened, and that some have grown a year later."""
    for place in PLACES:
        opened = season.at(int(place.opens * season.weeks), 0, 0, 5)
        payload = PlaceOpened(
            name=place.name,
            country=place.country,
            kind=place.kind,
            latitude=place.latitude,
            longitude=place.longitude,
            capacity=place.capacity,
            languages=list(place.languages),
            legal_basis=place.legal_basis,
        )
        slug = place.slug
        notebook.write(payload, "opened", source=place.source, key=slug, subject=slug, time=opened)
        if place.share >= _LARGE:
            update = PlaceUpdated(capacity=place.capacity + 20)
            grown = season.at(season.weeks // 2, 1, 11)
            notebook.write(update, "updated-1", source=place.source, key=slug, subject=slug, time=grown)


@dataclass(frozen=True)
class Shop:
    """What a use of a machine looks at: who is there, when, and where it is written down."""

    rng: Random
    notebook: Notebook
    season: Season
    roster: Roster
    visits: Visits


def note_machines(
    seed: int, notebook: Notebook, season: Season, roster: Roster, visits: Visits, *, scale: float
) -> None:
    """Note all uses of machines, by people at home above all, and who was seen."""
    shop = Shop(stream(seed, "machines"), notebook, season, roster, visits)
    for place in PLACES:
        machines = _machines(place)
        for week in range(season.weeks):
            if not season.closed(place.slug, week):
                mean = place.share * _USES_A_SHARE * scale * season.intensity(week)
                for number in range(poisson(shop.rng, mean)):
                    _use(shop, place, week, number, machines)
    _single(shop)


def _machines(place: Place) -> dict[str, float]:
    """Return the skills of the machines that the place has, with their weight."""
    weights = dict(zip(SKILLS, popularity(place.specialities), strict=True))
    ranked = sorted((skill for skill in MACHINES), key=lambda skill: -weights[skill])
    return {skill: weights[skill] for skill in ranked[: _FEW + place.share // 4]}


def _use(shop: Shop, place: Place, week: int, number: int, machines: dict[str, float]) -> None:
    rng = shop.rng
    person = shop.roster.visitor(rng, place.slug, week, away=_AWAY)
    skill = rng.choices(list(machines), list(machines.values()))[0]
    if person is None or not (person.consents or person.home == place.slug or place.legal_basis != "consent"):
        return
    minutes = max(10, min(480, round(rng.lognormvariate(4.1, 0.6))))
    starts = shop.season.at(week, rng.choice((1, 2, 2, 3, 4, 5, 5)), rng.randrange(10, 20), rng.randrange(60))
    member = None if happens(rng, 0.01) else person.pseudonym(place.slug)
    if member:
        shop.visits.mark(member, starts, place.slug)
    _write(shop, f"{place.slug}:{MACHINES[skill]}", f"{week}/{number}", starts, place, member, skill, minutes)


def _write(
    shop: Shop,
    machine: str,
    number: str,
    starts: datetime,
    place: Place,
    member: str | None,
    skill: str,
    minutes: int,
) -> None:
    shop.notebook.write(
        MachineUsed(member=member, place=place.slug, skill=skill, minutes=minutes),
        "used",
        source=place.source,
        key=f"{machine}/{number}",
        subject=machine,
        time=starts,
        known_at=starts + timedelta(minutes=minutes),
    )


def _single(shop: Shop) -> None:
    """Note the uses of the one machine that only one person can work on."""
    holder = next(person for person in shop.roster.people if SINGLE in person.skills)
    place = BY_SLUG[SINGLE_HOME]
    for week in range(shop.season.weeks):
        if shop.season.closed(place.slug, week) or happens(shop.rng, 0.4):
            continue
        starts = shop.season.at(week, shop.rng.choice((1, 2, 3)), shop.rng.randrange(10, 17))
        shop.visits.mark(holder.member, starts, place.slug)
        minutes = shop.rng.randint(40, 200)
        _write(shop, f"{place.slug}:machine-a-mesurer", str(week), starts, place, holder.member, SINGLE, minutes)
