"""A week's report from the warehouse: what is read, in which order, and nothing else."""

from __future__ import annotations

from datetime import date, datetime

from analytics.disclosure import Thresholds
from analytics.report import reading
from analytics.report.actions import build_actions
from analytics.report.community import build_communities
from analytics.report.content import Content
from analytics.report.curve import build_curve
from analytics.report.door import build_door
from analytics.report.events import build_events, changes
from analytics.report.findings import build_findings
from analytics.report.indicators import build_indicators
from analytics.report.judgement import judge
from analytics.report.moving import build_alarms, build_trends
from analytics.report.orders import build_orders
from analytics.report.places import build_places, names_of
from analytics.report.points import build_points
from analytics.report.recount import build_recounts
from analytics.report.restated import build_restatement
from analytics.report.skills import build_skills
from analytics.report.status import build_period, build_status
from analytics.report.tasks import build_tasks
from analytics.report.waiting import build_waiting
from analytics.report.window import weekly_requests, without_sizes
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
    indicators = without_sizes(build_indicators(connection, this, extent, thresholds))
    judged = judge(connection, this, extent)
    skills = build_skills(connection, this, judged, thresholds)
    found = reading.rows(connection, "report_place", reading.Place, week=week)
    names = names_of(found)
    places = build_places(connection, this, extent, found, thresholds, weekly=weekly_requests(indicators))
    waiting = build_waiting(connection, this, extent, thresholds, indicators)
    findings = build_findings(connection, this, thresholds)
    restatement = build_restatement(connection, this, thresholds)
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
        restatement=restatement,
        recounts=build_recounts(
            this, status=status, indicators=indicators, skills=skills, places=places, waiting=waiting
        ),
        findings=findings,
        curve=build_curve(connection, this, thresholds, weekly=weekly_requests(indicators)),
        communities=build_communities(connection, this, thresholds),
        trends=build_trends(judged, names, this, thresholds),
        alarms=build_alarms(judged, indicators),
        orders=build_orders(skills, places, waiting, findings),
        door=build_door(connection, this, extent, thresholds),
        tasks=build_tasks(connection, this, places, names, thresholds),
        events=build_events(this, status, restatement),
        changes=changes(),
    )
