"""Figures of a report that stand in the warehouse as they were computed, or are worked out from such ones."""

from __future__ import annotations

from analytics.metrics import METRICS
from analytics.provenance.query import literal, named
from analytics.provenance.question import Asked, Patterns, Question

CHANGED = 14
"""Weeks of communities that are compared."""


def of_metric(asked: Asked, name: str, sql: str, *, exact: bool = True, note: str = "") -> Question:
    """Return the question for a figure of a metric."""
    metric = METRICS[name]
    reach = asked.window if metric.reach == "window" else metric.reach
    return Question(
        sql=sql, week=asked.week, weeks=reach, reads=tuple(metric.reads), metric=name, exact=exact, note=note
    )


def _measure(asked: Asked) -> Question:
    """Return what to ask for a value of a finding, or for how many stand behind it."""
    item, column = asked.item, "n" if asked.column == "people" else "value"
    subject = item["subject"]
    whose = named(subject, "place.name", "metric_value.subject") if subject else "metric_value.subject = 'network'"
    sql = (
        f"SELECT metric_value.{column} AS value FROM metric_value LEFT JOIN place "
        "ON metric_value.subject_kind = 'place' AND place.place = metric_value.subject "
        f"WHERE metric_value.metric = {literal(item['metric'])} AND metric_value.layer IS NULL "
        f"AND metric_value.week = {literal(asked.week.monday)} AND {whose}"
    )
    return of_metric(asked, item["metric"], sql)


def _layer(asked: Asked) -> Question:
    """Return what to ask for a metric of the whole network on one layer."""
    metric, layer = asked.item["metric"], asked.item["layer"]
    sql = (
        f"SELECT value FROM metric_value WHERE metric = {literal(metric)} AND layer = {literal(layer)} "
        f"AND subject_kind = 'network' AND week = {literal(asked.week.monday)}"
    )
    return of_metric(asked, metric, sql)


def _size(asked: Asked) -> Question:
    """Return what to ask for the size of one community, the largest being the first."""
    sql = f"SELECT members AS value FROM ({_communities(asked)}) LIMIT 1 OFFSET {asked.figure.numbers[-1]}"
    return of_metric(asked, "community", sql)


def _members(asked: Asked) -> Question:
    sql = f"SELECT CAST(sum(members) AS BIGINT) AS value FROM ({_communities(asked)})"
    return of_metric(asked, "community", sql)


def _kept(asked: Asked) -> Question:
    """Return what to ask for who was in which community, from which it is worked out who stayed."""
    first = (asked.week + (1 - CHANGED)).monday
    sql = (
        "SELECT week, subject AS member, value AS community FROM metric_value WHERE metric = 'community' "
        f"AND layer = 'copresence' AND week BETWEEN {literal(first)} AND {literal(asked.week.monday)} ORDER BY ALL"
    )
    note = "communities keep their number from week to week as analytics.metrics.lineage.follow matches them"
    return of_metric(asked, "community", sql, exact=False, note=note)


def _communities(asked: Asked) -> str:
    """Return the query of the section; without a section there is no figure to ask about."""
    found = asked.content.communities
    return found.sql if found else ""


COMPUTED: Patterns = {
    "findings.*.measures.*.value": _measure,
    "findings.*.measures.*.people": _measure,
    "places.network.*.value": _layer,
    "communities.sizes.*": _size,
    "communities.members": _members,
    "communities.kept": _kept,
}
