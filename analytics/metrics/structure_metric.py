"""What the table says of how the network hangs together: the family "structure"."""

from __future__ import annotations

from analytics.metrics.metric import Metric
from analytics.metrics.structure import structure_family

STRUCTURE_METRICS = (
    Metric(
        name="pagerank",
        title={"fr": "Rang (PageRank)", "en": "Rank (PageRank)", "de": "Rang (PageRank)"},
        unit={"fr": "part du total", "en": "share of the total", "de": "Anteil am Ganzen"},
        says={
            "fr": "Vers qui mènent les liens forts venant de membres eux-mêmes bien reliés : qui aide, qui forme.",
            "en": "To whom strong ties from well-linked members lead: who helps, who teaches.",
            "de": "Zu wem starke Verbindungen gut verbundener Mitglieder führen: wer hilft, wer unterrichtet.",
        },
        says_not={
            "fr": "Pas une note de valeur ; elle se partage entre tous et baisse quand le réseau grandit.",
            "en": "Not a mark of worth; it is shared by all and falls as the network grows.",
            "de": "Keine Note für den Wert; er teilt sich auf alle auf und sinkt, wenn das Netzwerk wächst.",
        },
        family="structure",
        compute=structure_family,
        source="Brin & Page 1998, Computer Networks 30:107",
    ),
    Metric(
        name="core",
        title={"fr": "Noyau", "en": "Core number", "de": "Kern"},
        unit={"fr": "contacts dans le noyau", "en": "contacts within the core", "de": "Kontakte im Kern"},
        says={
            "fr": "Dans quel noyau chacun se trouve : un groupe où tous ont au moins ce nombre de contacts.",
            "en": "Which core each one belongs to: a group in which everyone has at least that many contacts.",
            "de": "Zu welchem Kern jemand gehört: eine Gruppe, in der alle mindestens so viele Kontakte haben.",
        },
        says_not={
            "fr": "Rien sur la force des liens : une journée de 60 personnes crée un noyau de 59.",
            "en": "Nothing about how strong ties are: a day with 60 people makes a core of 59.",
            "de": "Nichts über die Stärke der Verbindungen: Ein Tag mit 60 Personen ergibt einen Kern von 59.",
        },
        family="structure",
        compute=structure_family,
        source="Seidman 1983, Social Networks 5:269; Batagelj & Zaversnik 2003, cs/0310049",
    ),
    Metric(
        name="component_size",
        title={"fr": "Taille du morceau", "en": "Size of component", "de": "Grösse des Teilnetzes"},
        unit={"fr": "personnes", "en": "people", "de": "Personen"},
        says={
            "fr": "Combien de membres sont reliés à chacun, de proche en proche, lui compris.",
            "en": "How many members each one is linked with, however indirectly, counting that member too.",
            "de": "Mit wie vielen Mitgliedern jemand verbunden ist, auch über andere, sich selbst eingeschlossen.",
        },
        says_not={
            "fr": "Pas qu'ils se connaissent : un seul lien faible suffit à réunir deux morceaux.",
            "en": "Not that they know each other: one weak tie is enough to join two components.",
            "de": "Nicht, dass sie sich kennen: Eine schwache Verbindung genügt, um zwei Teilnetze zu vereinen.",
        },
        family="structure",
        compute=structure_family,
        source="Wasserman & Faust 1994, Social Network Analysis, ch. 4",
    ),
    Metric(
        name="community",
        title={"fr": "Communauté", "en": "Community", "de": "Gemeinschaft"},
        unit={"fr": "numéro, 1 = la plus grande", "en": "number, 1 = the largest", "de": "Nummer, 1 = die grösste"},
        says={
            "fr": "Avec qui chacun est groupé cette semaine d'après la force des liens.",
            "en": "With whom each one is grouped this week by the strength of ties.",
            "de": "Mit wem jemand diese Woche nach der Stärke der Verbindungen zusammengehört.",
        },
        says_not={
            "fr": "Pas une appartenance durable : un lien de moins peut en déplacer beaucoup, le numéro change.",
            "en": "Not a lasting membership: one tie less may move many, and the number changes.",
            "de": "Keine feste Zugehörigkeit: Eine Verbindung weniger kann viele verschieben, und die Nummer wechselt.",
        },
        family="structure",
        compute=structure_family,
        source="Blondel et al. 2008, J. Stat. Mech. P10008",
    ),
    Metric(
        name="clustering",
        title={"fr": "Contacts qui se connaissent", "en": "Clustering", "de": "Kontakte, die sich kennen"},
        unit={"fr": "part, 0 à 1", "en": "share, 0 to 1", "de": "Anteil, 0 bis 1"},
        says={
            "fr": "Quelle part des contacts de chacun sont aussi en lien entre eux.",
            "en": "What share of each one's contacts have a tie with one another too.",
            "de": "Welcher Anteil der Kontakte einer Person auch untereinander verbunden ist.",
        },
        says_not={
            "fr": "Un atelier relie tous ses participants : seul, il donne 1. Sous deux contacts, elle n'existe pas.",
            "en": "A workshop links all who were there: alone it gives 1. Under two contacts it does not exist.",
            "de": "Ein Workshop verbindet alle, die da waren: allein ergibt er 1. Unter zwei Kontakten: kein Wert.",
        },
        family="structure",
        compute=structure_family,
        source="Watts & Strogatz 1998, Nature 393:440",
    ),
    Metric(
        name="diverse_ties",
        title={"fr": "Liens divers", "en": "Diverse ties", "de": "Vielfältige Verbindungen"},
        unit={"fr": "contacts", "en": "contacts", "de": "Kontakte"},
        says={
            "fr": "Avec combien de contacts chacun en partage au plus un autre : ses ouvertures vers d'autres cercles.",
            "en": "With how many contacts each one shares one other contact at most: the openings to other circles.",
            "de": "Mit wie vielen Kontakten jemand höchstens einen weiteren teilt: Türen zu anderen Kreisen.",
        },
        says_not={
            "fr": "Ni la force ni l'utilité de ces liens ; une rencontre à deux en est un.",
            "en": "Neither how strong nor how useful these ties are; a meeting of two makes one.",
            "de": "Weder wie stark noch wie nützlich sie sind; ein Treffen zu zweit ist schon eine.",
        },
        family="structure",
        compute=structure_family,
        source="Granovetter 1973, AJS 78:1360; Burt 1992, Structural Holes",
    ),
    Metric(
        name="articulation",
        title={"fr": "Point d'articulation", "en": "Articulation point", "de": "Gelenkpunkt"},
        unit={"fr": "1 = oui, 0 = non", "en": "1 = yes, 0 = no", "de": "1 = ja, 0 = nein"},
        says={
            "fr": "Si, sans cette personne, d'autres ne seraient plus reliés du tout.",
            "en": "Whether, without this person, others would no longer be linked at all.",
            "de": "Ob andere ohne diese Person gar nicht mehr verbunden wären.",
        },
        says_not={
            "fr": "Pas combien d'autres : une seule personne au bout d'un lien suffit.",
            "en": "Not how many others: one person at the end of a tie is enough.",
            "de": "Nicht, wie viele andere: Eine einzige Person am Ende einer Verbindung genügt.",
        },
        family="structure",
        compute=structure_family,
        source="Hopcroft & Tarjan 1973, Comm. ACM 16:372",
    ),
    Metric(
        name="components",
        title={"fr": "Morceaux du réseau", "en": "Components", "de": "Teilnetze"},
        unit={"fr": "morceaux", "en": "components", "de": "Teilnetze"},
        says={
            "fr": "En combien de morceaux sans aucun lien entre eux le réseau se divise.",
            "en": "Into how many parts without any tie between them the network falls.",
            "de": "In wie viele Teile ohne jede Verbindung untereinander das Netzwerk zerfällt.",
        },
        says_not={
            "fr": "Pas un isolement réel : des liens peuvent manquer dans les données ou faute de consentement.",
            "en": "Not real isolation: ties may be missing from the data, or for want of consent.",
            "de": "Keine wirkliche Isolation: Verbindungen können in den Daten oder mangels Einwilligung fehlen.",
        },
        family="structure",
        compute=structure_family,
        source="Wasserman & Faust 1994, Social Network Analysis, ch. 4",
        subject_kind="network",
    ),
    Metric(
        name="largest_component_share",
        title={
            "fr": "Part du plus grand morceau",
            "en": "Share of the largest component",
            "de": "Anteil des grössten Teilnetzes",
        },
        unit={
            "fr": "part des membres en lien",
            "en": "share of members with a tie",
            "de": "Anteil der Mitglieder mit Verbindung",
        },
        says={
            "fr": "Quelle part des membres en lien peut s'atteindre, de proche en proche.",
            "en": "What share of the members with a tie can reach one another, however indirectly.",
            "de": "Welcher Anteil der Mitglieder mit Verbindung sich erreichen kann, auch über andere.",
        },
        says_not={
            "fr": "Pas que l'information circule : le chemin peut être long et fragile.",
            "en": "Not that anything travels: the way may be long and fragile.",
            "de": "Nicht, dass etwas weitergegeben wird: Der Weg kann lang und brüchig sein.",
        },
        family="structure",
        compute=structure_family,
        source="Newman 2010, Networks, ch. 8",
        subject_kind="network",
    ),
    Metric(
        name="modularity",
        title={"fr": "Cloisonnement", "en": "Modularity", "de": "Abschottung"},
        unit={
            "fr": "indice, 0 = comme au hasard",
            "en": "index, 0 = as by chance",
            "de": "Index, 0 = wie durch Zufall",
        },
        says={
            "fr": "De combien les liens restent à l'intérieur des communautés plus que par hasard.",
            "en": "By how much ties stay inside communities more than by chance.",
            "de": "Wie viel mehr als durch Zufall die Verbindungen innerhalb der Gemeinschaften bleiben.",
        },
        says_not={
            "fr": "Même un réseau sans groupes dépasse 0 : la méthode cherche la meilleure découpe.",
            "en": "Even a network without groups is above 0: the method looks for the best division.",
            "de": "Auch ein Netzwerk ohne Gruppen liegt über 0: Das Verfahren sucht die beste Aufteilung.",
        },
        family="structure",
        compute=structure_family,
        source="Newman & Girvan 2004, Phys. Rev. E 69:026113",
        subject_kind="network",
    ),
    Metric(
        name="centralisation",
        title={"fr": "Centralisation", "en": "Centralisation", "de": "Zentralisierung"},
        unit={"fr": "indice, 0 à 1", "en": "index, 0 to 1", "de": "Index, 0 bis 1"},
        says={
            "fr": "À quel point les contacts vont à une seule personne : 1 pour une étoile, 0 si tous en ont autant.",
            "en": "How far contacts go to one person alone: 1 for a star, 0 when all have as many.",
            "de": "Wie sehr die Kontakte zu einer einzigen Person gehen: 1 = Stern, 0, wenn alle gleich viele haben.",
        },
        says_not={
            "fr": "Pas qui ; et elle baisse quand le réseau grandit, sans que personne n'ait changé.",
            "en": "Not who; and it falls as the network grows though nobody has changed.",
            "de": "Nicht, zu wem; und sie sinkt, wenn das Netzwerk wächst, ohne dass sich jemand geändert hat.",
        },
        family="structure",
        compute=structure_family,
        source="Freeman 1979, Social Networks 1:215",
        subject_kind="network",
    ),
    Metric(
        name="assortativity",
        title={"fr": "Assortativité", "en": "Assortativity", "de": "Assortativität"},
        unit={"fr": "corrélation, -1 à 1", "en": "correlation, -1 to 1", "de": "Korrelation, -1 bis 1"},
        says={
            "fr": "Si les membres bien reliés le sont entre eux (vers 1) ou avec les peu reliés (vers -1).",
            "en": "Whether well-linked members have ties with one another (towards 1) or with others (towards -1).",
            "de": "Ob gut verbundene Mitglieder untereinander verbunden sind (gegen 1) oder mit anderen (gegen -1).",
        },
        says_not={
            "fr": "Pas une qualité : les grands ateliers la poussent vers 1 par construction.",
            "en": "Not a virtue: large workshops push it towards 1 by construction.",
            "de": "Keine Tugend: Grosse Workshops treiben sie schon von ihrem Bau her gegen 1.",
        },
        family="structure",
        compute=structure_family,
        source="Newman 2002, Phys. Rev. Lett. 89:208701",
        subject_kind="network",
    ),
)
