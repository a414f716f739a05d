"""What becomes of those who arrive: how soon they know somebody, and whether they stay; in the family "welcome"."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from analytics.metrics.metric import TIE_EVENTS, Metric
from analytics.metrics.porosity import CONVERSATION
from analytics.metrics.survival import Estimate, Incidence, kaplan_meier
from analytics.week import Week

HISTORY = 26
"""Weeks of record before an arrival, without which anybody would look new."""
COHORT = 39
"""Weeks whose arrivals are followed: those of the first 13 have been watched for all that is asked of them."""
SETTLED = 13.0
"""Weeks after which a newcomer is looked at."""
SILENCE = 13.0
"""Weeks without an appearance after which somebody has gone, from the last appearance on."""
WEEK = pd.Timedelta(weeks=1)


def newcomers(
    week: Week, *, appearances: pd.DataFrame, participation: pd.DataFrame, answers: pd.DataFrame
) -> pd.DataFrame:
    """Return how those who arrived in the last 39 weeks found ties, and whether they stayed, at the end of ``week``.

    Definition: a newcomer's first appearance in what is read comes at least 26 weeks after the first of anybody; she is
    watched from then on. A tie is a workshop of at most 20 people together, or an answer between two, facilitators
    left out; she is integrated with ties to two people from two occasions. ``newcomer_tie_wait`` and
    ``newcomer_integration_wait``: weeks by which half have a tie, or are integrated; ``newcomer_tied`` and
    ``newcomer_integrated``: share by week 13; ``newcomer_retention``: share that still comes after week 13, without a
    silence of 13 weeks before. All by Kaplan-Meier: who has not been watched long enough counts for as long as she
    was. That somebody has gone is known 13 weeks later, so that retention rests on who arrived 13 weeks ago or
    earlier, each watched until 13 weeks before the end, whatever she did since.

    Args:
        week: The week; its end is when everybody is last seen.
        appearances: ``member, at``: who may be a newcomer, or met by one.
        participation: ``workshop, member, role, at, size``.
        answers: ``request, answer, requester, helper, at, accepted``.

    Returns:
        metric, subject_kind, subject ("network"), value, low, high (90 % interval), n (newcomers it rests on). NaN
        without a newcomer, while none was watched for long enough, and where half have no tie yet. The order of rows
        changes nothing, nor does a repeated row.

    Cost: O(a log a) for a appearances. Sources: CHAOSS, New Contributors; Kaplan & Meier 1958, JASA 53:457.
    """
    arrived = _arrivals(appearances, week.until)
    met = _met(participation, answers, set(arrived.index), set(appearances["member"].unique()))
    tied = _until(arrived, met.groupby("newcomer")["at"].min(), week.until)
    both = pd.concat([_second(met, "other"), _second(met, "occasion")], axis=1).max(axis=1, skipna=False)
    integrated = _until(arrived, both.dropna(), week.until)
    settled = arrived[arrived <= week.until - SILENCE * WEEK]
    theirs = appearances[appearances["member"].isin(settled.index)]
    gone = _until(settled, _last_before_silence(theirs, week.until), week.until - SILENCE * WEEK)
    left = gone.at(SETTLED)
    figures = [
        ("newcomer_tie_wait", tied.median, len(arrived)),
        ("newcomer_tied", tied.at(SETTLED), len(arrived)),
        ("newcomer_integration_wait", integrated.median, len(arrived)),
        ("newcomer_integrated", integrated.at(SETTLED), len(arrived)),
        ("newcomer_retention", Estimate(1 - left.value, 1 - left.high, 1 - left.low), len(settled)),
    ]
    rows = [(metric, "network", "network", each.value, each.low, each.high, n) for metric, each, n in figures]
    return pd.DataFrame(rows, columns=["metric", "subject_kind", "subject", "value", "low", "high", "n"])


def _arrivals(appearances: pd.DataFrame, until: datetime) -> pd.Series[Any]:
    """Return when each newcomer first appeared; nobody is one in the first 26 weeks of what is told."""
    first = appearances.groupby("member")["at"].min()
    new: pd.Series[Any] = first[(first >= until - COHORT * WEEK) & (first >= first.min() + HISTORY * WEEK)]
    return new


def _met(participation: pd.DataFrame, answers: pd.DataFrame, arrived: set[str], people: set[str]) -> pd.DataFrame:
    """Return ``newcomer, other, occasion, at``: every meeting of a newcomer with one of ``people``."""
    small = participation[participation["size"] <= CONVERSATION].drop_duplicates(["workshop", "member"])
    here = small[["workshop", "member", "at"]].set_axis(["occasion", "newcomer", "at"], axis=1)
    there = small[["workshop", "member"]].set_axis(["occasion", "other"], axis=1)
    together = here[here["newcomer"].isin(arrived)].merge(there, on="occasion")
    given = answers[["request", "requester", "helper", "at"]].set_axis(["occasion", "newcomer", "other", "at"], axis=1)
    taken = given.rename(columns={"newcomer": "other", "other": "newcomer"})
    helped = pd.concat([given, taken])
    met = pd.concat(
        [
            together.assign(occasion="workshop " + together["occasion"]),
            helped.assign(occasion="request " + helped["occasion"]),
        ],
        ignore_index=True,
    )
    return met[met["newcomer"].isin(arrived) & met["other"].isin(people) & (met["newcomer"] != met["other"])]


def _second(met: pd.DataFrame, column: str) -> pd.Series[Any]:
    """Return when each newcomer met the second of her people, or on the second of her occasions."""
    each = met.groupby(["newcomer", column])["at"].min().sort_values().reset_index()
    second = each[each.groupby("newcomer").cumcount() == 1]
    return second.set_index("newcomer")["at"].rename(column)


def _last_before_silence(appearances: pd.DataFrame, until: datetime) -> pd.Series[Any]:
    """Return when those who have once been silent for 13 weeks last appeared before it."""
    ordered = appearances.sort_values(["member", "at"])
    following = ordered.groupby("member")["at"].shift(-1).fillna(pd.Timestamp(until))
    return ordered[following - ordered["at"] >= SILENCE * WEEK].groupby("member")["at"].min()


def _until(arrived: pd.Series[Any], happened: pd.Series[Any], until: datetime) -> Incidence:
    """Return how the share of newcomers to whom it has happened grows with the weeks since their arrival."""
    waited = _weeks(happened.reindex(arrived.index) - arrived).clip(lower=0.0)
    watched = _weeks(until - arrived)
    known = waited.notna()
    durations = np.asarray(waited.where(known, watched), np.float64)
    return kaplan_meier(durations, np.asarray(known, np.bool_), watched=float(watched.max()))


def _weeks(time: pd.Series[Any]) -> pd.Series[float]:
    weeks: pd.Series[float] = time.dt.total_seconds() / WEEK.total_seconds()
    return weeks


_READ = ("appearances", "participation", "answers")
_READS = (*TIE_EVENTS, "machine.used", "skill.declared", "skill.certified")

NEWCOMER_METRICS = (
    Metric(
        name="newcomer_tie_wait",
        title={"fr": "Attente du premier lien", "en": "Wait for a first tie", "de": "Warten auf die erste Verbindung"},
        unit={
            "fr": "semaines depuis l'arrivée, médiane",
            "en": "weeks since arrival, median",
            "de": "Wochen seit der Ankunft, Median",
        },
        says={
            "fr": "En combien de semaines la moitié des arrivants a rencontré ou entraidé quelqu'un.",
            "en": "Within how many weeks half of those who arrive have met somebody or exchanged help.",
            "de": "In wie vielen Wochen die Hälfte der Neuen jemanden getroffen oder Hilfe ausgetauscht hat.",
        },
        says_not={
            "fr": "Pas si le lien dure ; 0 quand on arrive par un petit atelier ; les animateurs ne comptent pas.",
            "en": "Not whether the tie lasts; 0 where people arrive by a small workshop; facilitators do not count.",
            "de": "Nicht, ob sie hält; 0, wo man über einen kleinen Workshop kommt; Betreuende zählen nicht.",
        },
        family="welcome",
        compute=newcomers,
        source="CHAOSS, New Contributors; Kaplan & Meier 1958, JASA 53:457",
        readings=_READ,
        reads=_READS,
        reach=HISTORY + COHORT,
        layers=(),
        subject_kind="network",
    ),
    Metric(
        name="newcomer_tied",
        title={
            "fr": "Arrivants liés à 13 semaines",
            "en": "Newcomers with a tie at week 13",
            "de": "Neue mit Verbindung nach 13 Wochen",
        },
        unit={"fr": "part des arrivants", "en": "share of newcomers", "de": "Anteil der Neuen"},
        says={
            "fr": "Quelle part des arrivants a au moins un lien 13 semaines après son arrivée.",
            "en": "What share of those who arrive have at least one tie 13 weeks later.",
            "de": "Welcher Anteil der Neuen 13 Wochen nach der Ankunft mindestens eine Verbindung hat.",
        },
        says_not={
            "fr": "Rien des journées de plus de 20 personnes : y être ensemble n'est pas se rencontrer.",
            "en": "Nothing of days with over 20 people: being there together is not meeting.",
            "de": "Nichts über Tage mit mehr als 20 Personen: zusammen dort sein heisst nicht sich treffen.",
        },
        family="welcome",
        compute=newcomers,
        source="CHAOSS, New Contributors; Kaplan & Meier 1958, JASA 53:457",
        readings=_READ,
        reads=_READS,
        reach=HISTORY + COHORT,
        layers=(),
        subject_kind="network",
    ),
    Metric(
        name="newcomer_integration_wait",
        title={"fr": "Attente de l'intégration", "en": "Wait for integration", "de": "Warten auf die Einbindung"},
        unit={
            "fr": "semaines depuis l'arrivée, médiane",
            "en": "weeks since arrival, median",
            "de": "Wochen seit der Ankunft, Median",
        },
        says={
            "fr": "En combien de semaines la moitié des arrivants est liée à deux personnes vues en deux occasions.",
            "en": "Within how many weeks half of those who arrive have ties to two people from two occasions.",
            "de": "In wie vielen Wochen die Hälfte der Neuen mit zwei Personen aus zwei Anlässen verbunden ist.",
        },
        says_not={
            "fr": "Pas un jugement sur les personnes ; sans valeur tant que plus de la moitié ne l'est pas.",
            "en": "No judgement on people; no value while more than half are not.",
            "de": "Kein Urteil über Personen; ohne Wert, solange mehr als die Hälfte es nicht ist.",
        },
        family="welcome",
        compute=newcomers,
        source="CHAOSS, New Contributors; Kaplan & Meier 1958, JASA 53:457",
        readings=_READ,
        reads=_READS,
        reach=HISTORY + COHORT,
        layers=(),
        subject_kind="network",
    ),
    Metric(
        name="newcomer_integrated",
        title={
            "fr": "Arrivants intégrés à 13 semaines",
            "en": "Newcomers integrated at week 13",
            "de": "Eingebundene Neue nach 13 Wochen",
        },
        unit={"fr": "part des arrivants", "en": "share of newcomers", "de": "Anteil der Neuen"},
        says={
            "fr": "Quelle part des arrivants est liée, 13 semaines après, à deux personnes vues en deux occasions.",
            "en": "What share of those who arrive have ties, 13 weeks later, to two people from two occasions.",
            "de": "Welcher Anteil der Neuen nach 13 Wochen mit zwei Personen aus zwei Anlässen verbunden ist.",
        },
        says_not={
            "fr": "Pas l'effet de l'accueil : une classe qui vient deux fois est intégrée d'un coup.",
            "en": "Not the effect of the welcome: a class that comes twice is integrated all at once.",
            "de": "Nicht die Wirkung des Empfangs: Eine Klasse, die zweimal kommt, ist auf einen Schlag eingebunden.",
        },
        family="welcome",
        compute=newcomers,
        source="CHAOSS, New Contributors; Kaplan & Meier 1958, JASA 53:457",
        readings=_READ,
        reads=_READS,
        reach=HISTORY + COHORT,
        layers=(),
        subject_kind="network",
    ),
    Metric(
        name="newcomer_retention",
        title={
            "fr": "Arrivants qui restent après 13 semaines",
            "en": "Newcomers who stay beyond week 13",
            "de": "Neue, die nach 13 Wochen bleiben",
        },
        unit={"fr": "part des arrivants", "en": "share of newcomers", "de": "Anteil der Neuen"},
        says={
            "fr": "Quelle part des arrivants vient encore après 13 semaines, sans 13 semaines de silence avant.",
            "en": "What share of those who arrive still come after 13 weeks, without 13 weeks of silence before.",
            "de": "Welcher Anteil der Neuen nach 13 Wochen noch kommt, ohne 13 Wochen Stille davor.",
        },
        says_not={
            "fr": "Pas les arrivées récentes : un départ se sait 13 semaines après ; venir une fois peut suffire.",
            "en": "Not recent arrivals: that somebody left is known 13 weeks later; coming once may be enough.",
            "de": "Nicht die letzten Ankünfte: Ein Weggang zeigt sich 13 Wochen später; einmal kommen kann genügen.",
        },
        family="welcome",
        compute=newcomers,
        source="CHAOSS, Occasional Contributors; Kaplan & Meier 1958, JASA 53:457",
        readings=_READ,
        reads=_READS,
        reach=HISTORY + COHORT,
        layers=(),
        subject_kind="network",
    ),
)
