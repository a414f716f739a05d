"""What the table says of who asks for a skill: demand against supply, and common concerns; in the family "skill"."""

from __future__ import annotations

from functools import partial

import pandas as pd

from analytics.metrics.concern import RAISED_WEEKS, common_concerns
from analytics.metrics.evidence import MEMORY_WEEKS
from analytics.metrics.evidence import evidence as standing
from analytics.metrics.metric import Metric
from analytics.metrics.skill_metric import SKILL_EVENTS
from analytics.metrics.supply import ASKED, SOON_DAYS, shortages, supply_gap, unmet
from analytics.week import Week

ASKED_WEEKS = ASKED.days // 7


def tightness(week: Week, *, evidence: pd.DataFrame, demand: pd.DataFrame) -> pd.DataFrame:
    """Return demand, supply and the gap between them of every skill at the end of ``week``, and how many are short.

    Args:
        week: The week; its end is what ages are counted to.
        evidence: The reading: ``member, skill, rung, level, at`` of the members who are counted and there.
        demand: The reading: ``skill, request, requester, organisation, at``.

    Returns:
        ``metric, subject_kind, subject, value, low, high, n``; n is the number of distinct requesters, of holders for
        the supply, of skills that are asked for in the network.
    """
    found = standing(evidence, week.until)
    gaps = supply_gap(demand, found, week.until)
    short, many = shortages(gaps)
    network = pd.DataFrame({"subject": ["network"], "value": [short], "n": [many]})
    sides = gaps.drop(columns=["low", "high"])
    return pd.concat(
        [
            _of_skills("gap", gaps),
            _of_skills("demand", sides.assign(value=sides["demand"].astype("float64"))),
            _of_skills("supply", sides.assign(value=sides["supply"], n=sides["holders"])),
            network.assign(metric="short_skills", subject_kind="network"),
        ],
        ignore_index=True,
    )


