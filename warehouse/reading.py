"""Readings: frames for analytics, with consent applied, by name from ``warehouse/sql/readings``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import pandas as pd

from warehouse.connection import Connection
from warehouse.statement import statement


def prepare(connection: Connection) -> None:
    """Hold who is hidden when, as it is now, for the readings of this connection."""
    connection.execute(statement("readings/hidden_spell"))


def participation(connection: Connection, since: datetime, until: datetime) -> pd.DataFrame:
    """Return ``workshop, member, role, at, size, place`` of the workshops that began in ``[since, until)``."""
    return _frame(connection, "participation", since, until)


def answers(connection: Connection, since: datetime, until: datetime) -> pd.DataFrame:
    """Return ``request, answer, requester, helper, at, accepted`` of the answers given in ``[since, until)``."""
    return _frame(connection, "answers", since, until)


def occasions(connection: Connection, since: datetime, until: datetime) -> pd.DataFrame:
    """Return ``skill, week, at, kind, occasion, member, role, place`` of what happened in ``[since, until)``."""
    return _frame(connection, "occasions", since, until)


def labels(connection: Connection, since: datetime, until: datetime) -> pd.DataFrame:
    """Return ``member, place, public, country, facilitator`` of everybody counted who was there before ``until``."""
    return _frame(connection, "labels", since, until)


def requests(connection: Connection, since: datetime, until: datetime) -> pd.DataFrame:
    """Return ``request, requester, organisation, place, skills, requested_at, answered_at, closed_at`` of requests.

    Those asked in ``[since, until)``, as they stood at ``until``; ``answered_at`` is the first answer by somebody else.
    """
    return _frame(connection, "requests", since, until)


def appearances(connection: Connection, since: datetime, until: datetime) -> pd.DataFrame:
    """Return ``member, at`` of every time that a member who animates no place showed up in ``[since, until)``."""
    return _frame(connection, "appearances", since, until)


def evidence(connection: Connection, since: datetime, until: datetime) -> pd.DataFrame:
    """Return ``member, skill, rung, level, at``: what shows skills of the members who are there at ``until``."""
    return _frame(connection, "evidence", since, until)


def demand(connection: Connection, since: datetime, until: datetime) -> pd.DataFrame:
    """Return ``skill, request, at, requester, organisation, place`` of the requests asked in ``[since, until)``."""
    return _frame(connection, "demand", since, until)


def workshops(connection: Connection, since: datetime, until: datetime) -> pd.DataFrame:
    """Return ``workshop, place, country, at`` of the workshops that began in ``[since, until)``."""
    return _frame(connection, "workshops", since, until)


def organisation_skill(connection: Connection, since: datetime, until: datetime) -> pd.DataFrame:
    """Return ``organisation, skill, kind, occasion, at``: what each learned and asked in ``[since, until)``."""
    return _frame(connection, "organisation_skill", since, until)


def weekly_place(connection: Connection, since: datetime, until: datetime) -> pd.DataFrame:
    """Return ``subject, week, people``: how many showed up at each place, by week in ``[since, until)``."""
    return _frame(connection, "weekly_place", since, until)


def weekly_skill(connection: Connection, since: datetime, until: datetime) -> pd.DataFrame:
    """Return ``subject, week, people``: how many took part in each skill, by week in ``[since, until)``."""
    return _frame(connection, "weekly_skill", since, until)


def _frame(connection: Connection, name: str, since: datetime, until: datetime) -> pd.DataFrame:
    return connection.execute(statement(f"readings/{name}"), {"since": since, "until": until}).df()


READINGS: Mapping[str, Callable[[Connection, datetime, datetime], pd.DataFrame]] = {
    reading.__name__: reading
    for reading in (
        *(participation, answers, occasions, labels, requests, appearances),
        *(evidence, demand, workshops, organisation_skill),
    )
}
"""Every reading by name: a frame of what is known at the end of a week about the weeks up to it."""
