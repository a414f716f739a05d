"""A week's report from the warehouse: what is read, in which order, and nothing else."""

from __future__ import annotations

from datetime import date, datetime

from analytics.disclosure import Thresholds
from analytics.report import reading
from analytics.report.actions import build_actions
from analytics.report.community import build_communities
from analytics.report.content import Content
from analytics.report.curve import build_curve
from analytics.report.findings import build_findings
from analytics.report.indicators import build_indicators
from analytics.report.places import build_places
from analytics.report.points import build_points
from analytics.report.recount import build_recounts
from analytics.report.restated import build_restatement
from analytics.report.skills import build_skills
from analytics.report.status import build_period, build_status
from analytics.report.waiting import build_waiting
from analytics.week import Week
from producers.settings import Settings
from warehouse.connection import Connection


def build_report(connection: Connection, *, week: date, present: datetime, settings: Settings) -> Content:
    """Return what the report of the week that starts on the Monday ``week`` says, as it is known at ``present``.

    Raises:
        UsageError: when ``week`` is no Monday.
    """
    this = Week(week)
    thresholds = Thresholds(people=settings.threshold_persons, organisations=settings.threshold_organisations)
    extent = reading.row(connection, "report_extent", reading.Extent, week=week)
    status = build_status(connection, this, extent, present=present, thresholds=thresholds)
    indicators = build_indicators(connection, this, extent, thresholds)
    skills = build_skills(connection, this, extent, thresholds)
    places = build_places(connection, this, extent, thresholds)
    waiting = build_waiting(connection, this, extent, thresholds)
    return Content(
        period=build_period(this, present),
        threshold_people=thresholds.people,
        threshold_organisations=thresholds.organisations,
        status=status,
        points=build_points(status, indicators, skills, places, waiting),
        actions=build_actions(connection, this, status=status, skills=skills, waiting=waiting, thresholds=thresholds),
        indicators=indicators,
        skills=skills,
        places=places,
        waiting=waiting,
        restatement=build_restatement(connection, this, thresholds),
        recounts=build_recounts(
            this, status=status, indicators=indicators, skills=skills, places=places, waiting=waiting
        ),
        findings=build_findings(connection, this, thresholds),
        curve=build_curve(connection, this, thresholds),
        communities=build_communities(connection, this, thresholds),
    )
