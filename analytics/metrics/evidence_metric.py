"""What the table says of who holds a skill: on how few people and places it rests, in the family "skill"."""

from __future__ import annotations

from functools import partial

import pandas as pd

from analytics.metrics.absence import (
    EQUAL_COUNT,
    absence_factors,
    absence_places,
    active_holders,
    evidenced_holders,
    fragile_share,
    rarefied,
)
from analytics.metrics.evidence import MEMORY_WEEKS, held, pieces
from analytics.metrics.metric import Metric
from analytics.metrics.skill_metric import SKILL_EVENTS
from analytics.week import Week


def holding(week: Week, *, evidence: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Return absence factors, holders and the share of fragile skills at the end of ``week``.

    Args:
        week: The week; its end is what ages are counted to.
        evidence: The reading: ``member, skill, rung, level, at`` of the members who are counted and there.
        labels: The reading: ``member, place``.

    Returns:
        ``metric, subject_kind, subject, value, low, high, n``: one row a skill and metric, and one for the network.
        ``n`` is the number of holders of a skill; for the network, of skills with an active holder.
    """
    standing = pieces(evidence, week.until)
    found = held(standing)
    active = active_holders(found, week.until)
    of_skills = {
        "absence_factor": absence_factors(found),
        "absence_factor_80": absence_factors(found, share=0.8),
        "absence_factor_equal": rarefied(standing),
        "absence_factor_places": absence_places(found, labels),
        "active_holders": active,
        "evidenced_holders": evidenced_holders(found),
    }
    named = [
        rows.rename(columns={"skill": "subject"}).assign(metric=metric, subject_kind="skill")
        for metric, rows in of_skills.items()
    ]
    share, many = fragile_share(active)
    fragile = pd.DataFrame({"subject": ["network"], "value": [share], "n": [many]})
    return pd.concat([*named, fragile.assign(metric="fragile_share", subject_kind="network")], ignore_index=True)


_card = partial(
    Metric,
    family="skill",
    compute=holding,
    readings=("evidence", "labels"),
    reads=SKILL_EVENTS,
    reach=MEMORY_WEEKS,
    layers=(),
)

HOLDING_METRICS = (
    _card(
        name="absence_factor",
        title={"fr": "Facteur d'absence (50 %)", "en": "Absence factor (50 %)"},
        unit={"fr": "personnes, 1 = une seule", "en": "people, 1 = one alone"},
        says={
            "fr": "Combien de personnes portent à elles seules la moitié de ce qui montre une compétence.",
            "en": "How few people hold half of all that shows a skill between them.",
        },
        says_not={
            "fr": "Pas qui est disponible ; il monte avec ce qui est observé : à comparer à preuves égales.",
            "en": "Not who is available; it rises with how much is seen: compare at equal evidence.",
        },
        source="CHAOSS, Contributor Absence Factor; Avelino et al. 2016, ICPC",
        subject_kind="skill",
    ),
    _card(
        name="absence_factor_80",
        title={"fr": "Facteur d'absence (80 %)", "en": "Absence factor (80 %)"},
        unit={"fr": "personnes, 1 = une seule", "en": "people, 1 = one alone"},
        says={
            "fr": "Combien de personnes portent à elles seules 80 % de ce qui montre une compétence.",
            "en": "How few people hold 80 % of all that shows a skill between them.",
        },
        says_not={
            "fr": "Pas qui est disponible ; près du facteur à 50 %, il dit que peu d'autres suivent.",
            "en": "Not who is available; close to the one at 50 % it says that few others follow.",
        },
        source="CHAOSS, Contributor Absence Factor; Avelino et al. 2016, ICPC",
        subject_kind="skill",
    ),
    _card(
        name="absence_factor_equal",
        title={
            "fr": f"Facteur d'absence (50 %) à {EQUAL_COUNT} preuves",
            "en": f"Absence factor (50 %) at {EQUAL_COUNT} pieces of evidence",
        },
        unit={
            "fr": f"personnes, moyenne de tirages de {EQUAL_COUNT} preuves",
            "en": f"people, mean over draws of {EQUAL_COUNT} pieces",
        },
        says={
            "fr": "Sur combien de personnes repose une compétence, comparable d'une compétence à l'autre.",
            "en": "How few people a skill rests on, comparable from one skill to another.",
        },
        says_not={
            "fr": f"Rien des compétences qui ont moins de {EQUAL_COUNT} preuves ; pas un nombre de personnes réel.",
            "en": f"Nothing of skills with fewer than {EQUAL_COUNT} pieces; not an actual head count.",
        },
        source="Hurlbert 1971, Ecology 52:577; CHAOSS, Contributor Absence Factor",
        subject_kind="skill",
    ),
    _card(
        name="absence_factor_places",
        title={"fr": "Facteur d'absence des lieux (50 %)", "en": "Absence factor of places (50 %)"},
        unit={"fr": "lieux, 1 = un seul", "en": "places, 1 = one alone"},
        says={
            "fr": "Dans combien de lieux se trouve la moitié de ce qui montre une compétence.",
            "en": "How few places half of all that shows a skill is at.",
        },
        says_not={
            "fr": "Pas où l'on peut venir : le lieu est celui de l'adhésion ; les membres sans lieu ne comptent pas.",
            "en": "Not where to go: a place is where one joined; members without a place are not counted.",
        },
        source="CHAOSS, Elephant Factor",
        subject_kind="skill",
    ),
    _card(
        name="active_holders",
        title={"fr": "Porteurs actifs", "en": "Active holders"},
        unit={"fr": "personnes en 180 jours", "en": "people in 180 days"},
        says={
            "fr": "Combien de personnes ont montré la compétence en 180 jours ; une seule : elle est fragile.",
            "en": "How many people showed the skill within 180 days; just one: it is fragile.",
        },
        says_not={
            "fr": "Pas combien l'ont apprise : suivre une formation ne suffit pas ; ni si elles ont du temps.",
            "en": "Not how many learned it: attending a course is not enough; nor whether they have time.",
        },
        source="CHAOSS, Contributor Absence Factor",
        subject_kind="skill",
    ),
    _card(
        name="evidenced_holders",
        title={"fr": "Porteurs avérés", "en": "Evidenced holders"},
        unit={"fr": "personnes", "en": "people"},
        says={
            "fr": "Combien de porteurs ont pratiqué, enseigné ou aidé ; les autres se déclarent ou sont certifiés.",
            "en": "How many holders used, taught or helped with it; the others only say so or hold a certificate.",
        },
        says_not={
            "fr": "Pas que les autres ne savent pas : ce que nul n'enregistre ne se voit pas.",
            "en": "Not that the others cannot: what nobody records is not seen.",
        },
        source="CHAOSS, Contributor Absence Factor",
        subject_kind="skill",
    ),
    _card(
        name="fragile_share",
        title={"fr": "Part des compétences fragiles", "en": "Share of fragile skills"},
        unit={"fr": "part, de 0 à 1", "en": "share, 0 to 1"},
        says={
            "fr": "Quelle part des compétences vivantes n'a qu'un seul porteur actif.",
            "en": "What share of the skills that are alive has just one active holder.",
        },
        says_not={
            "fr": "Pas lesquelles comptent : une compétence rare que nul ne demande y pèse autant qu'une autre.",
            "en": "Not which ones matter: a rare skill that nobody asks for weighs as much as another.",
        },
        source="CHAOSS, Contributor Absence Factor; Avelino et al. 2016, ICPC",
        subject_kind="network",
    ),
)
