"""The help forum of the network: who asks, who answers, how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random

from producers.event import HelpAnswered, HelpClosed, HelpRequested, Outcome
from producers.simulation.chance import capped_wait, happens, poisson, stream
from producers.simulation.firms import Firm
from producers.simulation.people import Person
from producers.simulation.places import FORUM, NEIGHBOURS, PLACES, SILENT
from producers.simulation.roster import Roster
from producers.simulation.season import Season
from producers.simulation.skills import CONCERN, FADING, GROWING, SINGLE
from producers.simulation.tool import Notebook
from producers.simulation.trend import Trend
from producers.simulation.visits import Visits

_MEMBERS_ASK, _FIRMS_ASK, _BROKERS_ASK = 30.0, 10.0, 1.4
_CONCERN_SHARE, _CONCERN_ANSWERED = 0.4, 0.45
_SPECIAL = ((GROWING, 0.025), (FADING, 0.05), (SINGLE, 0.02))
_LOCAL = 6.0


@dataclass(frozen=True)
class Question:
    """One request as it was asked."""

    request: str
    at: datetime
    week: int
    place: str
    skill: str
    requester: Person | None
    firm: Firm | None


@dataclass(frozen=True)
class Answer:
    """One answer; the helper is None where the account was deleted since."""

    answer: str
    at: datetime
    helper: Person | None


@dataclass(frozen=True)
class Forum:
    """What the forum looks at: who is there, who can help with what, and the firms."""

    rng: Random
    season: Season
    trend: Trend
    roster: Roster
    firms: tuple[Firm, ...]
    able: dict[str, tuple[Person, ...]]
    zeal: dict[str, float]
    brokers: tuple[Person, ...]
    silent_from: int
    scale: float


def open_forum(
    seed: int, season: Season, trend: Trend, roster: Roster, firms: tuple[Firm, ...], *, silent_from: int, scale: float
) -> Forum:
    """Return the forum of a region, with everybody who can answer by skill; zeal is heavy-tailed."""
    rng = stream(seed, "forum")
    able: dict[str, list[Person]] = {}
    for person in roster.people:
        for skill in person.skills:
            able.setdefault(skill, []).append(person)
    return Forum(
        rng=rng,
        season=season,
        trend=trend,
        roster=roster,
        firms=firms,
        able={skill: tuple(people) for skill, people in able.items()},
        zeal={person.member: rng.lognormvariate(0.7 * person.facilitator, 1.0) for person in roster.people},
        brokers=tuple(person for person in roster.people if person.links),
        silent_from=silent_from,
        scale=scale,
    )


def note_help(notebook: Notebook, forum: Forum, visits: Visits) -> None:
    """Note all requests with their answers and endings, and who was seen."""
    numbers = count(1)
    for week in range(forum.season.weeks):
        for question in _asked(forum, week, numbers):
            _note(notebook, forum, visits, question)


def _asked(forum: Forum, week: int, numbers: Iterator[int]) -> Iterator[Question]:
    busy = forum.scale * forum.season.intensity(week)
    for _ in range(poisson(forum.rng, _MEMBERS_ASK * busy)):
        place = forum.rng.choices(PLACES, [place.share for place in PLACES])[0].slug
        person = forum.roster.pool(place, week).draw(forum.rng)
        if person:
            yield _question(forum, week, next(numbers), place, _skill(forum, place, week), person, None)
    for _ in range(poisson(forum.rng, _FIRMS_ASK * busy)):
        firm = _firm(forum, week)
        if firm:
            yield _of_firm(forum, week, next(numbers), firm)
    for broker in forum.brokers:
        for _ in range(poisson(forum.rng, _BROKERS_ASK * forum.season.intensity(week))):
            place = forum.rng.choice(broker.links)
            skill = forum.trend.ordinary(forum.rng, place)
            yield _question(forum, week, next(numbers), place, skill, broker, None)


def _firm(forum: Forum, week: int) -> Firm | None:
    there = [firm for firm in forum.firms if firm.there(week)]
    return forum.rng.choices(there, [firm.curiosity for firm in there])[0] if there else None


def _of_firm(forum: Forum, week: int, number: int, firm: Firm) -> Question:
    concern = forum.rng.random() < _CONCERN_SHARE
    skill = CONCERN if concern else _skill(forum, firm.place, week)
    staff = [person for person in forum.roster.pool(firm.place, week).people if person.firm is firm]
    person = forum.rng.choice(staff) if staff and happens(forum.rng, 0.5) else None
    return _question(forum, week, number, firm.place, skill, person, firm)


def _skill(forum: Forum, place: str, week: int) -> str:
    point = forum.rng.random()
    for skill, share in _SPECIAL:
        point -= share * forum.trend.strength(skill, week)
        if point < 0:
            return skill
    return forum.trend.ordinary(forum.rng, place)


def _question(
    forum: Forum, week: int, number: int, place: str, skill: str, requester: Person | None, firm: Firm | None
) -> Question:
    rng = forum.rng
    at = forum.season.at(week, rng.choice((0, 0, 1, 1, 2, 2, 3, 3, 4, 5, 6)), rng.randrange(8, 22), rng.randrange(60))
    return Question(f"req-{number:06d}", at, week, place, skill, requester, firm)


def _note(notebook: Notebook, forum: Forum, visits: Visits, question: Question) -> None:
    if question.place == SILENT and question.week >= forum.silent_from:
        return
    payload = HelpRequested(
        skills=[question.skill],
        requester=question.requester.member if question.requester else None,
        organisation=question.firm.organisation if question.firm else None,
        place=question.place,
    )
    subject = question.request
    notebook.write(payload, "requested", source=FORUM, key=subject, subject=subject, time=question.at)
    if question.requester:
        visits.mark(question.requester.member, question.at)
    answers = list(_answers(forum, question))
    for answer in answers:
        if answer.helper:
            visits.mark(answer.helper.member, answer.at)
        reply = HelpAnswered(answer=answer.answer, helper=answer.helper.member if answer.helper else None)
        notebook.write(reply, "answered", source=FORUM, key=answer.answer, subject=subject, time=answer.at)
    _close(notebook, forum, question, answers)


def _answers(forum: Forum, question: Question) -> Iterator[Answer]:
    """Yield the answers in order of time: by people who can help, by the one who asked, by somebody deleted since."""
    helpers = _helpers(forum, question)
    at = question.at
    for number, helper in enumerate(helpers, 1):
        at += timedelta(minutes=5 + round(capped_wait(forum.rng, 60 * 36, 60 * 24 * 40)))
        gone = question.skill != SINGLE and not helper.links and happens(forum.rng, 0.02)
        yield Answer(f"{question.request}-a{number}", at, None if gone else helper)


def _helpers(forum: Forum, question: Question) -> list[Person]:
    helpers = [broker for broker in forum.brokers if _broker_answers(forum, question, broker)]
    if forum.rng.random() > (_CONCERN_ANSWERED if question.skill == CONCERN and question.firm else 0.8):
        return helpers
    number = 1 + poisson(forum.rng, 0.55)
    helpers += [person for person in (_expert(forum, question) for _ in range(number)) if person]
    if question.requester and question.skill != SINGLE and happens(forum.rng, 0.07):
        helpers.append(question.requester)
    forum.rng.shuffle(helpers)
    return list(dict.fromkeys(helpers))


def _broker_answers(forum: Forum, question: Question, broker: Person) -> bool:
    if question.skill == SINGLE or broker is question.requester or not broker.there(question.week):
        return False
    return happens(forum.rng, 0.3 if question.place in broker.links else 0.02)


def _expert(forum: Forum, question: Question) -> Person | None:
    """Return somebody who can help with the skill, from the same place above all, None when there is nobody."""
    near = dict(NEIGHBOURS[question.place])
    able = [
        person
        for person in forum.able.get(question.skill, ())
        if person.there(question.week) and person is not question.requester
    ]
    weights = [forum.zeal[person.member] * near.get(person.home, _LOCAL) for person in able]
    return forum.rng.choices(able, weights)[0] if able else None


def _close(notebook: Notebook, forum: Forum, question: Question, answers: list[Answer]) -> None:
    rng = forum.rng
    accepted, at = None, question.at
    outcome: Outcome
    if answers and happens(rng, 0.62):
        best = rng.choices(answers, range(len(answers), 0, -1))[0]
        outcome, accepted = "solved", best.answer
        at = best.at + timedelta(minutes=10 + round(capped_wait(rng, 60 * 48, 60 * 24 * 30)))
    elif happens(rng, 0.06):
        outcome = "withdrawn"
        at += timedelta(hours=rng.randint(1, 200))
    elif happens(rng, 0.3):
        outcome = "expired"
        at += timedelta(days=60)
    else:
        return
    payload = HelpClosed(outcome=outcome, accepted_answer=accepted)
    subject = question.request
    notebook.write(payload, "closed", source=FORUM, key=subject, subject=subject, time=at)
