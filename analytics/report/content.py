"""What a weekly report says, free of language and of layout: every number on the page and in ``report.json``.

Each figure is a ``Cell``: it has passed ``publishable`` and holds nothing that may not be shown.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from analytics.disclosure import Cell
from analytics.report.event import Change, Event
from analytics.report.finding import Communities, Curve, Finding, Range
from analytics.report.state import Correction, Period, Status
from analytics.report.task import Tasks
from analytics.report.trust import Alarms, Course, DoorRecord, Order, Trends
from analytics.restatement import Restatement

VERSION = 1

Group = Literal["members", "workshops", "help"]
Kind = Literal["judged", "shown"]
Verdict = Literal[
    "signal_up", "signal_down", "shift", "ordinary", "too_few", "too_early", "missing", "closed", "untested"
]
Tone = Literal["up", "down", "alert", "plain"]
Movement = Literal["growing", "fading", "steady"]
Band = Literal["week", "fortnight", "month"]
BANDS: tuple[Band, ...] = ("week", "fortnight", "month")


class Interval(Struct, frozen=True, kw_only=True):
    """An interval; what it covers is said where it is used."""

    low: float
    high: float


class Spark(Struct, frozen=True, kw_only=True):
    """52 weeks, oldest first, the last one being the week itself."""

    cells: list[Cell]
    closed: list[bool]
    centre: Annotated[float | None, Meta(description="Mean of the baseline; null while it is too early.")]
    limits: Annotated[Interval | None, Meta(description="Usual variation: mean ± 2.66 mean moving ranges.")]


class Indicator(Struct, frozen=True, kw_only=True):
    """One row of the table of indicators."""

    name: str
    group: Group
    kind: Annotated[Kind, Meta(description="judged: a raw weekly count; shown: bounded, or over several weeks.")]
    unit: Literal["count", "share"]
    value: Cell
    interval: Annotated[Interval | None, Meta(description="95 % interval (Wilson) of a share of requests.")]
    week_before: Cell
    median: Annotated[Cell, Meta(description="Median of the open weeks among the 13 before.")]
    year_before: Annotated[Cell, Meta(description="52 weeks (364 days) before; missing where only one was closed.")]
    verdict: Verdict
    run: Annotated[int, Meta(description="Weeks in a row above (+) or below (-) the centre.")]
    silent: Annotated[bool, Meta(description="True for a zero that chance alone gives in under 1 % of the weeks.")]
    spark: Spark


class SkillTrend(Struct, frozen=True, kw_only=True):
    """How many people took part in a skill now and before."""

    skill: str
    comparison: Annotated[str, Meta(description="month: 4 weeks against 4; quarter: 13 against 13; year: a year ago.")]
    current: Annotated[Cell, Meta(description="Distinct people in the later block of weeks.")]
    previous: Cell
    ratio: Annotated[Cell, Meta(description="Later block over earlier one, shrunk towards 1 where there are few.")]
    interval: Annotated[Interval | None, Meta(description="90 % interval of the ratio; null where it is hidden.")]
    verdict: Movement
    emerging: Annotated[bool, Meta(description="True when it grows, is new, and is seen at two places.")]
    course: Annotated[Course, Meta(description="Verdict on its weekly series over the whole record.")] = "too early"
    course_change: Annotated[Cell | None, Meta(description="How much that series changed; null where not judged.")] = (
        None
    )
    course_interval: Annotated[Range | None, Meta(description="90 % interval of that change.")] = None


class RareSkill(Struct, frozen=True, kw_only=True):
    """A skill that is asked for and that few can give."""

    skill: str
    requests: Annotated[Cell, Meta(description="Requests in 13 weeks.")]
    holders: Annotated[Cell, Meta(description="Members who showed it in 26 weeks; having learned it is not enough.")]


class Concern(Struct, frozen=True, kw_only=True):
    """A theme that several organisations from several places asked about in 13 weeks."""

    skill: str
    organisations: Cell
    places: int


class Skills(Struct, frozen=True, kw_only=True):
    """What the network learns, and what it lacks."""

    growing: list[SkillTrend]
    fading: list[SkillTrend]
    steady: Annotated[list[SkillTrend], Meta(description="The busiest of the others, to compare with.")]
    judged: Annotated[int, Meta(description="Skills for which there was enough to judge.")]
    too_few: Annotated[int, Meta(description="Skills with too little to judge.")]
    too_early: Annotated[bool, Meta(description="True while the record is too short for any comparison.")]
    tests: Annotated[int, Meta(description="Tests run under one false-discovery budget of 10 %.")]
    shown: Annotated[int, Meta(description="Skills that somebody showed in 26 weeks.")]
    single_holder: Annotated[Cell, Meta(description="Those of them that one member only showed; never who.")]
    rare: Annotated[list[RareSkill], Meta(description="Those with fewest holders a request, five at most.")]
    concerns: Annotated[list[Concern], Meta(description="Those of most organisations, five at most.")]


class Partner(Struct, frozen=True, kw_only=True):
    """Another place with which a place shares people."""

    name: str
    people: Cell


class PlaceRow(Struct, frozen=True, kw_only=True):
    """One place over 13 weeks."""

    name: str
    country: str | None
    latitude: float | None
    longitude: float | None
    members: Annotated[Cell, Meta(description="Distinct counted members seen there, or from there and seen anywhere.")]
    workshops: Cell
    requests: Cell
    shared: Annotated[Cell, Meta(description="Those of its people who are also at another place.")]
    answers: Annotated[Cell, Meta(description="Answers exchanged with other places, both ways.")]
    partners: Annotated[list[Partner], Meta(description="The places that it shares most people with, three at most.")]


class PlaceLink(Struct, frozen=True, kw_only=True):
    """Two places that share enough people to be shown."""

    a: str
    b: str
    people: Cell


class LayerValue(Struct, frozen=True, kw_only=True):
    """One metric of the whole network on one layer."""

    metric: str
    layer: str
    value: Cell


class Places(Struct, frozen=True, kw_only=True):
    """Places and what links them."""

    rows: Annotated[list[PlaceRow], Meta(description="Those with most members first, 20 at most.")]
    others: Annotated[int, Meta(description="Places that are not listed.")]
    links: Annotated[list[PlaceLink], Meta(description="Strongest first; pairs with fewer people are left out.")]
    hidden_links: Annotated[int, Meta(description="Pairs that share people, too few to be shown.")]
    beyond: Annotated[Cell, Meta(description="People with ties beyond their own place.")]
    linking: Annotated[Cell, Meta(description="People with ties to at least two other places.")]
    abroad: Annotated[Cell, Meta(description="People with ties into another country.")]
    half: Annotated[Cell, Meta(description="Fewest people who hold an end of half of the pairs between places.")]
    network: list[LayerValue]


class WaitingTheme(Struct, frozen=True, kw_only=True):
    """Open requests of one theme that nobody else has answered."""

    skill: str
    bands: Annotated[list[Cell], Meta(description="Asked 7 to 14, 14 to 28, and 28 to 91 days ago.")]
    total: Cell


class Waiting(Struct, frozen=True, kw_only=True):
    """Requests that wait."""

    total: Annotated[Cell, Meta(description="Open for 7 to 91 days without an answer by somebody else.")]
    bands: list[Cell]
    themes: Annotated[list[WaitingTheme], Meta(description="Themes whose total may be shown, largest first.")]
    other_themes: Annotated[int, Meta(description="Themes with a total that is too small to be shown.")]
    dormant: Annotated[Cell, Meta(description="Open for more than 91 days.")]


class Point(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One main point or action; ``kind`` names its sentence in ``words``."""

    kind: str
    tone: Tone = "plain"
    unusual: Annotated[bool, Meta(description="True for what is not so every week.")] = False
    subject: str = ""
    names: list[str] = []
    value: Cell | None = None
    reference: Cell | None = None
    comparison: str = ""
    day: date | None = None


