"""What the DAGs of the weekly chain share: assets, the one writer, what a failure means, and how they look.

A partition is a week, keyed by its Monday (``2026-11-16``), from the first DAG to the last.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import Asset, Param, PartitionedAssetTimetable, StartOfWeekMapper
from airflow.sdk.definitions.asset import BaseAsset
from airflow.sdk.definitions.context import Context
from airflow.sdk.definitions.retry_policy import RetryDecision, RetryPolicy

from dags.alert import has_failed

ZONE = "Europe/Paris"
KEY = "%Y-%m-%d"
WRITER = "maillage_writer"
"""The pool with one slot that every task takes which opens the warehouse for writing; ``make up`` creates it."""

FAMILIES = ("tie", "structure", "path", "welcome")
SKILL = "skill"
"""The families of METRICS, named here so that no DAG file imports them; a test holds them together."""

WEEK = Asset(name="semaine", uri="x-maillage://semaine", group="maillage")
NETWORK = Asset(name="reseau", uri="x-maillage://reseau", group="maillage")
TRENDS = Asset(name="tendances", uri="x-maillage://tendances", group="maillage")
REPORT = Asset(name="rapport", uri="x-maillage://rapport", group="maillage")

_SOON = timedelta(seconds=5)


class ByKind(RetryPolicy):
    """Ask the error: one of ours says whether a moment can mend it; any other is retried as the task says."""

    def evaluate(
        self,
        exception: BaseException,
        try_number: int,
        max_tries: int,  # noqa: ARG002  Airflow's signature
        context: Context | None = None,  # noqa: ARG002
    ) -> RetryDecision:
        """Return whether to try again in seconds, a few more each time, or not at all."""
        retryable = getattr(exception, "retryable", None)
        if retryable is None:
            return RetryDecision.default()
        reason = str(exception)
        return RetryDecision.retry(_SOON * try_number, reason) if retryable else RetryDecision.fail(reason)


def weekly(asset: BaseAsset) -> PartitionedAssetTimetable:
    """Return the schedule of a DAG that runs once for each week of ``asset``."""
    monday = StartOfWeekMapper(input_format=KEY, output_format=KEY, timezone=ZONE)
    return PartitionedAssetTimetable(assets=asset, default_partition_mapper=monday)


def shared(*tags: str) -> dict[str, Any]:
    """Return the arguments that every DAG has: who answers for it, how it retries, and how it is found."""
    return {
        "tags": ["maillage", *tags],
        "catchup": False,
        "max_active_runs": 64,
        "on_failure_callback": has_failed,
        "default_args": {
            "owner": "maillage",
            "retries": 6,
            "retry_delay": timedelta(seconds=30),
            "retry_policy": ByKind(),
        },
        "owner_links": {"maillage": "mailto:maillage@localhost"},
    }


def week_form() -> Param:
    """Return the form's field for a week, for a run that is started by hand without a partition."""
    return Param(
        None,
        type=["null", "string"],
        format="date",
        title="Semaine",
        description_md="Le lundi de la semaine, par exemple `2026-11-16` ; vide : la partition du lancement.",
    )
