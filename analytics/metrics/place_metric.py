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
        title={"fr": "Porteurs actifs du lieu", "en": "Active holders of the place", "de": "Aktive Kundige des Ortes"},
        unit={"fr": "personnes en 180 jours", "en": "people in 180 days", "de": "Personen in 180 Tagen"},
        says={
            "fr": "Combien de membres du lieu ont montré une compétence, quelle qu'elle soit, en 180 jours.",
            "en": "How many members of the place showed a skill, whichever, within 180 days.",
            "de": "Wie viele Mitglieder des Ortes in 180 Tagen eine Fähigkeit gezeigt haben, gleich welche.",
        },
        says_not={
            "fr": "Pas la qualité du lieu : un grand lieu en a plus.",
            "en": "Not how good the place is: a large place has more.",
            "de": "Nicht, wie gut der Ort ist: Ein grosser Ort hat mehr.",
        },
        source="CHAOSS, Contributor Absence Factor",
    ),
    _card(
        name="place_absence_factor",
        title={
            "fr": "Facteur d'absence du lieu (50 %)",
            "en": "Absence factor of the place (50 %)",
            "de": "Ausfallfaktor des Ortes (50 %)",
        },
        unit={"fr": "personnes, 1 = une seule", "en": "people, 1 = one alone", "de": "Personen, 1 = eine einzige"},
        says={
            "fr": "Combien de membres portent la moitié de ce que le lieu sait faire.",
            "en": "How few members hold half of what the place can do.",
            "de": "Wie viele Mitglieder die Hälfte von dem tragen, was der Ort kann.",
        },
        says_not={
            "fr": "Pas qui, ni qui est là demain ; il monte avec la taille du lieu.",
            "en": "Not who, nor who is there tomorrow; it rises with the size of the place.",
            "de": "Nicht, wer, auch nicht, wer morgen da ist; er steigt mit der Grösse des Ortes.",
        },
        source="CHAOSS, Contributor Absence Factor; Avelino et al. 2016, ICPC",
    ),
    _card(
        name="place_specialities",
        title={"fr": "Spécialités du lieu", "en": "Specialities of the place", "de": "Stärken des Ortes"},
        unit={"fr": "compétences", "en": "skills", "de": "Fähigkeiten"},
        says={
            "fr": "De combien de compétences le lieu porte sûrement un quart de plus que le hasard ne lui donnerait.",
            "en": "Of how many skills the place surely holds a quarter more than chance would give it.",
            "de": "Von wie vielen Fähigkeiten der Ort sicher einen Viertel mehr trägt, als der Zufall ihm gäbe.",
        },
        says_not={
            "fr": "Pas qu'il en sait plus que les autres : c'est une part, et un lieu large n'en a aucune.",
            "en": "Not that it knows more than others: it is a share, and a place of all trades has none.",
            "de": "Nicht, dass er mehr weiss als andere: Es ist ein Anteil, und ein vielseitiger Ort hat keine.",
        },
        source="Balassa 1965, Manchester School 33:99; DuMouchel 1999, Am. Statistician 53:177",
    ),
    _card(
        name="place_breadth",
        title={
            "fr": "Étendue des compétences du lieu",
            "en": "Breadth of the place's skills",
            "de": "Breite der Fähigkeiten des Ortes",
        },
        unit={
            "fr": "compétences également répandues",
            "en": "skills as if equally common",
            "de": "Fähigkeiten, als wären sie gleich verbreitet",
        },
        says={
            "fr": "Sur combien de compétences se répartissent les membres actifs, à couverture égale.",
            "en": "Over how many skills the active members spread, at equal coverage.",
            "de": "Auf wie viele Fähigkeiten sich die aktiven Mitglieder verteilen, bei gleicher Abdeckung.",
        },
        says_not={
            "fr": "Pas toutes : la moitié la plus courante ; rien d'un lieu dont on a trop peu vu.",
            "en": "Not all of them: the more common half; nothing of a place of which too little was seen.",
            "de": "Nicht alle: die häufigere Hälfte; nichts über einen Ort, von dem zu wenig gesehen wurde.",
        },
        source="Hill 1973, Ecology 54:427; Jost 2006, Oikos 113:363; Chao & Jost 2012, Ecology 93:2533",
    ),
    _card(
        name="place_breadth_rank",
        title={
            "fr": "Rangs possibles en étendue",
            "en": "Possible ranks in breadth",
            "de": "Mögliche Ränge in der Breite",
        },
        unit={
            "fr": "rang moyen, 1 = la plus grande étendue",
            "en": "mean rank, 1 = the broadest",
            "de": "mittlerer Rang, 1 = die grösste Breite",
        },
        says={
            "fr": "Quels rangs le lieu peut avoir en étendue, vu le hasard de qui a été vu (intervalle à 90 %).",
            "en": "Which ranks the place may have in breadth, given who chanced to be seen (90 % interval).",
            "de": "Welche Ränge der Ort in der Breite haben kann, je nachdem, wer gesehen wurde (Intervall 90 %).",
        },
        says_not={
            "fr": "Pas un classement : deux lieux dont les intervalles se touchent ne se départagent pas.",
            "en": "Not a league table: two places whose intervals touch cannot be told apart.",
            "de": "Keine Rangliste: Zwei Orte, deren Intervalle sich berühren, lassen sich nicht ordnen.",
        },
        source="Goldstein & Spiegelhalter 1996, JRSS A 159:385; Efron 1979, Annals of Statistics 7:1",
    ),
    _card(
        name="place_answered",
        title={
            "fr": f"Chance d'une réponse en {SOON.days} jours",
            "en": f"Chance of an answer in {SOON.days} days",
            "de": f"Aussicht auf eine Antwort in {SOON.days} Tagen",
        },
        unit={"fr": "probabilité, de 0 à 1", "en": "probability, 0 to 1", "de": "Wahrscheinlichkeit, 0 bis 1"},
        says={
            "fr": f"Quelle chance a une demande posée à ce lieu d'avoir une réponse en {SOON.days} jours.",
            "en": f"What chance a request asked at this place has of an answer within {SOON.days} days.",
            "de": f"Welche Aussicht eine Anfrage an diesen Ort hat, in {SOON.days} Tagen eine Antwort zu erhalten.",
        },
        says_not={
            "fr": "Ni si la réponse était bonne, ni qui l'a donnée ; peu de demandes, large intervalle.",
            "en": "Neither whether the answer was good nor whose it was; few requests, a wide interval.",
            "de": "Weder ob die Antwort gut war noch von wem sie kam; wenige Anfragen, breites Intervall.",
        },
        source="Goldstein & Spiegelhalter 1996, JRSS A 159:385",
    ),
    _card(
        name="place_answered_rank",
        title={
            "fr": "Rangs possibles en réponses",
            "en": "Possible ranks in answers",
            "de": "Mögliche Ränge bei den Antworten",
        },
        unit={
            "fr": "rang moyen, 1 = la plus grande chance",
            "en": "mean rank, 1 = the best chance",
            "de": "mittlerer Rang, 1 = die beste Aussicht",
        },
        says={
            "fr": "Quels rangs le lieu peut avoir par la chance d'une réponse (intervalle à 90 %).",
            "en": "Which ranks the place may have by the chance of an answer (90 % interval).",
            "de": "Welche Ränge der Ort nach der Aussicht auf eine Antwort haben kann (Intervall 90 %).",
        },
        says_not={
            "fr": "Pas un classement : avec 6 à 60 demandes par lieu, le hasard suffit à déplacer un rang.",
            "en": "Not a league table: with 6 to 60 requests a place, chance is enough to move a rank.",
            "de": "Keine Rangliste: Bei 6 bis 60 Anfragen pro Ort genügt der Zufall, um einen Rang zu verschieben.",
        },
        source="Goldstein & Spiegelhalter 1996, JRSS A 159:385",
    ),
    _card(
        name="place_porosity",
        title={"fr": "Porosité du lieu", "en": "Porosity of the place", "de": "Durchlässigkeit des Ortes"},
        unit={
            "fr": "rapport au hasard, 1 = comme lui",
            "en": "ratio to chance, 1 = as chance",
            "de": "Verhältnis zum Zufall, 1 = wie dieser",
        },
        says={
            "fr": "Si ses membres en rencontrent d'autres lieux plus (au-dessus de 1) ou moins que par hasard.",
            "en": "Whether its members meet those of other places more (above 1) or less than by chance.",
            "de": "Ob seine Mitglieder jene anderer Orte mehr (über 1) oder weniger treffen als durch Zufall.",
        },
        says_not={
            "fr": "Pas une qualité en soi : on travaille d'abord entre voisins, et rester sous 1 est la règle.",
            "en": "Not a virtue in itself: people work with neighbours first, and below 1 is the rule.",
            "de": "Keine Tugend an sich: Man arbeitet zuerst mit Nachbarn, und unter 1 ist die Regel.",
        },
        source="Krackhardt & Stern 1988, Soc. Psych. Quarterly 51:123",
    ),
    _card(
        name="place_porosity_rank",
        title={
            "fr": "Rangs possibles en porosité",
            "en": "Possible ranks in porosity",
            "de": "Mögliche Ränge in der Durchlässigkeit",
        },
        unit={
            "fr": "rang moyen, 1 = le plus ouvert",
            "en": "mean rank, 1 = the most open",
            "de": "mittlerer Rang, 1 = am offensten",
        },
        says={
            "fr": "Quels rangs le lieu peut avoir en porosité, vu le hasard de qui y était (intervalle à 90 %).",
            "en": "Which ranks the place may have in porosity, given who chanced to be there (90 % interval).",
            "de": "Welche Ränge der Ort in der Durchlässigkeit haben kann, je nachdem, wer da war (Intervall 90 %).",
        },
        says_not={
            "fr": "Pas un classement : un lieu isolé sur la carte y est derrière sans faute de sa part.",
            "en": "Not a league table: a place alone on the map is behind through no fault of its own.",
            "de": "Keine Rangliste: Ein Ort, der auf der Karte allein liegt, ist hinten, ohne etwas dafür zu können.",
        },
        source="Goldstein & Spiegelhalter 1996, JRSS A 159:385; Efron 1979, Annals of Statistics 7:1",
    ),
    _card(
        name="place_porosity_abroad",
        title={
            "fr": "Porosité du lieu vers l'étranger",
            "en": "Porosity of the place towards abroad",
            "de": "Durchlässigkeit des Ortes zum Ausland",
        },
        unit={
            "fr": "rapport au hasard, 1 = comme lui",
            "en": "ratio to chance, 1 = as chance",
            "de": "Verhältnis zum Zufall, 1 = wie dieser",
        },
        says={
            "fr": "Si ses membres rencontrent ceux d'un autre pays plus (au-dessus de 1) ou moins que par hasard.",
            "en": "Whether its members meet those of another country more (above 1) or less than by chance.",
            "de": "Ob seine Mitglieder jene eines anderen Landes mehr (über 1) oder weniger treffen als durch Zufall.",
        },
        says_not={
            "fr": "Pas la distance : un lieu loin de la frontière s'y trouve sous 1 sans faute de sa part.",
            "en": "Not the distance: a place far from the border is below 1 through no fault of its own.",
            "de": "Nicht die Entfernung: Ein Ort fern der Grenze liegt unter 1, ohne etwas dafür zu können.",
        },
        source="Krackhardt & Stern 1988, Soc. Psych. Quarterly 51:123",
    ),
    _card(
        name="place_brokerage",
        title={"fr": "Relais du lieu", "en": "Brokerage of the place", "de": "Weitergabe durch den Ort"},
        unit={
            "fr": "rapport au hasard, 1 = comme lui",
            "en": "ratio to chance, 1 = as chance",
            "de": "Verhältnis zum Zufall, 1 = wie dieser",
        },
        says={
            "fr": "Combien plus souvent que par hasard ses membres relaient l'entraide d'un lieu à l'autre.",
            "en": "How much more often than by chance its members carry help from one place to another.",
            "de": "Wie viel öfter als durch Zufall seine Mitglieder Hilfe von Ort zu Ort weitergeben.",
        },
        says_not={
            "fr": "Pas qui relaie ; les animateurs sont laissés de côté, ils figurent sur chaque demande.",
            "en": "Not who; facilitators are left out, since they stand on every request.",
            "de": "Nicht, wer; Betreuende sind weggelassen, denn sie stehen bei jeder Anfrage.",
        },
        source="Gould & Fernandez 1989, Sociological Methodology 19:89",
    ),
    _card(
        name="place_front",
        title={
            "fr": "Lieu qu'aucun autre ne dépasse en tout",
            "en": "Place that none surpasses in everything",
            "de": "Ort, den keiner in allem übertrifft",
        },
        unit={
            "fr": "part des tirages, de 0 à 1",
            "en": "share of draws, 0 to 1",
            "de": "Anteil der Ziehungen, 0 bis 1",
        },
        says={
            "fr": "Si aucun autre lieu ne fait au moins aussi bien en réponses, étendue et porosité à la fois.",
            "en": "Whether no other place does at least as well in answers, breadth and porosity at once.",
            "de": "Ob kein anderer Ort bei Antworten, Breite und Durchlässigkeit zugleich mindestens gleich gut ist.",
        },
        says_not={
            "fr": "Pas un score : plusieurs lieux y sont, chacun à sa façon, et un inconnu n'y perd rien.",
            "en": "Not a score: several places are there, each in its own way, and the unknown costs nothing.",
            "de": "Keine Note: Mehrere Orte sind dort, jeder auf seine Art, und Unbekanntes kostet nichts.",
        },
        source="Goldstein & Spiegelhalter 1996, JRSS A 159:385; Pareto front",
    ),
)