class Recount(Struct, frozen=True, kw_only=True):
    """How to count a section's main figure again."""

    section: str
    sql: str
    figure: Cell


class Content(Struct, frozen=True, kw_only=True):
    """A weekly report of the network."""

    version: Annotated[int, Meta(description="Version of this form; additive changes keep it.")] = VERSION
    period: Period
    threshold_people: Annotated[int, Meta(description="Fewer people than this behind a figure, and it is hidden.")]
    threshold_organisations: int
    status: Status
    points: Annotated[list[Point], Meta(description="Up to six, most important first.")]
    actions: Annotated[list[Point], Meta(description="Up to three.")]
    indicators: list[Indicator]
    skills: Skills
    places: Places
    waiting: Waiting
    restatement: Annotated[
        Restatement | None, Meta(description="What changed since about the week before; null where nothing did.")
    ]
    recounts: list[Recount]
    findings: Annotated[list[Finding], Meta(description="What was computed of the week, section by section.")] = []
    curve: Annotated[Curve | None, Meta(description="Null where nobody asked, or too few.")] = None
    communities: Annotated[Communities | None, Meta(description="Null where none were computed.")] = None
    trends: Annotated[Trends | None, Meta(description="Null where nothing was ever told of.")] = None
    alarms: Alarms | None = None
    orders: Annotated[list[Order], Meta(description="How firm each list is whose order says something.")] = []
    door: Annotated[DoorRecord | None, Meta(description="Null where nobody asked for help.")] = None
    tasks: Annotated[Tasks | None, Meta(description="Null where no place is known.")] = None
    events: Annotated[list[Event], Meta(description="Of the 52 weeks shown, the latest first.")] = []
    changes: Annotated[list[Change], Meta(description="Changes of method, the latest first.")] = []
    correction: Annotated[Correction | None, Meta(description="Null for a week that was never corrected.")] = None
    to_correct: Annotated[
        str | UnsetType,
        Meta(description="Where a person holds the report for wrong, what is to be corrected in it; may be empty."),
    ] = UNSET
