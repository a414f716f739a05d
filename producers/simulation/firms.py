"""The firms around the places: three circles, and how often each asks for help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Literal

from producers.event import OrganisationJoined, OrganisationLeft
from producers.simulation.chance import happens, pseudonym, stream
from producers.simulation.places import BY_SLUG, FORUM, PLACES
from producers.simulation.season import Season
from producers.simulation.tool import Notebook

Circle = Literal["consortium", "second", "network"]
Size = Literal["1-9", "10-49", "50-249", "250+"]

FIRMS = 120
_CIRCLES: tuple[Circle, ...] = ("consortium", "second", "network")
_SIZES: tuple[Size, ...] = ("1-9", "10-49", "50-249", "250+")
_SECTORS = ("10", "22", "25", "26", "27", "28", "29", "30", "32", "33", "43", "46", "62", "71", "72")


@dataclass(frozen=True)
class Firm:
    """One firm; in the network from week ``joins`` until before week ``leaves``."""

    organisation: str
    circle: Circle
    size_class: Size
    sector: str
    place: str
    joins: int
    leaves: int
    curiosity: float

    def there(self, week: int) -> bool:
        """Return whether the firm is in the network in that week."""
        return self.joins <= week < self.leaves


def draw_firms(seed: int, season: Season) -> tuple[Firm, ...]:
    """Return the firms, the consortium first and in the network from the start."""
    rng = stream(seed, "firms")
    return tuple(_firm(rng, seed, index, season) for index in range(FIRMS))


def _firm(rng: Random, seed: int, index: int, season: Season) -> Firm:
    circle = _CIRCLES[0 if index < FIRMS // 6 else 1 if index < FIRMS // 2 else 2]
    joins = 0 if circle == "consortium" else rng.randrange(max(1, int(season.weeks * 0.6)))
    return Firm(
        organisation=pseudonym("o", seed, index),
        circle=circle,
        size_class=rng.choices(_SIZES, (3, 4, 2, 1) if circle != "consortium" else (0, 2, 4, 4))[0],
        sector=rng.choice(_SECTORS),
        place=rng.choices(PLACES, [place.share for place in PLACES])[0].slug,
        joins=joins,
        leaves=season.weeks - rng.randint(1, 12) if happens(rng, 0.05) else season.weeks + 1,
        curiosity=rng.lognormvariate(0.0, 0.9),
    )


def note_firms(notebook: Notebook, seed: int, season: Season, firms: tuple[Firm, ...]) -> None:
    """Note who joined and who left, at the network's own desk."""
    rng = stream(seed, "firm notes")
    for firm in firms:
        joined = season.at(firm.joins, 0, 7, rng.randrange(60))
        payload = OrganisationJoined(
            circle=firm.circle,
            size_class=firm.size_class,
            sector=firm.sector,
            country=BY_SLUG[firm.place].country,
            place=firm.place,
        )
        who = firm.organisation
        notebook.write(payload, "joined", source=FORUM, key=who, subject=who, time=joined)
        if firm.leaves < season.weeks:
            left = max(season.at(firm.leaves, 0, 10), joined + timedelta(days=1))
            notebook.write(OrganisationLeft(), "left", source=FORUM, key=who, subject=who, time=left)
