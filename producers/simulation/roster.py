"""The roster: who can be met in a place in a week, drawn by how often they come."""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from random import Random
from typing import NamedTuple

from producers.simulation.people import Person
from producers.simulation.places import NEIGHBOURS, PLACES


class Pool(NamedTuple):
    """People with the running sum of their weights."""

    people: tuple[Person, ...]
    sums: tuple[float, ...]

    def draw(self, rng: Random) -> Person | None:
        """Return one of them, None when nobody is there."""
        if not self.people:
            return None
        return self.people[min(bisect(self.sums, rng.random() * self.sums[-1]), len(self.people) - 1)]


class Roster:
    """Who is there, by home and week; the pools are made when first asked for."""

    def __init__(self, people: tuple[Person, ...]) -> None:
        self.people = people
        self._at_home = {
            place.slug: [person for person in people if person.home == place.slug and person.appetite > 0]
            for place in PLACES
        }
        self._pools: dict[tuple[str, int], Pool] = {}

    def pool(self, place: str, week: int) -> Pool:
        """Return the people at home in ``place`` who take part in that week."""
        found = self._pools.get((place, week))
        if found is None:
            people = tuple(person for person in self._at_home[place] if person.there(week))
            found = Pool(people, tuple(accumulate(person.appetite for person in people)))
            self._pools[place, week] = found
        return found

    def visitor(self, rng: Random, place: str, week: int, *, away: float) -> Person | None:
        """Return somebody who comes to ``place``: with a chance of ``away`` from another place near by."""
        if rng.random() >= away:
            return self.pool(place, week).draw(rng)
        names, weights = zip(*NEIGHBOURS[place], strict=True)
        return self.pool(rng.choices(names, weights)[0], week).draw(rng)

    def visitors(self, rng: Random, place: str, week: int, *, number: int, away: float) -> list[Person]:
        """Return up to ``number`` different people who come to ``place``."""
        drawn = (self.visitor(rng, place, week, away=away) for _ in range(number))
        return list({person.member: person for person in drawn if person}.values())
