"""### Clôture de la semaine

**Ce que fait ce DAG.** Chaque lundi à 00:00 (Europe/Paris), il ferme la semaine qui vient de finir : toutes ses mesures
sont à calculer, et la chaîne *réseau → tendances → rapport* démarre pour elle. Sa partition est le lundi de la semaine.
Le lancement du lundi attend ensuite que le rapport soit publié ; à 08:00, s'il ne l'est pas, une alerte part.

**Quand s'inquiéter.** Si un lancement est rouge, ou si l'alerte de 08:00 est partie.

**Que faire.** Regarder dans `weekly_report` si une approbation attend. Pour recalculer d'anciennes semaines :
*Rattrapage* sur ce DAG, du premier au dernier lundi ; le faire deux fois donne les mêmes chiffres. Une semaine vide est
passée, et une dont le lancement court encore (*in flight* : son rapport attend une approbation) : la publier d'abord.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG, CronPartitionTimetable, TriggerRule, get_current_context, task
from airflow.sdk.definitions.callback import SyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

from dags.alert import report_is_late
from dags.chain import KEY, WEEK, WRITER, ZONE, shared, week_form

with DAG(
    "close_week",
    dag_display_name="1 · Clôture de la semaine",
    doc_md=__doc__,
    schedule=CronPartitionTimetable("0 0 * * 1", timezone=ZONE, run_offset=-1, key_format=KEY),
    params={"week": week_form()},
    deadline=DeadlineAlert(
        name="Rapport publié le lundi à 08:00",
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=timedelta(hours=8),
        callback=SyncCallback(report_is_late),
    ),
    **shared("calendrier"),
):

    @task(task_display_name="Fermer la semaine", pool=WRITER, outlets=[WEEK])
    def close() -> None:
        from dags.steps import close_week

        close_week()

    @task.sensor(
        task_display_name="Le rapport est publié",
        poke_interval=120,
        timeout=7 * 86_400,
        mode="reschedule",
        trigger_rule=TriggerRule.NONE_FAILED,
    )
    def report_is_out() -> bool:
        from dags.steps import report_is_out

        by_calendar = get_current_context()["dag_run"].run_type == "scheduled"
        return not by_calendar or report_is_out()

    close() >> report_is_out()
