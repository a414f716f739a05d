"""The simulated region as a whole: its events as they arrive, and the truth about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from producers.errors import UsageError
from producers.event import ConsentWithdrawn, EventRetracted, IdentityLinked
from producers.simulation import skills
from producers.simulation.agenda import Planner, plan
from producers.simulation.firms import draw_firms, note_firms
from producers.simulation.forum import note_help, open_forum
from producers.simulation.machines import note_machines, note_places
from producers.simulation.membership import note_members
from producers.simulation.mishap import arrive, silence
from producers.simulation.people import SILENT_WEEKS, TURN_WEEKS, Person, draw_people
from producers.simulation.places import ACROSS_BORDER, BETWEEN_PLACES, BY_SLUG, SILENT
from producers.simulation.roster import Roster
from producers.simulation.season import Season, season
from producers.simulation.tool import Arrival, Notebook
from producers.simulation.trend import Trend
from producers.simulation.truth import Truth
from producers.simulation.visits import Visits
from producers.simulation.workshops import hold

MEMBERS, WEEKS = range(100, 100_001), range(20, 1041)
_USUAL_MEMBERS = 1000


@dataclass(frozen=True)
class Region:
    """A region: every event with the instant at which the log appended it, and what is true of it."""

    arrivals: list[Arrival]
    truth: Truth
    present: datetime


def simulate(*, seed: int = 1, members: int = 1000, weeks: int = 104, last_week: str = "2026-W46") -> Region:
    """Return the region that these four values determine, the same on every machine.

    Args:
        seed: Chooses one of many regions.
        members: How many people take part over the whole time; activity grows with it.
        weeks: How many weeks are simulated.
        last_week: The last of them; the present is 06:00 UTC on the Monday after.

    Raises:
        UsageError: when there are too few people or weeks for what is planted, too many to hold, or no such week.
    """
    _check(members, weeks)
    span = season(last_week, weeks)
    trend = Trend(span, turn=span.ago(TURN_WEEKS, share=0.5))
    firms, notebook = draw_firms(seed, span), Notebook()
    people = draw_people(seed, members, span, firms)
    roster, scale = Roster(people), members / _USUAL_MEMBERS
    note_places(notebook, span)
    note_firms(notebook, seed, span, firms)
    visits = Visits()
    open_day = hold(seed, notebook, roster, visits, plan(seed, Planner(span, trend, roster, scale)))
    silent_from = span.ago(SILENT_WEEKS, share=0.25)
    forum = open_forum(seed, span, trend, roster, firms, silent_from=silent_from, scale=scale)
    note_help(notebook, forum, visits)
    note_machines(seed, notebook, span, roster, visits, scale=scale)
    note_members(seed, notebook, span, people, visits)
    arrivals = arrive(seed, span, notebook.notes)
    return Region(arrivals, _truth(span, trend, people, open_day, arrivals), span.present)


def _check(members: int, weeks: int) -> None:
    for name, value, allowed in (("members", members, MEMBERS), ("weeks", weeks, WEEKS)):
        if value not in allowed:
            expected = f"{allowed.start} to {allowed.stop - 1}"
            raise UsageError(f"the simulation is asked for {value} {name}", expected=expected)


def _truth(span: Season, trend: Trend, people: tuple[Person, ...], open_day: str, arrivals: list[Arrival]) -> Truth:
    consent = {place.slug for place in BY_SLUG.values() if place.legal_basis == "consent"}
    return Truth(
        brokers_between_places=tuple(person.member for person in people if person.links in BETWEEN_PLACES),
        brokers_across_border=tuple(person.member for person in people if person.links in ACROSS_BORDER),
        growing_skill=skills.GROWING,
        fading_skill=skills.FADING,
        turn=span.mondays[trend.turn],
        single_holder_skill=skills.SINGLE,
        single_holder=next(person.member for person in people if skills.SINGLE in person.skills),
        common_concern=skills.CONCERN,
        silent_place=SILENT,
        silent_since=silence(span),
        open_day=open_day,
        closures=span.closures,
        facilitators=tuple(person.member for person in people if person.facilitator),
        withdrew=_withdrew(arrivals),
        refused=tuple(person.member for person in people if not person.agrees and person.home in consent),
        linked=_linked(arrivals),
        retracted=tuple(
            (arrival.event.data.source, arrival.event.data.id)
            for arrival in arrivals
            if isinstance(arrival.event.data, EventRetracted)
        ),
    )


def _withdrew(arrivals: list[Arrival]) -> tuple[str, ...]:
    gone = (arrival.event.subject for arrival in arrivals if isinstance(arrival.event.data, ConsentWithdrawn))
    return tuple(dict.fromkeys(gone))


def _linked(arrivals: list[Arrival]) -> tuple[tuple[str, str], ...]:
    pairs = (
        (arrival.event.subject, arrival.event.data.other)
        for arrival in arrivals
        if isinstance(arrival.event.data, IdentityLinked)
    )
    return tuple(dict.fromkeys(pairs))
