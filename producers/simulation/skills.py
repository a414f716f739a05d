"""The skills of the region: plain French labels, from the most asked for to the rarest, and the planted ones."""

from __future__ import annotations

GROWING = "maintenance prédictive"
FADING = "création de sites web"
SINGLE = "métrologie tridimensionnelle"
CONCERN = "sécurité internet"

ORDINARY = (
    "impression 3d",
    "découpe laser",
    "modélisation 3d",
    "arduino",
    "bureautique",
    CONCERN,
    "soudure",
    "programmation python",
    "électronique",
    "travail du bois",
    "usinage cnc",
    "couture numérique",
    "raspberry pi",
    "robotique",
    "découpe vinyle",
    "montage vidéo",
    "gestion de projet",
    "réparation d'appareils",
    "retouche photo",
    "protection des données",
    "analyse de données",
    "internet des objets",
    "automatisme industriel",
    "scan 3d",
    "conception assistée par ordinateur",
    "intelligence artificielle",
    "lecture de plans",
    "broderie numérique",
    "robotique collaborative",
    "cybersécurité industrielle",
    "sérigraphie",
    "fraisage de circuits imprimés",
    "contrôle qualité par vision",
    "thermoformage",
    "jumeau numérique",
    "réalité virtuelle",
    "facture électronique",
    "réseaux industriels",
    "moulage silicone",
    "mécatronique",
    "fabrication additive métal",
    "gestion de production",
    "sobriété énergétique",
    "cartographie numérique",
    "pilotage de drone",
    "ergonomie du poste de travail",
)
"""Skills whose weight stays as it is, the most popular first."""

ALL = (*ORDINARY, GROWING, FADING, SINGLE)

MACHINES = {
    "impression 3d": "imprimante-3d",
    "découpe laser": "laser",
    "usinage cnc": "fraiseuse",
    "soudure": "poste-a-souder",
    "travail du bois": "scie",
    "découpe vinyle": "plotter",
    "couture numérique": "machine-a-coudre",
    "broderie numérique": "brodeuse",
    "scan 3d": "scanner-3d",
    "fraisage de circuits imprimés": "graveuse",
    "thermoformage": "thermoformeuse",
    "sérigraphie": "presse",
    "fabrication additive métal": "imprimante-metal",
}
"""The machine that a skill works on."""

_FLATTENING = 4
_SPECIALITY = 5.0


def popularity(specialities: tuple[str, ...]) -> tuple[float, ...]:
    """Return the weight of each ordinary skill at a place: heavy-tailed, the place's specialities above their rank."""
    return tuple(
        (_SPECIALITY if skill in specialities else 1.0) / (rank + _FLATTENING) for rank, skill in enumerate(ORDINARY)
    )
