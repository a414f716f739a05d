"""Where the report of a run stands: out, waiting for a person, in the making, or given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from airflow.models.dagrun import DagRun
from airflow.models.hitl import HITLDetail
from airflow.models.taskinstance import TaskInstance
from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.week import Week, last_closed
from producers.errors import UsageError

REPORT = "weekly_report"
CHAIN = ("close_week", "network_metrics", "skill_trends", REPORT)
"""The DAGs whose runs are about a week."""

State = Literal["done", "waiting", "working", "failed"]


@dataclass(frozen=True)
class Standing:
    """The run of ``weekly_report`` that is to bring a week out, and how far it is."""

    week: Week
    run: str
    state: State


def run_of(session: Session, dag: str, run: str) -> DagRun | None:
    """Return a run; None when there is none."""
    return session.scalar(select(DagRun).where(DagRun.dag_id == dag, DagRun.run_id == run))


def week_of_run(run: DagRun) -> Week | None:
    """Return the week that a run is about: its partition, else the form's field, else the last one over by then."""
    key = run.partition_key or (run.conf or {}).get("week")
    try:
        return Week(date.fromisoformat(key)) if key else last_closed(run.run_after)
    except (TypeError, ValueError, UsageError):
        return None


def standing(session: Session, week: Week, run: DagRun | None = None) -> Standing | None:
    """Return how far ``run`` is, by default the newest run for the week; None when the chain has not got there yet."""
    run = run or _newest(session, week.monday.isoformat())
    return Standing(week, run.run_id, _state(session, run)) if run else None


def newest(session: Session) -> Standing | None:
    """Return how far the report of the newest week is; None before the first one."""
    run = _newest(session)
    week = week_of_run(run) if run else None
    return Standing(week, run.run_id, _state(session, run)) if run and week else None


def _newest(session: Session, key: str | None = None) -> DagRun | None:
    runs = select(DagRun).where(DagRun.dag_id == REPORT)
    runs = runs.where(DagRun.partition_key.is_not(None) if key is None else DagRun.partition_key == key)
    return session.scalar(runs.order_by(DagRun.partition_key.desc(), DagRun.id.desc()).limit(1))


def _state(session: Session, run: DagRun) -> State:
    state = str(run.state)
    if state in ("success", "failed"):
        return "done" if state == "success" else "failed"
    asked = (
        select(HITLDetail.ti_id)
        .join(TaskInstance, TaskInstance.id == HITLDetail.ti_id)
        .where(TaskInstance.dag_id == run.dag_id, TaskInstance.run_id == run.run_id)
        .where(HITLDetail.responded_at.is_(None), TaskInstance.end_date.is_(None))
    )
    return "waiting" if session.scalar(asked.limit(1)) else "working"
