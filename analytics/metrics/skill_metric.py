"""What the table says of the growth of skills, in the family "skill"."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from analytics.closure import closed_weeks
from analytics.metrics.growth import MONTH, QUARTER, skill_growth
from analytics.metrics.metric import Metric
from analytics.metrics.occasion import REACH
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
    return rows.assign(metric=rows["comparison"].map(GROWTH), subject_kind="skill").rename(columns=names)


SKILL_METRICS = (
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
