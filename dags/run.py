"""A run of the chain, seen from inside a task: which week it is about, the settings in force, and how it fails."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import ParamSpec, TypeVar

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowSkipException

from analytics.week import Week, containing, last_closed
from dags.chain import KEY
from producers.errors import MaillageError, UsageError
from producers.settings import Settings, read_settings

logger = logging.getLogger("maillage.chain")

P = ParamSpec("P")
R = TypeVar("R")


def reads(step: Callable[P, R]) -> Callable[P, R]:
    """Return the step, marked as one that never opens the warehouse for writing; if it fails, it says how first."""
    return _told(step, writes=False)


def writes(step: Callable[P, R]) -> Callable[P, R]:
    """Return the step, marked as one whose task has to take the pool ``WRITER``; if it fails, it says how first."""
    return _told(step, writes=True)


def _told(step: Callable[P, R], *, writes: bool) -> Callable[P, R]:
    @wraps(step)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return step(*args, **kwargs)
        except AirflowSkipException:
            raise
        except Exception as error:
            logger.error(failure(error))  # noqa: TRY400  Airflow logs the traceback after it
            raise

    told.__dict__["writes"] = writes
    return told


def failure(error: Exception) -> str:
    """Return in one line what the run is about, what happened, what to do, and that it is safe to run again."""
    words = " ".join(str(error).split())
    if not isinstance(error, MaillageError):
        words = f"{type(error).__name__}: {words}; nobody expected this, the lines below are for the maintainers"
    return f"{_subject()}: {words}; it is safe to run it again (Clear task)"


def _subject() -> str:
    context = get_current_context()
    try:
        return str(week()) if "week" in context["params"] else context["dag"].dag_id
    except UsageError:
        return context["dag"].dag_id


def week() -> Week:
    """Return the week of the run: its partition, else the form's field, else the last one that was over at its start.

    Raises:
        UsageError: when that is not the Monday of a week that is over; nothing was done.
    """
    context = get_current_context()
    key = context.get("partition_key") or context["params"].get("week")
    if not key:
        return last_closed(context["dag_run"].run_after)
    found, over = _monday(str(key)), last_closed(present())
    if found > over:
        remedy = f"start it again once it is over, on {(found + 1).monday}"
        raise UsageError(f"the week of the partition {key} is not over", expected=f"{over} or before", remedy=remedy)
    return found


def _monday(key: str) -> Week:
    try:
        day = datetime.strptime(key, KEY).date()  # noqa: DTZ007  a day has no zone
    except ValueError as error:
        remedy = "start it again with a Monday, like 2026-11-16"
        raise UsageError(f"the partition {key[:40]!r} is no date", expected="the Monday", remedy=remedy) from error
    if day != (monday := containing(day).monday):
        remedy = f"start it again with the partition {monday}"
        raise UsageError(f"the partition {key} is a {day:%A}", expected="the Monday of the week", remedy=remedy)
    return Week(day)


def settings() -> Settings:
    """Return the settings of the installation."""
    return read_settings()


def present() -> datetime:
    """Return the instant at which this is asked."""
    return datetime.now(UTC)
