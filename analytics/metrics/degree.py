"""How many ties there are, and how strong: the family "tie"."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from analytics.kernels import Floats
from analytics.kernels.strength import strengths
from analytics.metrics.metric import Metric
from analytics.metrics.snapshot import Snapshot


def tie_family(snapshot: Snapshot) -> Mapping[str, Floats]:
    """Return the counts and sums of ties, of each member and of the network."""
    return {
        "degree": degree(snapshot),
        "strength": strength(snapshot),
        "nodes": np.array([float(snapshot.size)]),
        "edges": np.array([float(snapshot.ties)]),
        "density": np.array([density(snapshot)]),
    }


def degree(snapshot: Snapshot) -> Floats:
    """Return how many other members each one has a tie with, in whichever direction; 0 for an isolate.

    Cost: O(n). Twin: ``networkx`` ``graph.degree`` of the graph without directions.
    """
    return np.diff(snapshot.undirected.indptr).astype(np.float64)


def strength(snapshot: Snapshot) -> Floats:
    """Return the sum of the strengths of each member's ties, given and received; 0 for an isolate.

    Unit: events that happened just now. Range: 0 to the number of events attended (M1): an event adds the same however
    many were there. Cost: O(m). Source: Newman 2001, Phys. Rev. E 64:016132; Barrat et al. 2004, PNAS 101:3747.
    Twin: ``graph.degree(weight=…)`` of the graph without directions.
    """
    plain = snapshot.undirected
    return strengths(plain.indptr, plain.strength)


def density(snapshot: Snapshot) -> float:
    """Return ties over possible ties, 0 to 1; in a directed layer both count by direction; NaN under two members.

    Twin: ``networkx.density``.
    """
    n = snapshot.size
    if n <= 1:
        return float("nan")
    possible = n * (n - 1) if snapshot.directed else n * (n - 1) / 2
    return snapshot.ties / possible


TIE_METRICS = (
    Metric(
        name="degree",
        title={"fr": "Contacts", "en": "Contacts", "de": "Kontakte"},
        unit={"fr": "personnes", "en": "people", "de": "Personen"},
        says={
            "fr": "Avec combien de personnes différentes chacun a partagé une activité pendant la période.",
            "en": "With how many different people each one shared an activity during the period.",
            "de": "Mit wie vielen verschiedenen Personen jemand im Zeitraum eine Aktivität geteilt hat.",
        },
        says_not={
            "fr": "Ni la force ni l'utilité de ces contacts ; une seule grande journée suffit à en donner beaucoup.",
            "en": "Neither how strong nor how useful these contacts are; one big event is enough to give many.",
            "de": "Weder wie stark noch wie nützlich diese Kontakte sind; ein einziger grosser Anlass bringt viele.",
        },
        family="tie",
        compute=tie_family,
        source="Freeman 1979, Social Networks 1:215",
    ),
    Metric(
        name="strength",
        title={"fr": "Intensité des liens", "en": "Strength of ties", "de": "Stärke der Verbindungen"},
        unit={
            "fr": "équivalent en activités récentes",
            "en": "equivalent recent activities",
            "de": "entspricht so vielen Aktivitäten von heute",
        },
        says={
            "fr": "Combien d'activités partagées chacun porte encore, les anciennes comptant de moins en moins.",
            "en": "How many shared activities each one still carries, older ones counting less and less.",
            "de": "Wie viele geteilte Aktivitäten jemand noch mitbringt; ältere zählen immer weniger.",
        },
        says_not={
            "fr": "Rien de ce qui se passe hors des activités enregistrées, ni de la qualité des échanges.",
            "en": "Nothing about what happens outside recorded activities, nor how good the exchanges were.",
            "de": "Nicht, was ausserhalb der erfassten Aktivitäten geschieht, noch wie gut der Austausch war.",
        },
        family="tie",
        compute=tie_family,
        source="Newman 2001, Phys. Rev. E 64:016132; Jin, Girvan & Newman 2001, Phys. Rev. E 64:046132",
    ),
    Metric(
        name="nodes",
        title={"fr": "Membres en lien", "en": "Members with a tie", "de": "Mitglieder mit Verbindung"},
        unit={"fr": "personnes", "en": "people", "de": "Personen"},
        says={
            "fr": "Combien de membres ont eu au moins une activité dans cette couche pendant la période.",
            "en": "How many members took part in this layer at least once during the period.",
            "de": "Wie viele Mitglieder im Zeitraum mindestens eine Aktivität in dieser Ebene hatten.",
        },
        says_not={
            "fr": "Pas le nombre d'adhérents : sans consentement ou sans activité partagée, on n'est pas compté.",
            "en": "Not the number of members: nobody is counted without consent or without a shared activity.",
            "de": "Nicht die Zahl der Mitglieder: Ohne Einwilligung oder geteilte Aktivität wird niemand gezählt.",
        },
        family="tie",
        compute=tie_family,
        source="count",
        subject_kind="network",
    ),
    Metric(
        name="edges",
        title={"fr": "Liens", "en": "Ties", "de": "Verbindungen"},
        unit={"fr": "liens", "en": "ties", "de": "Verbindungen"},
        says={
            "fr": "Combien de paires de membres sont en lien ; pour l'aide et la formation, chaque sens compte.",
            "en": "How many pairs of members have a tie; in help and teaching each direction counts.",
            "de": "Wie viele Paare von Mitgliedern verbunden sind; bei Hilfe und Unterricht zählt jede Richtung.",
        },
        says_not={
            "fr": "Pas le volume d'activité : une grande journée crée à elle seule des milliers de liens faibles.",
            "en": "Not how much goes on: one big event makes thousands of weak ties by itself.",
            "de": "Nicht, wie viel läuft: Ein einziger grosser Anlass schafft Tausende schwacher Verbindungen.",
        },
        family="tie",
        compute=tie_family,
        source="count",
        subject_kind="network",
    ),
    Metric(
        name="density",
        title={"fr": "Densité", "en": "Density", "de": "Dichte"},
        unit={
            "fr": "part des liens possibles",
            "en": "share of possible ties",
            "de": "Anteil der möglichen Verbindungen",
        },
        says={
            "fr": "Quelle part des liens possibles entre ces membres existe.",
            "en": "What share of the possible ties between these members exists.",
            "de": "Welcher Anteil der möglichen Verbindungen zwischen diesen Mitgliedern besteht.",
        },
        says_not={
            "fr": "Elle baisse d'elle-même quand le réseau grandit : à ne pas comparer entre tailles différentes.",
            "en": "It falls by itself as a network grows: do not compare networks of different sizes.",
            "de": "Sie sinkt von selbst, wenn das Netzwerk wächst: nicht zwischen verschiedenen Grössen vergleichen.",
        },
        family="tie",
        compute=tie_family,
        source="Wasserman & Faust 1994, Social Network Analysis, ch. 4",
        subject_kind="network",
    ),
)