def waiting(week: Week, *, requests: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each skill's requests that nobody answers in time, in rows as of ``tightness``."""
    return _of_skills("unmet_share", unmet(requests, week.until))


def concerns(week: Week, *, demand: pd.DataFrame) -> pd.DataFrame:
    """Return of each common concern how many organisations raise it and at how many places, and how many there are.

    Args:
        week: The week; the 13 weeks that end with it count.
        demand: The reading: ``skill, request, organisation, place, at``.

    Returns:
        Rows as of ``tightness``; n is the number of organisations, for the network of common concerns.
    """
    found = common_concerns(demand, since=(week + (1 - RAISED_WEEKS)).since, until=week.until)
    many = [_of_skills(f"concern_{what}", _counted(found, what)) for what in ("organisations", "places")]
    network = pd.DataFrame({"subject": ["network"], "value": [float(len(found))], "n": [len(found)]})
    return pd.concat([*many, network.assign(metric="concerns", subject_kind="network")], ignore_index=True)


def _counted(found: pd.DataFrame, what: str) -> pd.DataFrame:
    return pd.DataFrame({"skill": found["skill"], "value": found[what].astype("float64"), "n": found["organisations"]})


def _of_skills(metric: str, rows: pd.DataFrame) -> pd.DataFrame:
    return rows.rename(columns={"skill": "subject"}).assign(metric=metric, subject_kind="skill")


_gap = partial(
    Metric,
    family="skill",
    compute=tightness,
    source="Pissarides 2000, Equilibrium Unemployment Theory; Clayton & Kaldor 1987, Biometrics 43:671",
    readings=("evidence", "demand"),
    reads=SKILL_EVENTS,
    reach=MEMORY_WEEKS,
    layers=(),
)

_concern = partial(
    Metric,
    family="skill",
    compute=concerns,
    source="Maillage; thresholds of Insee for the statistical secrecy of enterprises",
    readings=("demand",),
    reads=("help.requested",),
    reach=RAISED_WEEKS,
    layers=(),
)

DEMAND_METRICS = (
    _gap(
        name="gap",
        title={
            "fr": "Écart entre demande et offre",
            "en": "Gap between demand and supply",
            "de": "Lücke zwischen Nachfrage und Angebot",
        },
        unit={
            "fr": "logarithme du rapport, 0 = équilibre",
            "en": "log ratio, 0 = balance",
            "de": "Logarithmus des Verhältnisses, 0 = ausgeglichen",
        },
        says={
            "fr": f"De combien ceux qui demandent la compétence ({ASKED_WEEKS} semaines) dépassent ceux qui l'offrent.",
            "en": f"By how much those who ask for a skill ({ASKED_WEEKS} weeks) outnumber those who can answer.",
            "de": f"Wie weit die Fragenden ({ASKED_WEEKS} Wochen) jene übertreffen, die antworten können.",
        },
        says_not={
            "fr": "Rien des entreprises qui ne demandent pas ; sans demande vue, aucune valeur, donc pas un surplus.",
            "en": "Nothing of firms that do not ask; where no demand is seen there is no value, hence no surplus.",
            "de": "Nichts über Firmen, die nicht fragen; wo niemand fragt, fehlt der Wert, also auch ein Überschuss.",
        },
        subject_kind="skill",
    ),
    _gap(
        name="demand",
        title={"fr": "Demande", "en": "Demand", "de": "Nachfrage"},
        unit={"fr": "demandeurs distincts", "en": "distinct requesters", "de": "verschiedene Fragende"},
        says={
            "fr": f"Combien d'entreprises et de personnes ont demandé la compétence en {ASKED_WEEKS} semaines.",
            "en": f"How many firms and people asked for the skill in {ASKED_WEEKS} weeks.",
            "de": f"Wie viele Firmen und Personen in {ASKED_WEEKS} Wochen nach der Fähigkeit gefragt haben.",
        },
        says_not={
            "fr": "Pas un nombre de demandes : une entreprise qui demande cinq fois compte une fois.",
            "en": "Not a number of requests: a firm that asks five times counts once.",
            "de": "Keine Zahl von Anfragen: Eine Firma, die fünfmal fragt, zählt einmal.",
        },
        subject_kind="skill",
    ),
    _gap(
        name="supply",
        title={"fr": "Offre", "en": "Supply", "de": "Angebot"},
        unit={"fr": "personnes, au plus 1 chacune", "en": "people, 1 each at most", "de": "Personen, jede höchstens 1"},
        says={
            "fr": "Combien de personnes peuvent répondre, chacune selon ce qui montre sa compétence.",
            "en": "How many people can answer, each as far as something shows her skill.",
            "de": "Wie viele Personen antworten können, jede so weit, wie ihre Fähigkeit belegt ist.",
        },
        says_not={
            "fr": "Pas leur temps libre : chacune compte pour une réponse à la fois, faute de le savoir.",
            "en": "Not their spare time: each counts for one answer at a time, as nothing else is known.",
            "de": "Nicht ihre freie Zeit: Jede zählt für eine Antwort aufs Mal, denn mehr ist nicht bekannt.",
        },
        subject_kind="skill",
    ),
    _gap(
        name="short_skills",
        title={"fr": "Compétences en tension", "en": "Skills in short supply", "de": "Knappe Fähigkeiten"},
        unit={"fr": "compétences", "en": "skills", "de": "Fähigkeiten"},
        says={
            "fr": "Pour combien de compétences la demande dépasse sûrement l'offre d'au moins un quart.",
            "en": "For how many skills demand surely exceeds supply by a quarter at least.",
            "de": "Bei wie vielen Fähigkeiten die Nachfrage das Angebot sicher um mindestens einen Viertel übertrifft.",
        },
        says_not={
            "fr": "Pas que les autres suffisent : avec peu de demandeurs, rien n'est sûr.",
            "en": "Not that the others suffice: with few requesters nothing is sure.",
            "de": "Nicht, dass die anderen genügen: Bei wenigen Fragenden ist nichts sicher.",
        },
        subject_kind="network",
    ),
    Metric(
        name="unmet_share",
        title={
            "fr": "Part sans réponse à temps",
            "en": "Share without an answer in time",
            "de": "Anteil ohne rechtzeitige Antwort",
        },
        unit={"fr": "part, de 0 à 1", "en": "share, 0 to 1", "de": "Anteil, 0 bis 1"},
        says={
            "fr": f"Quelle part des demandes d'une compétence reste {SOON_DAYS:g} jours sans réponse d'autrui.",
            "en": f"What share of the requests for a skill stays {SOON_DAYS:g} days without anybody's answer.",
            "de": f"Welcher Anteil der Anfragen zu einer Fähigkeit {SOON_DAYS:g} Tage ohne Antwort anderer bleibt.",
        },
        says_not={
            "fr": "Pas si la réponse était bonne ; avec peu de demandes, l'intervalle est large.",
            "en": "Not whether the answer was good; with few requests the interval is wide.",
            "de": "Nicht, ob die Antwort gut war; bei wenigen Anfragen ist das Intervall breit.",
        },
        family="skill",
        compute=waiting,
        source="Aalen & Johansen 1978, Scand. J. Statistics 5:141",
        readings=("requests",),
        reads=("help.requested", "help.answered", "help.closed"),
        reach=ASKED_WEEKS,
        layers=(),
        subject_kind="skill",
    ),
    _concern(
        name="concern_organisations",
        title={
            "fr": "Préoccupation commune : organisations",
            "en": "Common concern: organisations",
            "de": "Gemeinsames Anliegen: Organisationen",
        },
        unit={
            "fr": f"organisations en {RAISED_WEEKS} semaines",
            "en": f"organisations in {RAISED_WEEKS} weeks",
            "de": f"Organisationen in {RAISED_WEEKS} Wochen",
        },
        says={
            "fr": "Combien d'organisations posent le même thème, quand elles sont trois au moins, de deux lieux.",
            "en": "How many organisations raise the same theme, where they are three at least, from two places.",
            "de": "Wie viele Organisationen dasselbe Thema haben, wenn es mindestens drei aus zwei Orten sind.",
        },
        says_not={
            "fr": "Pas lesquelles, jamais ; un thème absent n'est pas sans demande : il n'est pas commun.",
            "en": "Not which, ever; a theme that is missing may be asked for: it is not common.",
            "de": "Niemals, welche; nach einem Thema, das fehlt, wird vielleicht gefragt, aber nicht gemeinsam.",
        },
        subject_kind="skill",
    ),
    _concern(
        name="concern_places",
        title={
            "fr": "Préoccupation commune : lieux",
            "en": "Common concern: places",
            "de": "Gemeinsames Anliegen: Orte",
        },
        unit={
            "fr": f"lieux en {RAISED_WEEKS} semaines",
            "en": f"places in {RAISED_WEEKS} weeks",
            "de": f"Orte in {RAISED_WEEKS} Wochen",
        },
        says={
            "fr": "De combien de lieux viennent les demandes d'organisations sur un thème qui leur est commun.",
            "en": "From how many places the requests of organisations about a theme they share come.",
            "de": "Aus wie vielen Orten die Anfragen von Organisationen zu einem gemeinsamen Thema kommen.",
        },
        says_not={
            "fr": "Pas lesquels ; une demande dont le lieu n'est pas connu n'en ajoute aucun.",
            "en": "Not which; a request whose place is not known adds none.",
            "de": "Nicht, aus welchen; eine Anfrage, deren Ort nicht bekannt ist, fügt keinen hinzu.",
        },
        subject_kind="skill",
    ),
    _concern(
        name="concerns",
        title={"fr": "Préoccupations communes", "en": "Common concerns", "de": "Gemeinsame Anliegen"},
        unit={"fr": "thèmes", "en": "themes", "de": "Themen"},
        says={
            "fr": f"Combien de thèmes trois organisations, de deux lieux, ont posés en {RAISED_WEEKS} semaines.",
            "en": f"How many themes three organisations, from two places, raised in {RAISED_WEEKS} weeks.",
            "de": f"Wie viele Themen drei Organisationen aus zwei Orten in {RAISED_WEEKS} Wochen aufgebracht haben.",
        },
        says_not={
            "fr": "Pas leur gravité ; celles qui ne demandent rien n'y sont pas.",
            "en": "Not how grave they are; those that ask nothing are not in it.",
            "de": "Nicht, wie ernst sie sind; die Anliegen derer, die nichts fragen, fehlen.",
        },
        subject_kind="network",
    ),
)
