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
        title={"fr": "Facteur d'absence (50 %)", "en": "Absence factor (50 %)", "de": "Ausfallfaktor (50 %)"},
        unit={"fr": "personnes, 1 = une seule", "en": "people, 1 = one alone", "de": "Personen, 1 = eine einzige"},
        says={
            "fr": "Combien de personnes portent à elles seules la moitié de ce qui montre une compétence.",
            "en": "How few people hold half of all that shows a skill between them.",
            "de": "Wie viele Personen allein die Hälfte von allem tragen, was eine Fähigkeit belegt.",
        },
        says_not={
            "fr": "Pas qui est disponible ; il monte avec ce qui est observé : à comparer à preuves égales.",
            "en": "Not who is available; it rises with how much is seen: compare at equal evidence.",
            "de": "Nicht, wer verfügbar ist; er steigt mit dem, was man sieht: bei gleich vielen Belegen vergleichen.",
        },
        source="CHAOSS, Contributor Absence Factor; Avelino et al. 2016, ICPC",
        subject_kind="skill",
    ),
    _card(
        name="absence_factor_80",
        title={"fr": "Facteur d'absence (80 %)", "en": "Absence factor (80 %)", "de": "Ausfallfaktor (80 %)"},
        unit={"fr": "personnes, 1 = une seule", "en": "people, 1 = one alone", "de": "Personen, 1 = eine einzige"},
        says={
            "fr": "Combien de personnes portent à elles seules 80 % de ce qui montre une compétence.",
            "en": "How few people hold 80 % of all that shows a skill between them.",
            "de": "Wie viele Personen allein 80 % von allem tragen, was eine Fähigkeit belegt.",
        },
        says_not={
            "fr": "Pas qui est disponible ; près du facteur à 50 %, il dit que peu d'autres suivent.",
            "en": "Not who is available; close to the one at 50 % it says that few others follow.",
            "de": "Nicht, wer verfügbar ist; nahe beim Faktor zu 50 % sagt er, dass wenige andere folgen.",
        },
        source="CHAOSS, Contributor Absence Factor; Avelino et al. 2016, ICPC",
        subject_kind="skill",
    ),
    _card(
        name="absence_factor_equal",
        title={
            "fr": f"Facteur d'absence (50 %) à {EQUAL_COUNT} preuves",
            "en": f"Absence factor (50 %) at {EQUAL_COUNT} pieces of evidence",
            "de": f"Ausfallfaktor (50 %) bei {EQUAL_COUNT} Belegen",
        },
        unit={
            "fr": f"personnes, moyenne de tirages de {EQUAL_COUNT} preuves",
            "en": f"people, mean over draws of {EQUAL_COUNT} pieces",
            "de": f"Personen, Mittel über Ziehungen von {EQUAL_COUNT} Belegen",
        },
        says={
            "fr": "Sur combien de personnes repose une compétence, comparable d'une compétence à l'autre.",
            "en": "How few people a skill rests on, comparable from one skill to another.",
            "de": "Auf wie vielen Personen eine Fähigkeit ruht, von einer Fähigkeit zur anderen vergleichbar.",
        },
        says_not={
            "fr": f"Rien des compétences qui ont moins de {EQUAL_COUNT} preuves ; pas un nombre de personnes réel.",
            "en": f"Nothing of skills with fewer than {EQUAL_COUNT} pieces; not an actual head count.",
            "de": f"Nichts über Fähigkeiten mit weniger als {EQUAL_COUNT} Belegen; keine wirkliche Zahl von Personen.",
        },
        source="Hurlbert 1971, Ecology 52:577; CHAOSS, Contributor Absence Factor",
        subject_kind="skill",
    ),
    _card(
        name="absence_factor_places",
        title={
            "fr": "Facteur d'absence des lieux (50 %)",
            "en": "Absence factor of places (50 %)",
            "de": "Ausfallfaktor der Orte (50 %)",
        },
        unit={"fr": "lieux, 1 = un seul", "en": "places, 1 = one alone", "de": "Orte, 1 = ein einziger"},
        says={
            "fr": "Dans combien de lieux se trouve la moitié de ce qui montre une compétence.",
            "en": "How few places half of all that shows a skill is at.",
            "de": "An wie vielen Orten sich die Hälfte von allem befindet, was eine Fähigkeit belegt.",
        },
        says_not={
            "fr": "Pas où l'on peut venir : le lieu est celui de l'adhésion ; les membres sans lieu ne comptent pas.",
            "en": "Not where to go: a place is where one joined; members without a place are not counted.",
            "de": "Nicht, wohin man gehen kann: Ort ist der des Beitritts; Mitglieder ohne Ort zählen nicht.",
        },
        source="CHAOSS, Elephant Factor",
        subject_kind="skill",
    ),
    _card(
        name="active_holders",
        title={"fr": "Porteurs actifs", "en": "Active holders", "de": "Aktive Kundige"},
        unit={"fr": "personnes en 180 jours", "en": "people in 180 days", "de": "Personen in 180 Tagen"},
        says={
            "fr": "Combien de personnes ont montré la compétence en 180 jours ; une seule : elle est fragile.",
            "en": "How many people showed the skill within 180 days; just one: it is fragile.",
            "de": "Wie viele Personen die Fähigkeit in 180 Tagen gezeigt haben; nur eine: Sie ist gefährdet.",
        },
        says_not={
            "fr": "Pas combien l'ont apprise : suivre une formation ne suffit pas ; ni si elles ont du temps.",
            "en": "Not how many learned it: attending a course is not enough; nor whether they have time.",
            "de": "Nicht, wie viele sie gelernt haben: Ein Kurs genügt nicht; auch nicht, ob sie Zeit haben.",
        },
        source="CHAOSS, Contributor Absence Factor",
        subject_kind="skill",
    ),
    _card(
        name="evidenced_holders",
        title={"fr": "Porteurs avérés", "en": "Evidenced holders", "de": "Kundige mit Beleg"},
        unit={"fr": "personnes", "en": "people", "de": "Personen"},
        says={
            "fr": "Combien de porteurs ont pratiqué, enseigné ou aidé ; les autres se déclarent ou sont certifiés.",
            "en": "How many holders used, taught or helped with it; the others only say so or hold a certificate.",
            "de": "Wie viele Kundige sie angewendet, unterrichtet oder damit geholfen haben; andere geben sie nur an.",
        },
        says_not={
            "fr": "Pas que les autres ne savent pas : ce que nul n'enregistre ne se voit pas.",
            "en": "Not that the others cannot: what nobody records is not seen.",
            "de": "Nicht, dass die anderen nichts können: Was niemand erfasst, sieht man nicht.",
        },
        source="CHAOSS, Contributor Absence Factor",
        subject_kind="skill",
    ),
    _card(
        name="fragile_share",
        title={
            "fr": "Part des compétences fragiles",
            "en": "Share of fragile skills",
            "de": "Anteil der gefährdeten Fähigkeiten",
        },
        unit={"fr": "part, de 0 à 1", "en": "share, 0 to 1", "de": "Anteil, 0 bis 1"},
        says={
            "fr": "Quelle part des compétences vivantes n'a qu'un seul porteur actif.",
            "en": "What share of the skills that are alive has just one active holder.",
            "de": "Welcher Anteil der lebendigen Fähigkeiten nur eine einzige aktive kundige Person hat.",
        },
        says_not={
            "fr": "Pas lesquelles comptent : une compétence rare que nul ne demande y pèse autant qu'une autre.",
            "en": "Not which ones matter: a rare skill that nobody asks for weighs as much as another.",
            "de": "Nicht, welche wichtig sind: Eine seltene, nach der niemand fragt, wiegt so viel wie jede andere.",
        },
        source="CHAOSS, Contributor Absence Factor; Avelino et al. 2016, ICPC",
        subject_kind="network",
    ),
)
