"""What the table says of what a place can do: figures side by side, and no score; in the family "skill"."""

from __future__ import annotations

from functools import partial

from analytics.metrics.evidence import MEMORY_WEEKS
from analytics.metrics.metric import TIE_EVENTS, Metric
from analytics.metrics.openness import SOON
from analytics.metrics.profile import profile
from analytics.metrics.skill_metric import SKILL_EVENTS

_card = partial(
    Metric,
    family="skill",
    compute=profile,
    readings=("evidence", "labels", "requests", "participation", "answers"),
    reads=tuple(dict.fromkeys((*SKILL_EVENTS, *TIE_EVENTS, "help.closed"))),
    reach=MEMORY_WEEKS,
    layers=(),
    subject_kind="place",
)

PLACE_METRICS = (
    _card(
        name="place_holders",
        title={"fr": "Porteurs actifs du lieu", "en": "Active holders of the place"},
        unit={"fr": "personnes en 180 jours", "en": "people in 180 days"},
        says={
            "fr": "Combien de membres du lieu ont montré une compétence, quelle qu'elle soit, en 180 jours.",
            "en": "How many members of the place showed a skill, whichever, within 180 days.",
        },
        says_not={
            "fr": "Pas la qualité du lieu : un grand lieu en a plus.",
            "en": "Not how good the place is: a large place has more.",
        },
        source="CHAOSS, Contributor Absence Factor",
    ),
    _card(
        name="place_absence_factor",
        title={"fr": "Facteur d'absence du lieu (50 %)", "en": "Absence factor of the place (50 %)"},
        unit={"fr": "personnes, 1 = une seule", "en": "people, 1 = one alone"},
        says={
            "fr": "Combien de membres portent la moitié de ce que le lieu sait faire.",
            "en": "How few members hold half of what the place can do.",
        },
        says_not={
            "fr": "Pas qui, ni qui est là demain ; il monte avec la taille du lieu.",
            "en": "Not who, nor who is there tomorrow; it rises with the size of the place.",
        },
        source="CHAOSS, Contributor Absence Factor; Avelino et al. 2016, ICPC",
    ),
    _card(
        name="place_specialities",
        title={"fr": "Spécialités du lieu", "en": "Specialities of the place"},
        unit={"fr": "compétences", "en": "skills"},
        says={
            "fr": "De combien de compétences le lieu porte sûrement un quart de plus que le hasard ne lui donnerait.",
            "en": "Of how many skills the place surely holds a quarter more than chance would give it.",
        },
        says_not={
            "fr": "Pas qu'il en sait plus que les autres : c'est une part, et un lieu large n'en a aucune.",
            "en": "Not that it knows more than others: it is a share, and a place of all trades has none.",
        },
        source="Balassa 1965, Manchester School 33:99; DuMouchel 1999, Am. Statistician 53:177",
    ),
    _card(
        name="place_breadth",
        title={"fr": "Étendue des compétences du lieu", "en": "Breadth of the place's skills"},
        unit={"fr": "compétences également répandues", "en": "skills as if equally common"},
        says={
            "fr": "Sur combien de compétences se répartissent les membres actifs, à couverture égale.",
            "en": "Over how many skills the active members spread, at equal coverage.",
        },
        says_not={
            "fr": "Pas toutes : la moitié la plus courante ; rien d'un lieu dont on a trop peu vu.",
            "en": "Not all of them: the more common half; nothing of a place of which too little was seen.",
        },
        source="Hill 1973, Ecology 54:427; Jost 2006, Oikos 113:363; Chao & Jost 2012, Ecology 93:2533",
    ),
    _card(
        name="place_breadth_rank",
        title={"fr": "Rangs possibles en étendue", "en": "Possible ranks in breadth"},
        unit={"fr": "rang moyen, 1 = la plus grande étendue", "en": "mean rank, 1 = the broadest"},
        says={
            "fr": "Quels rangs le lieu peut avoir en étendue, vu le hasard de qui a été vu (intervalle à 90 %).",
            "en": "Which ranks the place may have in breadth, given who chanced to be seen (90 % interval).",
        },
        says_not={
            "fr": "Pas un classement : deux lieux dont les intervalles se touchent ne se départagent pas.",
            "en": "Not a league table: two places whose intervals touch cannot be told apart.",
        },
        source="Goldstein & Spiegelhalter 1996, JRSS A 159:385; Efron 1979, Annals of Statistics 7:1",
    ),
    _card(
        name="place_answered",
        title={"fr": f"Chance d'une réponse en {SOON.days} jours", "en": f"Chance of an answer in {SOON.days} days"},
        unit={"fr": "probabilité, de 0 à 1", "en": "probability, 0 to 1"},
        says={
            "fr": f"Quelle chance a une demande posée à ce lieu d'avoir une réponse en {SOON.days} jours.",
            "en": f"What chance a request asked at this place has of an answer within {SOON.days} days.",
        },
        says_not={
            "fr": "Ni si la réponse était bonne, ni qui l'a donnée ; peu de demandes, large intervalle.",
            "en": "Neither whether the answer was good nor whose it was; few requests, a wide interval.",
        },
        source="Goldstein & Spiegelhalter 1996, JRSS A 159:385",
    ),
    _card(
        name="place_answered_rank",
        title={"fr": "Rangs possibles en réponses", "en": "Possible ranks in answers"},
        unit={"fr": "rang moyen, 1 = la plus grande chance", "en": "mean rank, 1 = the best chance"},
        says={
            "fr": "Quels rangs le lieu peut avoir par la chance d'une réponse (intervalle à 90 %).",
            "en": "Which ranks the place may have by the chance of an answer (90 % interval).",
        },
        says_not={
            "fr": "Pas un classement : avec 6 à 60 demandes par lieu, le hasard suffit à déplacer un rang.",
            "en": "Not a league table: with 6 to 60 requests a place, chance is enough to move a rank.",
        },
        source="Goldstein & Spiegelhalter 1996, JRSS A 159:385",
    ),
    _card(
        name="place_porosity",
        title={"fr": "Porosité du lieu", "en": "Porosity of the place"},
        unit={"fr": "rapport au hasard, 1 = comme lui", "en": "ratio to chance, 1 = as chance"},
        says={
            "fr": "Si ses membres en rencontrent d'autres lieux plus (au-dessus de 1) ou moins que par hasard.",
            "en": "Whether its members meet those of other places more (above 1) or less than by chance.",
        },
        says_not={
            "fr": "Pas une qualité en soi : on travaille d'abord entre voisins, et rester sous 1 est la règle.",
            "en": "Not a virtue in itself: people work with neighbours first, and below 1 is the rule.",
        },
        source="Krackhardt & Stern 1988, Soc. Psych. Quarterly 51:123",
    ),
    _card(
        name="place_porosity_rank",
        title={"fr": "Rangs possibles en porosité", "en": "Possible ranks in porosity"},
        unit={"fr": "rang moyen, 1 = le plus ouvert", "en": "mean rank, 1 = the most open"},
        says={
            "fr": "Quels rangs le lieu peut avoir en porosité, vu le hasard de qui y était (intervalle à 90 %).",
            "en": "Which ranks the place may have in porosity, given who chanced to be there (90 % interval).",
        },
        says_not={
            "fr": "Pas un classement : un lieu isolé sur la carte y est derrière sans faute de sa part.",
            "en": "Not a league table: a place alone on the map is behind through no fault of its own.",
        },
        source="Goldstein & Spiegelhalter 1996, JRSS A 159:385; Efron 1979, Annals of Statistics 7:1",
    ),
    _card(
        name="place_porosity_abroad",
        title={"fr": "Porosité du lieu vers l'étranger", "en": "Porosity of the place towards abroad"},
        unit={"fr": "rapport au hasard, 1 = comme lui", "en": "ratio to chance, 1 = as chance"},
        says={
            "fr": "Si ses membres rencontrent ceux d'un autre pays plus (au-dessus de 1) ou moins que par hasard.",
            "en": "Whether its members meet those of another country more (above 1) or less than by chance.",
        },
        says_not={
            "fr": "Pas la distance : un lieu loin de la frontière s'y trouve sous 1 sans faute de sa part.",
            "en": "Not the distance: a place far from the border is below 1 through no fault of its own.",
        },
        source="Krackhardt & Stern 1988, Soc. Psych. Quarterly 51:123",
    ),
    _card(
        name="place_brokerage",
        title={"fr": "Relais du lieu", "en": "Brokerage of the place"},
        unit={"fr": "rapport au hasard, 1 = comme lui", "en": "ratio to chance, 1 = as chance"},
        says={
            "fr": "Combien plus souvent que par hasard ses membres relaient l'entraide d'un lieu à l'autre.",
            "en": "How much more often than by chance its members carry help from one place to another.",
        },
        says_not={
            "fr": "Pas qui relaie ; les animateurs sont laissés de côté, ils figurent sur chaque demande.",
            "en": "Not who; facilitators are left out, since they stand on every request.",
        },
        source="Gould & Fernandez 1989, Sociological Methodology 19:89",
    ),
    _card(
        name="place_front",
        title={"fr": "Lieu qu'aucun autre ne dépasse en tout", "en": "Place that none surpasses in everything"},
        unit={"fr": "part des tirages, de 0 à 1", "en": "share of draws, 0 to 1"},
        says={
            "fr": "Si aucun autre lieu ne fait au moins aussi bien en réponses, étendue et porosité à la fois.",
            "en": "Whether no other place does at least as well in answers, breadth and porosity at once.",
        },
        says_not={
            "fr": "Pas un score : plusieurs lieux y sont, chacun à sa façon, et un inconnu n'y perd rien.",
            "en": "Not a score: several places are there, each in its own way, and the unknown costs nothing.",
        },
        source="Goldstein & Spiegelhalter 1996, JRSS A 159:385; Pareto front",
    ),
)
