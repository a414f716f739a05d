"""The steps of the chain: what a task does, in calls to the rooms on the left. Imported inside tasks only."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, time
from typing import Any, cast

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowSkipException

from analytics.compute import reaches
from analytics.publication import is_published
from analytics.staged import stage, store
from analytics.week import PARIS, Week, last_closed
from dags.run import present, reads, settings, week, writes
from producers.errors import LogError
from producers.log.opening import open_log
from producers.settings import Settings
from warehouse import snapshot
from warehouse.connection import read, write
from warehouse.hidden import hidden_rows
from warehouse.intake import take_in
from warehouse.mart import refresh
from warehouse.stale import announce, mark_all, marks, register
from warehouse.watermark import watermark

PATIENCE = time(6)
"""Until when on Monday a week waits for events that are on their way."""

logger = logging.getLogger("maillage.chain")


@writes
def drain() -> int:
    """Return how many lines were taken from the log."""
    return take_in(settings()).read


@writes
def stale_weeks() -> list[Week]:
    """Return the closed weeks that have to be computed and were not asked for yet; whoever computes sees their marks.

    Who tries again is told again of what the try that failed was told of.
    """
    here, now, begun = settings(), present(), get_current_context()["dag_run"].start_date
    with write(here.warehouse) as connection:
        register(connection, reaches(here))
        found = announce(connection, until=last_closed(now).monday, present=now, begun=begun)
    if found:
        _publish(here)
    return [Week(monday) for monday in found]


@writes
def close_week() -> None:
    """Make everything about the week of this run stale: it will be computed, stale or not.

    Raises:
        AirflowSkipException: when the record does not reach there: then there is nothing to compute.
    """
    here, closed = settings(), week()
    with write(here.warehouse) as connection:
        register(connection, reaches(here))
        mark_all(connection, since=closed.monday, until=closed.monday)
        if not marks(connection, since=closed.monday, until=closed.monday):
            raise AirflowSkipException(f"{closed}: no event that was taken reaches there; there is nothing to compute")
        announce(connection, until=closed.monday, since=closed.monday, present=present())
    _publish(here)


@reads
def events_are_in() -> bool:
    """Return whether the published copy has all that the log recorded in the week, or nobody should wait any longer."""
    this, now, here = week(), present(), settings()
    if now >= datetime.combine((this + 1).monday, PATIENCE, PARIS):
        return True
    try:
        with closing(open_log(here.log_url)) as log:
            reached = watermark(log, here.snapshot, present=now)
    except LogError as error:
        logger.warning("%s: the log does not say how far it is, waiting until %s: %s", this, PATIENCE, error)
        return False
    return reached >= this.until


@reads
def stage_family(family: str) -> int:
    """Return how many rows the family has for the week of this run; they are staged."""
    context = cast("dict[str, Any]", get_current_context())
    context["family"], context["week"] = family, str(week())
    return stage(settings(), week(), family, run=context["run_id"], present=present())


@writes
def store_families(families: Sequence[str]) -> int:
    """Return how many rows of the families were written for the week of this run."""
    return store(settings(), week(), families, run=get_current_context()["run_id"], present=present())


@writes
def publish_snapshot() -> None:
    """Let readers see what is stored; the task's log says how much of the week consent leaves out."""
    here, monday = settings(), week().monday
    _publish(here)
    with read(here.snapshot) as connection:
        logger.info("%s: %s", week(), hidden_rows(connection, monday, monday))


@reads
def report_is_out() -> bool:
    """Return whether the site has the report of this run's week."""
    return is_published(settings(), week())


def _publish(here: Settings) -> None:
    with write(here.warehouse) as connection:
        refresh(connection)
    snapshot.publish(here.warehouse, here.snapshot)
