"""The agenda: which workshops are planned, in series with regulars, alone, and on the skills with a trend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from producers.simulation.chance import happens, poisson, stream
from producers.simulation.people import Person
from producers.simulation.places import BY_SLUG, OPEN_DAY, PLACES, SINGLE_HOME, Place
from producers.simulation.roster import Roster
from producers.simulation.season import Season
from producers.simulation.skills import FADING, GROWING, SINGLE
from producers.simulation.trend import Trend

OPEN_DAY_WEEKS = 5
_A_TRACK = 2.6
_ALONE_A_SHARE = 0.12
_LINKING_TRACKS = 2
_TOPICS = 10
_WEEKLY = ((GROWING, 2.0), (FADING, 6.0))
_EVENINGS = ((0, 18), (1, 18), (1, 19), (2, 14), (2, 18), (3, 18), (3, 19), (4, 18), (5, 10), (5, 14))


@dataclass(frozen=True)
class Meeting:
    """One planned workshop; its regulars may or may not come."""

    place: str
    week: int
    starts: datetime
    lasts: timedelta
    skills: tuple[str, ...]
    instructor: Person | None
    regulars: tuple[Person, ...] = ()
    last: bool = False
    """Whether a series ends with it."""
    drop_ins: float = 2.4
    """How many people come without being regulars, on average."""
    kind: str = "workshop"


@dataclass(frozen=True)
class Planner:
    """Everything that planning looks at; ``scale`` is the size of the region against a thousand members."""

    season: Season
    trend: Trend
    roster: Roster
    scale: float

    def open_weeks(self, place: Place) -> list[int]:
        """Return the weeks in which the place is there and not on holiday."""
        opening = int(place.opens * self.season.weeks)
        return [week for week in range(opening, self.season.weeks) if not self.season.closed(place.slug, week)]

    def instructor(self, rng: Random, place: str, skill: str, week: int) -> Person | None:
        """Return somebody of the place who can teach the skill, else one of its facilitators."""
        able = [person for person in self.roster.pool(place, week).people if skill in person.skills]
        staff = [person for person in self.roster.people if person.facilitator and person.home == place]
        return rng.choice(able if able and happens(rng, 0.6) else staff or able or [None])


def plan(seed: int, planner: Planner) -> list[Meeting]:
    """Return all meetings of the region in order of their start; nothing else happens on the open day."""
    rng = stream(seed, "agenda")
    meetings = [meeting for place in PLACES for meeting in _of_place(rng, planner, place)]
    meetings += _on_trends(rng, planner)
    meetings += _on_the_single_skill(rng, planner)
    open_day = _open_day(planner)
    meetings = [meeting for meeting in meetings if meeting.starts.date() != open_day.starts.date()]
    return sorted(
        [*meetings, open_day], key=lambda meeting: (meeting.starts, meeting.place, meeting.kind, meeting.skills)
    )


def _of_place(rng: Random, planner: Planner, place: Place) -> Iterator[Meeting]:
    tracks = max(1, round(place.share * planner.scale**0.5 / _A_TRACK))
    for track in range(tracks):
        yield from _track(rng, planner, place, linking=track < _LINKING_TRACKS)
    for week in planner.open_weeks(place):
        mean = place.share * _ALONE_A_SHARE * planner.scale * planner.season.intensity(week)
        for _ in range(poisson(rng, mean)):
            yield _alone(rng, planner, place.slug, week, planner.trend.ordinary(rng, place.slug))


def _track(rng: Random, planner: Planner, place: Place, *, linking: bool) -> Iterator[Meeting]:
    """Yield one series after another; brokers who link the place are regulars of its first tracks."""
    weeks = planner.open_weeks(place)
    position = 0
    while position < len(weeks):
        step = rng.choice((1, 1, 2)) if not linking else 1
        length = rng.randint(6, 13)
        yield from _series(rng, planner, place.slug, weeks[position : position + length * step : step], linking=linking)
        position += length * step + rng.choice((0, 1, 1, 2)) * (not linking)


def _series(rng: Random, planner: Planner, place: str, weeks: list[int], *, linking: bool) -> Iterator[Meeting]:
    topics = [planner.trend.ordinary(rng, place) for _ in range(_TOPICS)]
    instructor = planner.instructor(rng, place, topics[0], weeks[0])
    regulars = planner.roster.visitors(rng, place, weeks[0], number=rng.randint(3, 6), away=0.08)
    if linking:
        regulars += [person for person in planner.roster.people if place in person.links]
    weekday, hour = rng.choice(_EVENINGS)
    for week in weeks:
        if rng.random() > planner.season.intensity(week):
            continue
        yield Meeting(
            place=place,
            week=week,
            starts=planner.season.at(week, weekday, hour, rng.choice((0, 30))),
            lasts=timedelta(minutes=120),
            skills=tuple(dict.fromkeys(rng.choices(topics, k=rng.choice((1, 1, 2))))),
            instructor=instructor,
            regulars=tuple(dict.fromkeys(regulars)),
            last=week == weeks[-1],
        )


def _alone(rng: Random, planner: Planner, place: str, week: int, skill: str) -> Meeting:
    weekday, hour = rng.choice(_EVENINGS)
    return Meeting(
        place=place,
        week=week,
        starts=planner.season.at(week, weekday, hour, rng.choice((0, 30))),
        lasts=timedelta(minutes=rng.choice((60, 90, 120, 180))),
        skills=(skill,),
        instructor=planner.instructor(rng, place, skill, week),
        drop_ins=5.0,
    )


def _on_trends(rng: Random, planner: Planner) -> Iterator[Meeting]:
    owed = {skill: rng.random() for skill, _ in _WEEKLY}
    for week in range(planner.season.weeks):
        open_places = [place for place in PLACES if week in planner.open_weeks(place)]
        if not open_places:
            continue
        for skill, weekly in _WEEKLY:
            owed[skill] += weekly * planner.scale * planner.trend.strength(skill, week) * planner.season.intensity(week)
            while owed[skill] >= 1:
                owed[skill] -= 1
                place = rng.choices(open_places, [place.share for place in open_places])[0]
                yield _alone(rng, planner, place.slug, week, skill)


def _on_the_single_skill(rng: Random, planner: Planner) -> Iterator[Meeting]:
    """Yield trainings for firms, which keep the names of the learners to themselves."""
    holder = next(person for person in planner.roster.people if SINGLE in person.skills)
    for week in planner.open_weeks(BY_SLUG[SINGLE_HOME])[1::3]:
        starts = planner.season.at(week, rng.choice((1, 3)), 9)
        yield Meeting(SINGLE_HOME, week, starts, timedelta(hours=3), (SINGLE,), holder, kind="training")


def _open_day(planner: Planner) -> Meeting:
    latest = planner.season.ago(OPEN_DAY_WEEKS, share=0.2)
    week = max(week for week in planner.open_weeks(BY_SLUG[OPEN_DAY]) if week <= latest)
    starts = planner.season.at(week, 5, 10)
    return Meeting(OPEN_DAY, week, starts, timedelta(hours=7), (), None, kind="open day")
