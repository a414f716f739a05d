"""### Rapport hebdomadaire

**Ce que fait ce DAG.** Pour une semaine : il met le rapport en pages, en *brouillon* ; il vérifie liens, textes de
remplacement, seuils et poids, et qu'aucune personne n'y paraît ; il demande une approbation ; puis la semaine paraît
d'un seul coup, avec l'index et `latest/`.

**L'approbation** n'est demandée que pour la dernière semaine close, si ses pages changent. *À corriger* : le rapport
paraît comme provisoire, la remarque en tête de page, dans l'index et `latest/` ; une adresse e-mail y arrête la
publication. Sans réponse en six jours, il paraît sans remarque. Une remarque reste, même si la semaine est recalculée,
jusqu'à ce qu'une personne réponde *Publier* : *Clear* sur *Approuver*, ou lancer ce DAG à la main pour cette semaine.

**Quand s'inquiéter.** *Vérifier* est rouge : rien n'a paru, l'ancienne version reste ; le log nomme page et endroit.
Une approbation attend après 08:00 le lundi.

**Que faire.** Corriger les données, puis relancer depuis *Mettre en pages* ; c'est sans danger. Un *Publier* passé
(*skipped*) a été dépassé par un lancement plus récent de la même semaine : répondre à celui-là.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.approval import Approval
from dags.chain import REPORT, TRENDS, shared, week_form, weekly

with DAG(
    "weekly_report",
    dag_display_name="4 · Rapport hebdomadaire",
    doc_md=__doc__,
    schedule=weekly(TRENDS),
    params={"week": week_form()},
    **shared("rapport"),
):

    @task(task_display_name="Mettre en pages")
    def draft() -> str:
        from dags.report_steps import draft

        return draft()

    @task(task_display_name="Vérifier")
    def check() -> None:
        from dags.report_steps import check

        check()

    @task(task_display_name="Publier", outlets=[REPORT])
    def publish(outlet_events: Any = None) -> None:
        from dags.report_steps import publish

        written = publish()
        if written is None:
            raise AirflowSkipException("un lancement plus récent a un autre brouillon de cette semaine")
        outlet_events[REPORT].extra = written.summary

    draft() >> check() >> Approval(task_id="approval", task_display_name="Approuver") >> publish()
