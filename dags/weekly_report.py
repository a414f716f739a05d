"""### Rapport hebdomadaire

**Ce que fait ce DAG.** Pour une semaine : il met le rapport en pages, en *brouillon* ; il vérifie liens, textes de
remplacement, seuils et poids, et qu'aucune personne n'y paraît ; il demande une approbation ; puis la semaine paraît
d'un coup, et la dernière close part par e-mail à `MAILLAGE_REPORT_TO` (*Envoyer* passé : le log dit pourquoi).

**L'approbation** n'est demandée que pour la dernière semaine close, si ses pages changent. *À corriger* : le rapport
paraît comme provisoire, sa remarque en tête ; une adresse e-mail y arrête la publication. Sans réponse en six jours, il
paraît. Une remarque reste jusqu'à ce qu'on réponde *Publier* : *Clear* sur *Approuver*, ou lancer ce DAG à la main.

**Quand s'inquiéter.** *Vérifier* est rouge : rien n'a paru, le log dit où. Une approbation attend lundi après 08:00.

**Que faire.** Corriger les données, puis relancer depuis *Mettre en pages* ; c'est sans danger. Un *Publier* passé
(*skipped*) a été dépassé par un lancement plus récent de la même semaine : répondre à celui-là.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, task

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

        outlet_events[REPORT].extra = publish().summary

    @task(task_display_name="Envoyer par e-mail")
    def mail() -> int:
        from dags.report_mail import mail

        return mail()

    draft() >> check() >> Approval(task_id="approval", task_display_name="Approuver") >> publish() >> mail()
