"""### Tendances des compétences

**Ce que fait ce DAG.** Pour une semaine : le compte de chaque compétence, sa croissance avec son intervalle et son
verdict ; puis il publie la copie de lecture de l'entrepôt, que les carnets, le rapport et cette interface lisent.

**Quand s'inquiéter.** S'il est rouge après six essais.

**Que faire.** Relancer la tâche en cause ; c'est sans danger.
"""

from __future__ import annotations

from airflow.sdk import DAG, task

from dags.chain import NETWORK, SKILL, TRENDS, WRITER, shared, week_form, weekly

with DAG(
    "skill_trends",
    dag_display_name="3 · Tendances des compétences",
    doc_md=__doc__,
    schedule=weekly(NETWORK),
    params={"week": week_form()},
    **shared("mesures"),
):

    @task(task_display_name="Calculer")
    def compute() -> int:
        from dags.steps import stage_family

        return stage_family(SKILL)

    @task(task_display_name="Écrire et publier la copie", pool=WRITER, outlets=[TRENDS])
    def store() -> int:
        from dags.steps import publish_snapshot, store_families

        rows = store_families([SKILL])
        publish_snapshot()
        return rows

    compute() >> store()
