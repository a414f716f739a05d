"""The people of the region: who they are, when they are there, and how often they come."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from producers.event import Public
from producers.simulation import skills
from producers.simulation.chance import happens, poisson, pseudonym, stream
from producers.simulation.firms import Firm
from producers.simulation.places import ACROSS_BORDER, BETWEEN_PLACES, BY_SLUG, PLACES, SILENT, SINGLE_HOME, Place
from producers.simulation.season import Season

SILENT_WEEKS = 7
TURN_WEEKS = 26
_FOUNDERS = 0.28
_TWO_FACILITATORS = 9
_ALIASES = 6
_LASTING = 14


@dataclass(frozen=True)
class Habit:
    """A way to take part: its share of the people, its appetite (mean and spread of its log), its stay in weeks."""

    share: float
    appetite: float
    spread: float
    stay: float
    least: int


PASSING = Habit(0.36, 0.0, 0.0, 0.0, 1)
HABITS = (
    PASSING,
    Habit(0.38, -0.9, 0.7, 26, 4),
    Habit(0.19, 0.6, 0.5, 65, 14),
    Habit(0.07, 1.6, 0.35, 160, 45),
)


@dataclass(frozen=True, eq=False)
class Person:
    """One person; there from week ``joins`` until before week ``leaves``. Compared by identity, which is fast."""

    member: str
    home: str
    public: Public
    country: str
    languages: tuple[str, ...]
    joins: int
    leaves: int
    appetite: float
    skills: tuple[str, ...] = ()
    firm: Firm | None = None
    alias: str | None = None
    facilitator: bool = False
    agrees: bool = True
    withdraws: int | None = None
    links: tuple[str, ...] = ()
    """The places that a broker links; empty for everybody else."""

    @property
    def passing(self) -> bool:
        """Return whether the person comes once and never again."""
        return self.appetite == 0 and not self.facilitator

    @property
    def consents(self) -> bool:
        """Return whether the person agrees to analytics once and for all."""
        return self.agrees and self.withdraws is None

    def pseudonym(self, place: str) -> str:
        """Return how the tool of that place knows the person."""
        return self.alias if self.alias and place != self.home else self.member

    def there(self, week: int) -> bool:
        """Return whether the person takes part in that week."""
        return self.joins <= week < self.leaves


def draw_people(seed: int, members: int, season: Season, firms: Sequence[Firm]) -> tuple[Person, ...]:
    """Return everybody: staff, brokers and the single holder first, then ordinary people."""
    rng = stream(seed, "people")
    planted = list(_planted(rng, seed, members, season))
    ordinary = [_ordinary(rng, seed, index, season, firms) for index in range(len(planted), members)]
    people = _widely_skilled(rng, planted + _with_aliases(rng, seed, ordinary, season))
    return tuple(people)


def _planted(rng: Random, seed: int, members: int, season: Season) -> Iterator[Person]:
    roles: list[tuple[str, tuple[str, ...], bool]] = [(place.slug, (), True) for place in PLACES]
    if members >= 50 * len(PLACES):
        roles += [(place.slug, (), True) for place in PLACES if place.share >= _TWO_FACILITATORS]
    roles += [(links[0], links, False) for links in BETWEEN_PLACES + ACROSS_BORDER]
    roles.append((SINGLE_HOME, (), False))
    for index, (home, links, facilitator) in enumerate(roles):
        place = BY_SLUG[home]
        yield Person(
            member=pseudonym("m", seed, index),
            home=home,
            public="general" if links else "university",
            country=place.country,
            languages=place.languages,
            joins=_opening(place, season),
            leaves=season.weeks + 1,
            appetite=0.0 if facilitator else 1.5,
            skills=(skills.SINGLE,) if index == len(roles) - 1 else _abilities(rng, place, 4),
            facilitator=facilitator,
            links=links,
        )


def _ordinary(rng: Random, seed: int, index: int, season: Season, firms: Sequence[Firm]) -> Person:
    place = rng.choices(PLACES, [place.share for place in PLACES])[0]
    habit = rng.choices(HABITS, [habit.share for habit in HABITS])[0]
    public: Public = rng.choices(("university", "company", "general"), (0.3, 0.3, 0.4))[0]
    near = [firm for firm in firms if firm.place == place.slug]
    firm = rng.choice(near) if public == "company" and near and happens(rng, 0.7) else None
    joins = _joining(rng, place, season)
    stay = habit.least + (round(rng.expovariate(1 / habit.stay)) if habit.stay else 0)
    passing = habit is PASSING
    return Person(
        member=pseudonym("m", seed, index),
        home=place.slug,
        public=public,
        country=_country(rng, place, public),
        languages=_languages(rng, place),
        joins=joins,
        leaves=joins + stay,
        appetite=0.0 if passing else math.exp(rng.gauss(habit.appetite, habit.spread)),
        skills=() if passing else _abilities(rng, place, 1 + poisson(rng, 1.8)),
        firm=firm,
        agrees=happens(rng, 0.9),
        withdraws=_withdrawal(rng, joins, season),
    )


def _opening(place: Place, season: Season) -> int:
    return int(place.opens * season.weeks)


def _joining(rng: Random, place: Place, season: Season) -> int:
    """Return the week of joining: many founders, then more in autumn and none in the holidays."""
    opening = _opening(place, season)
    if rng.random() < _FOUNDERS:
        return min(opening + int(rng.expovariate(0.5)), opening + 6)
    until = season.ago(SILENT_WEEKS, share=0.25) if place.slug == SILENT else season.weeks
    weeks = [week for week in range(opening, until) if not season.closed(place.slug, week)]
    return rng.choices(weeks, [season.intensity(week) for week in weeks])[0] if weeks else opening


def _country(rng: Random, place: Place, public: Public) -> str:
    if public == "company" and happens(rng, 0.15):
        return "CH" if place.country == "FR" else "FR"
    return place.country


def _languages(rng: Random, place: Place) -> tuple[str, ...]:
    more = [language for language, share in (("en", 0.3), ("de", 0.12), ("it", 0.05), ("pt", 0.04), ("ar", 0.04))
            if rng.random() < share]  # fmt: skip
    return tuple(dict.fromkeys((*place.languages[: rng.randint(1, 2)], *more)))


def _withdrawal(rng: Random, joins: int, season: Season) -> int | None:
    return joins + rng.randint(4, 40) if happens(rng, 0.04) and joins + 4 < season.weeks else None


def _abilities(rng: Random, place: Place, number: int) -> tuple[str, ...]:
    drawn = rng.choices(skills.ORDINARY, skills.popularity(place.specialities), k=number)
    if happens(rng, 0.12):
        drawn.append(rng.choice((skills.GROWING, skills.FADING)))
    return tuple(dict.fromkeys(drawn))


def _widely_skilled(rng: Random, people: list[Person], least: int = 5) -> list[Person]:
    """Return the people with every skill but the single one held by several who stay long."""
    lasting = [index for index, person in enumerate(people) if person.leaves - person.joins >= _LASTING]
    lasting = [index for index in lasting if skills.SINGLE not in people[index].skills]
    for skill in skills.ALL:
        held = sum(skill in people[index].skills for index in lasting)
        if skill == skills.SINGLE or held >= least:
            continue
        for index in rng.sample(lasting, min(least - held, len(lasting))):
            people[index] = replace(people[index], skills=tuple(dict.fromkeys((*people[index].skills, skill))))
    return people


def _with_aliases(rng: Random, seed: int, people: list[Person], season: Season) -> list[Person]:
    """Return the people, a few regulars of whom have a second account away from home."""
    candidates = [
        index
        for index, person in enumerate(people)
        if person.appetite > 1 and min(person.leaves, season.weeks) - person.joins > _LASTING
    ]
    for number, index in enumerate(rng.sample(candidates, min(_ALIASES, len(candidates)))):
        people[index] = replace(people[index], alias=pseudonym("m", seed, -1 - number), agrees=True, withdraws=None)
    return people
