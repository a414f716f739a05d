"""Skills in the warehouse are codes of one version of the vocabulary; what it does not know waits."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from analytics.command.skill import Queue, Waiting, queue
from producers.event import Event, HelpRequested, InputSummarised, MachineUsed, SkillDeclared, WorkshopHeld
from producers.vocabulary import VERSION, vocabulary
from tests.story import Take, person, tell
from warehouse.connection import Connection, write
from warehouse.mart import refresh
from warehouse.stale import Reach, marks, register

DAY = "2026-11-03"
PUBLIC = InputSummarised(title="Test", legal_basis="public_data", read=0, published=0, ignored=0, rejected=0)
TOLD = Reach("told", "skill", 1, ("skill.declared",), "1")
TABLES = ("workshop_skill", "help_request_skill", "machine_use", "skill_statement")


def _one_skill_in_many_words() -> list[Event]:
    return [
        tell(WorkshopHeld(skills=["Trotec", "découpe laser", "yoga"]), "w1", DAY),
        tell(HelpRequested(skills=["decoupe lazer"], requester=person(1)), "q1", DAY),
        tell(MachineUsed(member=person(1), skill="Lasercutter"), "machine-1", DAY),
        tell(MachineUsed(member=person(1)), "machine-2", DAY),
        tell(SkillDeclared(skill="LASER"), person(2), DAY),
    ]


def _skills(connection: Connection) -> dict[str, list[str | None]]:
    texts = {table: f"SELECT skill FROM {table} ORDER BY skill" for table in TABLES}
    return {table: [skill for (skill,) in connection.execute(text).fetchall()] for table, text in texts.items()}


def test_one_skill_in_many_words_is_one_code_and_what_is_unknown_stays_itself(take: Take, home: Path) -> None:
    take(_one_skill_in_many_words())
    with write(home) as connection:
        refresh(connection)
        found = _skills(connection)
    assert found == {
        "workshop_skill": ["laser", "yoga"],
        "help_request_skill": ["laser"],
        "machine_use": ["laser", None],
        "skill_statement": ["laser"],
    }


def test_the_warehouse_holds_the_concepts_of_the_version_in_force(take: Take, home: Path) -> None:
    take([])
    with write(home) as connection:
        refresh(connection)
        rows = connection.execute("SELECT version, skill, theme, industry, fr, de, en FROM vocabulary").fetchall()
    assert len(rows) == len(vocabulary().concepts)
    assert (VERSION, "laser", "fabrication", False, "découpe laser", "Laserschneiden", "laser cutting") in rows


def test_another_version_makes_every_mart_and_every_result_anew(take: Take, home: Path) -> None:
    take(_one_skill_in_many_words())
    with write(home) as connection:
        refresh(connection)
        register(connection, [TOLD])
        connection.execute("DELETE FROM stale")
        connection.execute("UPDATE skill_statement SET skill = 'lasers'")
        assert refresh(connection) == 0
        assert marks(connection, since=date(2026, 1, 1), until=date(2026, 12, 31)) == []
        connection.execute("UPDATE vocabulary SET version = version - 1")
        assert refresh(connection) == 5
        assert _skills(connection)["skill_statement"] == ["laser"]
        stale = marks(connection, since=date(2026, 1, 1), until=date(2026, 12, 31))
        assert [(mark.metric, mark.week) for mark in stale] == [("told", date(2026, 11, 2))]
        assert connection.execute("SELECT DISTINCT version FROM vocabulary").fetchall() == [(VERSION,)]


def test_what_waits_is_counted_and_what_could_tell_a_person_is_not_shown(take: Take, home: Path) -> None:
    told = [
        tell(SkillDeclared(skill=each), person(n), DAY, key=f"{n} {each}") for each in ("yoga", "CNC") for n in range(5)
    ]
    told.append(tell(SkillDeclared(skill="the one thing of Zoe"), person(1), "2026-11-04"))
    told.append(tell(PUBLIC, "urn:test", DAY))
    take(told)
    with write(home) as connection:
        refresh(connection)
        found = queue(connection)
    assert found == Queue(VERSION, [Waiting("yoga", occasions=5, people=5)], withheld=1)
