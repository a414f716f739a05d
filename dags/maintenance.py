"""### Entretien

**Ce que fait ce DAG.** Chaque jour à 04:00 (Europe/Paris) : retirer ce que l'on ne garde plus, publier la copie de
lecture, contrôler les données, chercher les sources qui se taisent (un seul message), sauvegarder et rouvrir la copie.

**Quand s'inquiéter.** *Contrôler* est rouge (`maillage doctor` montre pourquoi), ou *Sauvegarder* deux jours de suite.

**Que faire.** Relancer la tâche : c'est sans danger. Restaurer : tout arrêter, remettre une copie de `backups/`.
"""

from __future__ import annotations

from airflow.sdk import DAG, CronTriggerTimetable, task

from dags.chain import WRITER, ZONE, shared

with DAG(
    "maintenance",
    dag_display_name="5 · Entretien",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 4 * * *", timezone=ZONE),
    **(shared("entretien") | {"max_active_runs": 1}),
):

    @task(task_display_name="Retirer ce que l'on ne garde plus", pool=WRITER, priority_weight=10)
    def retire() -> dict[str, int]:
        from dags.maintenance_steps import retire

        return retire()

    @task(task_display_name="Publier la copie de lecture", pool=WRITER)
    def publish() -> None:
        from dags.maintenance_steps import publish

        publish()

    @task(task_display_name="Contrôler les données")
    def check() -> None:
        from dags.maintenance_steps import check

        check()

    @task(task_display_name="Chercher les sources qui se taisent")
    def listen() -> int:
        from dags.maintenance_steps import listen

        return listen()

    @task(task_display_name="Sauvegarder et rouvrir", pool=WRITER)
    def back_up() -> dict[str, int]:
        from dags.maintenance_steps import back_up

        return back_up()

    retire()
    publish() >> [check(), listen()]
    back_up()
