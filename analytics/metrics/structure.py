"""How the network hangs together and who carries it: the family "structure"."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.sparse.csgraph import connected_components

from analytics.kernels import Floats
from analytics.kernels.core import core_numbers
from analytics.kernels.rank import pagerank as ranked
from analytics.metrics.community import communities, modularity
from analytics.metrics.metric import Metric
from analytics.metrics.snapshot import Snapshot

DAMPING = 0.85
TOLERANCE = 1e-12
"""Total change of all ranks in a round at which PageRank is reached (networkx's default is n times 1e-6)."""


def structure_family(snapshot: Snapshot) -> Mapping[str, Floats]:
    """Return rank, core, component and community of each member, and how the network hangs together."""
    components, component_size = _components(snapshot)
    community = communities(snapshot)
    return {
        "pagerank": pagerank(snapshot),
        "core": core(snapshot),
        "component_size": component_size,
        "community": community.astype(np.float64),
        "components": np.array([float(components)]),
        "largest_component_share": np.array([component_size.max() / snapshot.size if snapshot.size else np.nan]),
        "modularity": np.array([modularity(snapshot, community)]),
    }


def pagerank(snapshot: Snapshot) -> Floats:
    """Return the PageRank of each member, damping 0.85; the sum is 1.

    Directed layers are followed in their direction: rank goes to those who teach and help. Members who pass
    nothing on share it with all. Cost: O(m) a round, some 170 rounds. Twin: ``networkx.pagerank(weight="strength")``.
    """
    given = np.asarray(snapshot.matrix.sum(axis=1), dtype=np.float64).ravel()
    incoming = snapshot.reverse
    return ranked(incoming.indptr, incoming.indices, incoming.strength, given, DAMPING, TOLERANCE)


def core(snapshot: Snapshot) -> Floats:
    """Return the core number of each member in the network without directions; 0 for an isolate."""
    plain = snapshot.undirected
    return np.asarray(core_numbers(plain.indptr, plain.indices), dtype=np.float64)


def _components(snapshot: Snapshot) -> tuple[int, Floats]:
    """Return how many components there are, whatever the directions, and how many members each one's has.

    Cost: O(n + m). Twin: ``networkx.weakly_connected_components``.
    """
    components, component = connected_components(snapshot.matrix, directed=snapshot.directed, connection="weak")
    return int(components), np.bincount(component)[component].astype(np.float64)


STRUCTURE_METRICS = (
    Metric(
        name="pagerank",
        title={"fr": "Rang (PageRank)", "en": "Rank (PageRank)"},
        unit={"fr": "part du total", "en": "share of the total"},
        says={
            "fr": "Vers qui mènent les liens forts venant de membres eux-mêmes bien reliés : qui aide, qui forme.",
            "en": "To whom strong ties from well-linked members lead: who helps, who teaches.",
        },
        says_not={
            "fr": "Pas une note de valeur ; elle se partage entre tous et baisse quand le réseau grandit.",
            "en": "Not a mark of worth; it is shared by all and falls as the network grows.",
        },
        family="structure",
        compute=structure_family,
        source="Brin & Page 1998, Computer Networks 30:107",
    ),
    Metric(
        name="core",
        title={"fr": "Noyau", "en": "Core number"},
        unit={"fr": "contacts dans le noyau", "en": "contacts within the core"},
        says={
            "fr": "Dans quel noyau chacun se trouve : un groupe où tous ont au moins ce nombre de contacts.",
            "en": "Which core each one belongs to: a group in which everyone has at least that many contacts.",
        },
        says_not={
            "fr": "Rien sur la force des liens : une journée de 60 personnes crée un noyau de 59.",
            "en": "Nothing about how strong ties are: a day with 60 people makes a core of 59.",
        },
        family="structure",
        compute=structure_family,
        source="Seidman 1983, Social Networks 5:269; Batagelj & Zaversnik 2003, cs/0310049",
    ),
    Metric(
        name="component_size",
        title={"fr": "Taille du morceau", "en": "Size of component"},
        unit={"fr": "personnes", "en": "people"},
        says={
            "fr": "Combien de membres sont reliés à chacun, de proche en proche, lui compris.",
            "en": "How many members each one is linked with, however indirectly, counting that member too.",
        },
        says_not={
            "fr": "Pas qu'ils se connaissent : un seul lien faible suffit à réunir deux morceaux.",
            "en": "Not that they know each other: one weak tie is enough to join two components.",
        },
        family="structure",
        compute=structure_family,
        source="Wasserman & Faust 1994, Social Network Analysis, ch. 4",
    ),
    Metric(
        name="community",
        title={"fr": "Communauté", "en": "Community"},
        unit={"fr": "numéro, 1 = la plus grande", "en": "number, 1 = the largest"},
        says={
            "fr": "Avec qui chacun est groupé cette semaine d'après la force des liens.",
            "en": "With whom each one is grouped this week by the strength of ties.",
        },
        says_not={
            "fr": "Pas une appartenance durable : un lien de moins peut en déplacer beaucoup, le numéro change.",
            "en": "Not a lasting membership: one tie less may move many, and the number changes.",
        },
        family="structure",
        compute=structure_family,
        source="Blondel et al. 2008, J. Stat. Mech. P10008",
    ),
    Metric(
        name="components",
        title={"fr": "Morceaux du réseau", "en": "Components"},
        unit={"fr": "morceaux", "en": "components"},
        says={
            "fr": "En combien de morceaux sans aucun lien entre eux le réseau se divise.",
            "en": "Into how many parts without any tie between them the network falls.",
        },
        says_not={
            "fr": "Pas un isolement réel : des liens peuvent manquer dans les données ou faute de consentement.",
            "en": "Not real isolation: ties may be missing from the data, or for want of consent.",
        },
        family="structure",
        compute=structure_family,
        source="Wasserman & Faust 1994, Social Network Analysis, ch. 4",
        subject_kind="network",
    ),
    Metric(
        name="largest_component_share",
        title={"fr": "Part du plus grand morceau", "en": "Share of the largest component"},
        unit={"fr": "part des membres en lien", "en": "share of members with a tie"},
        says={
            "fr": "Quelle part des membres en lien peut s'atteindre, de proche en proche.",
            "en": "What share of the members with a tie can reach one another, however indirectly.",
        },
        says_not={
            "fr": "Pas que l'information circule : le chemin peut être long et fragile.",
            "en": "Not that anything travels: the way may be long and fragile.",
        },
        family="structure",
        compute=structure_family,
        source="Newman 2010, Networks, ch. 8",
        subject_kind="network",
    ),
    Metric(
        name="modularity",
        title={"fr": "Cloisonnement", "en": "Modularity"},
        unit={"fr": "indice, 0 = comme au hasard", "en": "index, 0 = as by chance"},
        says={
            "fr": "De combien les liens restent à l'intérieur des communautés plus que par hasard.",
            "en": "By how much ties stay inside communities more than by chance.",
        },
        says_not={
            "fr": "Même un réseau sans groupes dépasse 0 : la méthode cherche la meilleure découpe.",
            "en": "Even a network without groups is above 0: the method looks for the best division.",
        },
        family="structure",
        compute=structure_family,
        source="Newman & Girvan 2004, Phys. Rev. E 69:026113",
        subject_kind="network",
    ),
)
