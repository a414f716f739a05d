"""What the table says of how the network hangs together: the family "structure"."""

from __future__ import annotations

from analytics.metrics.metric import Metric
from analytics.metrics.structure import structure_family

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
        name="clustering",
        title={"fr": "Contacts qui se connaissent", "en": "Clustering"},
        unit={"fr": "part, 0 à 1", "en": "share, 0 to 1"},
        says={
            "fr": "Quelle part des contacts de chacun sont aussi en lien entre eux.",
            "en": "What share of each one's contacts have a tie with one another too.",
        },
        says_not={
            "fr": "Un atelier relie tous ses participants : seul, il donne 1. Sous deux contacts, elle n'existe pas.",
            "en": "A workshop links all who were there: alone it gives 1. Under two contacts it does not exist.",
        },
        family="structure",
        compute=structure_family,
        source="Watts & Strogatz 1998, Nature 393:440",
    ),
    Metric(
        name="diverse_ties",
        title={"fr": "Liens divers", "en": "Diverse ties"},
        unit={"fr": "contacts", "en": "contacts"},
        says={
            "fr": "Avec combien de contacts chacun en partage au plus un autre : ses ouvertures vers d'autres cercles.",
            "en": "With how many contacts each one shares one other contact at most: the openings to other circles.",
        },
        says_not={
            "fr": "Ni la force ni l'utilité de ces liens ; une rencontre à deux en est un.",
            "en": "Neither how strong nor how useful these ties are; a meeting of two makes one.",
        },
        family="structure",
        compute=structure_family,
        source="Granovetter 1973, AJS 78:1360; Burt 1992, Structural Holes",
    ),
    Metric(
        name="articulation",
        title={"fr": "Point d'articulation", "en": "Articulation point"},
        unit={"fr": "1 = oui, 0 = non", "en": "1 = yes, 0 = no"},
        says={
            "fr": "Si, sans cette personne, d'autres ne seraient plus reliés du tout.",
            "en": "Whether, without this person, others would no longer be linked at all.",
        },
        says_not={
            "fr": "Pas combien d'autres : une seule personne au bout d'un lien suffit.",
            "en": "Not how many others: one person at the end of a tie is enough.",
        },
        family="structure",
        compute=structure_family,
        source="Hopcroft & Tarjan 1973, Comm. ACM 16:372",
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
    Metric(
        name="centralisation",
        title={"fr": "Centralisation", "en": "Centralisation"},
        unit={"fr": "indice, 0 à 1", "en": "index, 0 to 1"},
        says={
            "fr": "À quel point les contacts vont à une seule personne : 1 pour une étoile, 0 si tous en ont autant.",
            "en": "How far contacts go to one person alone: 1 for a star, 0 when all have as many.",
        },
        says_not={
            "fr": "Pas qui ; et elle baisse quand le réseau grandit, sans que personne n'ait changé.",
            "en": "Not who; and it falls as the network grows though nobody has changed.",
        },
        family="structure",
        compute=structure_family,
        source="Freeman 1979, Social Networks 1:215",
        subject_kind="network",
    ),
    Metric(
        name="assortativity",
        title={"fr": "Assortativité", "en": "Assortativity"},
        unit={"fr": "corrélation, -1 à 1", "en": "correlation, -1 to 1"},
        says={
            "fr": "Si les membres bien reliés le sont entre eux (vers 1) ou avec les peu reliés (vers -1).",
            "en": "Whether well-linked members have ties with one another (towards 1) or with others (towards -1).",
        },
        says_not={
            "fr": "Pas une qualité : les grands ateliers la poussent vers 1 par construction.",
            "en": "Not a virtue: large workshops push it towards 1 by construction.",
        },
        family="structure",
        compute=structure_family,
        source="Newman 2002, Phys. Rev. Lett. 89:208701",
        subject_kind="network",
    ),
)
