"""The thirteen places of the region: invented names on true coordinates."""

from __future__ import annotations

import math
from dataclasses import dataclass

from producers.event import LegalBasis

URN = "urn:maillage:simulated:"
FORUM = URN + "forum"
FORUM_TITLE = "Guichet d'entraide du réseau"


@dataclass(frozen=True)
class Place:
    """One place; ``share`` is its size against the others, ``opens`` when in the simulated span (0 to 1)."""

    slug: str
    name: str
    country: str
    latitude: float
    longitude: float
    kind: str
    capacity: int
    languages: tuple[str, ...]
    legal_basis: LegalBasis
    share: int
    specialities: tuple[str, ...]
    opens: float = 0.0

    @property
    def source(self) -> str:
        """Return the URN of the tool that the place keeps its records in."""
        return URN + self.slug


_FR, _FR_DE = ("fr",), ("fr", "de")
PLACES = (
    Place("lab-belfort", "La Forge du Lion", "FR", 47.6380, 6.8629, "fablab", 80, _FR, "public_task", 15,
          ("robotique collaborative", "fabrication additive métal", "jumeau numérique", "automatisme industriel")),
    Place("fabrique-montbeliard", "La Fabrique des Princes", "FR", 47.5103, 6.7985, "fablab", 60, _FR,
          "legitimate_interest", 11, ("usinage cnc", "soudure", "lecture de plans", "gestion de production")),
    Place("lab-besancon", "L’Horloge ouverte", "FR", 47.2378, 6.0241, "fablab", 70, _FR, "public_task", 14,
          ("électronique", "mécatronique", "contrôle qualité par vision", "intelligence artificielle")),
    Place("atelier-dole", "L’Atelier du Canal", "FR", 47.0923, 5.4897, "makerspace", 25, _FR, "consent", 5,
          ("travail du bois", "couture numérique", "moulage silicone")),
    Place("lab-vesoul", "La Grange numérique", "FR", 47.6196, 6.1543, "third-place", 25, _FR,
          "legitimate_interest", 4, ("bureautique", "réparation d'appareils", "facture électronique"), 0.08),
    Place("lab-mulhouse", "Le Métier à tisser", "FR", 47.7508, 7.3359, "fablab", 65, _FR_DE,
          "legitimate_interest", 10, ("sérigraphie", "broderie numérique", "réseaux industriels", "raspberry pi")),
    Place("relais-pontarlier", "Le Relais du Haut-Doubs", "FR", 46.9061, 6.3547, "coworking", 20, _FR, "consent", 4,
          ("gestion de projet", "montage vidéo", "sobriété énergétique")),
    Place("lab-neuchatel", "Le Balancier", "CH", 46.9900, 6.9293, "fablab", 50, _FR, "public_task", 9,
          ("fraisage de circuits imprimés", "internet des objets", "analyse de données")),
    Place("lab-chaux-de-fonds", "L’Échappement", "CH", 47.1035, 6.8328, "makerspace", 30, _FR, "consent", 6,
          ("modélisation 3d", "scan 3d", "thermoformage")),
    Place("lab-bienne", "La Roue dentée", "CH", 47.1368, 7.2468, "fablab", 45, _FR_DE, "legitimate_interest", 7,
          ("automatisme industriel", "cybersécurité industrielle", "découpe laser")),
    Place("lab-delemont", "La Passerelle", "CH", 47.3647, 7.3445, "fablab", 25, _FR_DE, "legitimate_interest", 5,
          ("robotique", "arduino", "pilotage de drone")),
    Place("lab-lausanne", "Le Bocal", "CH", 46.5197, 6.6323, "fablab", 60, _FR, "public_task", 7,
          ("programmation python", "réalité virtuelle", "protection des données")),
    Place("cowork-yverdon", "L’Entre-deux-rives", "CH", 46.7785, 6.6411, "coworking", 20, _FR, "consent", 4,
          ("retouche photo", "cartographie numérique", "ergonomie du poste de travail"), 0.15),
)  # fmt: skip
BY_SLUG = {place.slug: place for place in PLACES}

SILENT = "lab-vesoul"
OPEN_DAY = "lab-belfort"
SINGLE_HOME = "lab-besancon"
BETWEEN_PLACES = (
    ("lab-belfort", "lab-besancon"),
    ("fabrique-montbeliard", "atelier-dole"),
    ("lab-mulhouse", "relais-pontarlier"),
    ("lab-lausanne", "lab-bienne"),
)
"""Where each broker between places is at home, and where else she goes."""
ACROSS_BORDER = (
    ("lab-besancon", "lab-neuchatel", "cowork-yverdon"),
    ("lab-delemont", "lab-belfort", "lab-chaux-de-fonds"),
)
"""The same for the brokers across the border."""

_KM_A_DEGREE = 111.2
_REACH_KM = 30.0
_BORDER = 0.5


def distance_km(one: Place, other: Place) -> float:
    """Return the distance in kilometres, on a plane: the region is small."""
    east = (one.longitude - other.longitude) * math.cos(math.radians((one.latitude + other.latitude) / 2))
    return _KM_A_DEGREE * math.hypot(one.latitude - other.latitude, east)


def nearness(one: Place, other: Place) -> float:
    """Return how likely people of ``one`` go to ``other`` (0 to 1): it falls with distance and at the border."""
    border = 1.0 if one.country == other.country else _BORDER
    return border * math.exp(-distance_km(one, other) / _REACH_KM)


NEIGHBOURS = {
    place.slug: tuple((other.slug, nearness(place, other)) for other in PLACES if other is not place)
    for place in PLACES
}
"""The other places with their nearness, by place."""
