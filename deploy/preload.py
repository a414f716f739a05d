"""What every task of the chain needs, loaded once: Airflow's executor forks its workers from a process that has it."""

from __future__ import annotations

from importlib import import_module

from analytics.metrics import warm

for _name in (
    "airflow.executors.local_executor",
    "airflow.sdk.execution_time.task_runner",
    "dags.steps",
    "dags.report_steps",
):
    import_module(_name)

warm()
