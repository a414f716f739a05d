"""### Prise des événements

**Ce que fait ce DAG.** Toutes les cinq minutes, il prend dans l'entrepôt ce qui attend dans le journal des événements
(le même travail que `maillage ingest --once`), puis demande le calcul de **chaque semaine close qui n'est plus à
jour**, quel que soit le programme qui a pris les événements. Ce qu'il n'y a pas à faire est passé (état *skipped*).
Avec le réglage `MAILLAGE_DRAIN_ON_BACKLOG=true` (pour le dag-processor et le triggerer), il part aussi quelques
secondes après l'arrivée d'un événement ; le triggerer ne compare que des positions, il ne lit aucun événement.

**Quand s'inquiéter.** S'il est rouge plus d'une demi-heure : le journal ne répond pas, ou une position a quitté le
journal avant d'être prise. La première ligne rouge du log le dit, avec le remède.

**Que faire.** Relancer est toujours sans danger : rien n'est pris deux fois.
"""

from __future__ import annotations

from airflow.sdk import DAG, TriggerRule, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.backlog import schedule
from dags.chain import WEEK, WRITER, shared

with DAG(
    "drain_events",
    dag_display_name="0 · Prise des événements",
    doc_md=__doc__,
    schedule=schedule(),
    **(shared("flux") | {"max_active_runs": 1}),
):

    @task(task_display_name="Prendre", pool=WRITER)
    def drain() -> int:
        from dags.steps import drain

        if not (read := drain()):
            raise AirflowSkipException("nothing waited in the log")
        return read

    @task(task_display_name="Signaler", pool=WRITER, outlets=[WEEK], trigger_rule=TriggerRule.NONE_FAILED)
    def tell() -> list[str]:
        from dags.steps import stale_weeks

        if not (stale := stale_weeks()):
            raise AirflowSkipException("no closed week has to be computed that was not asked for already")
        get_current_context()["outlet_events"][WEEK].add_partitions([week.monday.isoformat() for week in stale])
        return [str(week) for week in stale]

    drain() >> tell()
