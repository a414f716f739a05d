"""What the table says of the growth of skills, in the family "skill"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analytics.closure import closed_weeks
from analytics.metrics.growth import MONTH, QUARTER, skill_growth
from analytics.metrics.metric import Metric
from analytics.metrics.occasion import REACH
from analytics.metrics.trend import YEAR, trends
from analytics.metrics.verdict import FEWEST_WEEKS
from analytics.week import Week

SKILL_EVENTS = (
    "workshop.held",
    "help.requested",
    "help.answered",
    "machine.used",
    "skill.declared",
    "skill.certified",
    "skill.lapsed",
)

GROWTH = {MONTH.name: "skill_growth_month", QUARTER.name: "skill_growth"}
"""The metric of each comparison."""


def growth(week: Week, *, occasions: pd.DataFrame) -> pd.DataFrame:
    """Return the growth of every skill with its interval, closed weeks reached over; n is who a row would reveal."""
    mondays = [week.monday - timedelta(weeks=age) for age in range(REACH)]
    closed = [monday for monday, shut in zip(mondays, closed_weeks(mondays), strict=True) if shut]
    rows = skill_growth(occasions, week.monday, skipped=closed, comparisons=(MONTH, QUARTER)).rows
    names = {"skill": "subject", "growth": "value", "behind": "n"}
    grown = rows.assign(metric=rows["comparison"].map(GROWTH), subject_kind="skill").rename(columns=names)
    return pd.concat([grown, momentum(occasions, week, closed)], ignore_index=True)


def momentum(occasions: pd.DataFrame, week: Week, closed: Sequence[date] = ()) -> pd.DataFrame:
    """Return how many more people a week, over a year, take part in each skill of the last 52 weeks.

    Definition: 52 times Sen's slope of the distinct people of each week, closed weeks left out (see ``trends``).

    Returns:
        metric, subject_kind, subject, value, low, high (90 % interval, NaN below three people a week), n (distinct
        people of the year); skills in order. NaN while fewer than 26 open weeks are known: the record's first
        occasion says since when.

    Source: Sen 1968, JASA 63:1379.
    """
    mondays = [week.monday - timedelta(weeks=age) for age in reversed(range(YEAR))]
    known = occasions.assign(week=pd.to_datetime(occasions["week"]).dt.date).dropna(subset=["member"])
    recent = known[known["week"].isin(mondays)]
    people = recent.drop_duplicates(["skill", "week", "member"])
    table = people.pivot_table(values="member", index="skill", columns="week", aggfunc="count")
    counts = table.reindex(columns=mondays).astype("float64").fillna(0.0)
    first = known["week"].min() if len(known) else week.monday
    counts[[monday for monday in mondays if monday in closed or monday < first]] = np.nan
    found = trends(counts.to_numpy())
    ends = {"value": "slope", "low": "slope_low", "high": "slope_high"}
    made = pd.DataFrame({name: YEAR * found[slope] for name, slope in ends.items()})
    made = made.mask(found["weeks"] < FEWEST_WEEKS)
    n = recent.groupby("skill")["member"].nunique().reindex(counts.index)
    return made.assign(metric="skill_momentum", subject_kind="skill", subject=list(counts.index), n=n.to_numpy())


SKILL_METRICS = (
    Metric(
        name="skill_momentum",
        title={"fr": "Élan sur un an", "en": "Momentum over a year", "de": "Schwung über ein Jahr"},
        unit={
            "fr": "personnes de plus par semaine, en un an",
            "en": "people a week more, in a year",
            "de": "Personen mehr pro Woche, in einem Jahr",
        },
        says={
            "fr": "De combien de personnes par semaine une compétence a gagné ou perdu en un an.",
            "en": "By how many people a week a skill has gained or lost in a year.",
            "de": "Um wie viele Personen pro Woche eine Fähigkeit in einem Jahr gewonnen oder verloren hat.",
        },
        says_not={
            "fr": "Pas si c'est plus que le hasard : maillage trends en juge, avec toutes les autres séries.",
            "en": "Not whether it is more than chance: maillage trends judges that, with all other series.",
            "de": "Nicht, ob es mehr als Zufall ist: Das beurteilt maillage trends, mit allen anderen Reihen.",
        },
        family="skill",
        compute=growth,
        source="Sen 1968, JASA 63:1379",
        reads=SKILL_EVENTS,
        reach=REACH,
        readings=("occasions",),
        layers=(),
        subject_kind="skill",
    ),
    Metric(
        name="skill_growth",
        title={"fr": "Croissance sur un trimestre", "en": "Growth over a quarter", "de": "Wachstum über ein Quartal"},
        unit={
            "fr": "logarithme du rapport, 0 = stable",
            "en": "log ratio, 0 = steady",
            "de": "Logarithmus des Verhältnisses, 0 = gleichbleibend",
        },
        says={
            "fr": "De combien le nombre de personnes autour d'une compétence a changé d'un trimestre à l'autre.",
            "en": "By how much the number of people around a skill changed from one quarter to the next.",
            "de": "Wie stark sich die Zahl der Personen um eine Fähigkeit von Quartal zu Quartal geändert hat.",
        },
        says_not={
            "fr": "Ni la cause ni le niveau ; une seule formation de 20 personnes ne fait pas une tendance.",
            "en": "Neither why nor how well it is mastered; one course with 20 people is not a trend.",
            "de": "Weder warum noch wie gut sie beherrscht wird; ein einziger Kurs mit 20 Personen ist kein Trend.",
        },
        family="skill",
        compute=growth,
        source="Clayton & Kaldor 1987, Biometrics 43:671; Benjamini & Hochberg 1995, JRSS B 57:289",
        reads=SKILL_EVENTS,
        reach=REACH,
        readings=("occasions",),
        layers=(),
        subject_kind="skill",
    ),
    Metric(
        name="skill_growth_month",
        title={"fr": "Croissance sur un mois", "en": "Growth over a month", "de": "Wachstum über einen Monat"},
        unit={
            "fr": "logarithme du rapport, 0 = stable",
            "en": "log ratio, 0 = steady",
            "de": "Logarithmus des Verhältnisses, 0 = gleichbleibend",
        },
        says={
            "fr": "De combien le nombre de personnes autour d'une compétence a changé en quatre semaines.",
            "en": "By how much the number of people around a skill changed within four weeks.",
            "de": "Wie stark sich die Zahl der Personen um eine Fähigkeit in vier Wochen geändert hat.",
        },
        says_not={
            "fr": "Pas une tendance à elle seule : sur quatre semaines, le hasard suffit souvent.",
            "en": "Not a trend by itself: over four weeks chance is often enough.",
            "de": "Für sich allein kein Trend: Über vier Wochen genügt oft der Zufall.",
        },
        family="skill",
        compute=growth,
        source="Clayton & Kaldor 1987, Biometrics 43:671; DuMouchel 1999, Am. Statistician 53:177",
        reads=SKILL_EVENTS,
        reach=REACH,
        readings=("occasions",),
        layers=(),
        subject_kind="skill",
    ),
)
