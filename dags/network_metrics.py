"""### Mesures du réseau

**Ce que fait ce DAG.** Pour une semaine (sa partition) : il attend que tout ce qui s'y est passé soit pris, ou 06:00 le
lundi, puis calcule les liens et les mesures du réseau, une tâche par famille de mesures, hors de l'entrepôt ; une seule
courte tâche les y écrit.

**Quand s'inquiéter.** Si une famille reste rouge après six essais.

**Que faire.** Relancer la seule famille en cause (*Clear* sur la tâche indexée, avec *downstream*) : le résultat d'une
semaine ne dépend que de ses événements.
"""

from __future__ import annotations

from airflow.sdk import DAG, task

from dags.chain import FAMILIES, NETWORK, WEEK, WRITER, shared, week_form, weekly

with DAG(
    "network_metrics",
    dag_display_name="2 · Mesures du réseau",
    doc_md=__doc__,
    schedule=weekly(WEEK),
    params={"week": week_form()},
    **shared("mesures"),
):

    @task.sensor(task_display_name="Tout est pris", poke_interval=60, timeout=12 * 3600, mode="reschedule")
    def events_are_in() -> bool:
        from dags.steps import events_are_in

        return events_are_in()

    @task(task_display_name="Calculer", map_index_template="{{ family }} · {{ week }}")
    def compute(family: str) -> int:
        from dags.steps import stage_family

        return stage_family(family)

    @task(task_display_name="Écrire", pool=WRITER, outlets=[NETWORK])
    def store() -> int:
        from dags.steps import store_families

        return store_families(FAMILIES)

    events_are_in() >> compute.expand(family=list(FAMILIES)) >> store()
