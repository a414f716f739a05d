"""Retractions: an event is in force when no retraction in force takes it back, at any depth."""

from __future__ import annotations

from pathlib import Path

import pytest

from producers.event import Event, IdentityLinked, SkillDeclared
from tests.story import Take, person, tell
from tests.warehouse.life import circle, take_back
from warehouse.connection import read, write
from warehouse.mart import rebuild, refresh

pytestmark = pytest.mark.integration
SKILL = tell(SkillDeclared(skill="laser"), person(1), "2026-01-05")
LINK = tell(IdentityLinked(other=person(1)), person(2), "2026-01-06")


def chain(event: Event, depth: int) -> list[Event]:
    """Return a retraction of the event, one of that retraction, and so on, each under a subject of its own."""
    made = [event]
    for level in range(depth):
        made.append(take_back(made[-1], subject=f"elsewhere-{level}", source=f"urn:{level % 3}"))
    return made[1:]


def rows(home: Path, mart: str = "skill_statement") -> int:
    with write(home) as connection:
        refresh(connection)
        ((found,),) = connection.execute(f"SELECT count(*) FROM {mart}").fetchall()
        rebuild(connection)
        assert connection.execute(f"SELECT count(*) FROM {mart}").fetchall() == [(found,)]
    return int(found)


def test_each_undoing_turns_the_event_around_at_any_depth(take: Take, home: Path) -> None:
    take([SKILL])
    assert rows(home) == 1
    for level, each in enumerate(chain(SKILL, 5)):
        take([each])
        assert rows(home) == level % 2


@pytest.mark.parametrize(("depth", "left"), [(300, 1), (301, 0)])
def test_hundreds_of_undoings_in_one_batch_count_each(depth: int, left: int, take: Take, home: Path) -> None:
    take([SKILL, *chain(SKILL, depth)])
    assert rows(home) == left


def test_retractions_hold_before_what_they_take_back_has_come(take: Take, home: Path) -> None:
    first, second, third = chain(SKILL, 3)
    left = []
    for each in (third, SKILL, first, second):
        take([each])
        left.append(rows(home))
    assert left == [0, 1, 0, 0]


def test_an_event_that_is_taken_back_twice_returns_when_both_are_undone(take: Take, home: Path) -> None:
    one, two = take_back(SKILL, key="1"), take_back(SKILL, key="2")
    take([SKILL, one, two, take_back(one)])
    assert rows(home) == 0
    take([take_back(two)])
    assert rows(home) == 1


def test_a_source_may_take_back_what_another_told(take: Take, home: Path) -> None:
    take([SKILL, take_back(SKILL, source="urn:other")])
    assert rows(home) == 0


def test_the_same_id_of_another_source_is_another_event(take: Take, home: Path) -> None:
    other = tell(SkillDeclared(skill="sew"), person(1), "2026-01-05", source="urn:other")
    take([SKILL, other, take_back(other)])
    assert rows(home) == 1


def test_retractions_in_a_circle_take_nothing_else_back_and_end(take: Take, home: Path) -> None:
    take([SKILL, *circle()])
    assert rows(home) == 1
    take([take_back(circle()[0])])
    assert rows(home) == 1


def test_a_link_goes_with_its_retraction_and_returns_with_the_undoing(take: Take, home: Path) -> None:
    take([tell(SkillDeclared(skill="laser"), person(2), "2026-01-05"), LINK])
    linked = []
    for each in [SKILL, *chain(LINK, 2)]:
        take([each])
        linked.append(rows(home, "identity"))
        with read(home) as connection:
            members = connection.execute("SELECT count(DISTINCT member) FROM skill_statement").fetchall()
        assert members == [(1 if linked[-1] else 2,)]
    assert linked == [2, 0, 2]
