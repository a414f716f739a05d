"""What each place can do: requests to answer, skills that are asked for and rare there, bridges to make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from analytics.disclosure import Cell, Thresholds, publishable_parts
from analytics.report import reading
from analytics.report.content import Places
from analytics.report.recount import written_out
from analytics.report.task import PlaceTasks, Task, Tasks
from analytics.week import Week
from warehouse.connection import Connection

MOST = 3
ANSWERED = 2
"""Themes to answer that one place is given at most, so that something else finds room."""

Grid = Mapping[tuple[str, str | None], Cell]
"""Figures that may be shown, by place and skill; no skill stands for all themes."""


def build_tasks(
    connection: Connection, week: Week, places: Places, names: Mapping[str, str], thresholds: Thresholds
) -> Tasks | None:
    """Return what each place can do; nothing where no place is known.

    Figures of places stand beside those of the network: where one place has to be hidden, a second one is withheld too,
    so that nothing can be worked out.
    """
    if not names:
        return None
    waiting = reading.rows(connection, "report_place_waiting", reading.AskedAt, week=week.monday)
    asked = reading.rows(connection, "report_place_asked", reading.AskedAt, week=week.monday)
    held = reading.rows(connection, "report_door", reading.Door, week=week.monday)
    own: dict[tuple[str, str | None], int] = {(row.place, row.skill): row.holders for row in held}
    desk = Desk(
        waiting=_grid(waiting, thresholds),
        asked=_grid(asked, thresholds),
        holders=_held(held, thresholds),
        scarce={
            (row.place, row.skill) for row in asked if row.place and own.get((row.place, row.skill), 0) < row.requests
        },
        near={frozenset((link.a, link.b)) for link in places.links},
        names=names,
    )
    found = [each for place in names if (each := PlaceTasks(place=names[place], tasks=desk.tasks(place))).tasks]
    return Tasks(
        places=sorted(found, key=_press),
        others=len(names) - len(found),
        waiting_sql=written_out("report_place_waiting", week),
        asked_sql=written_out("report_place_asked", week),
        holders_sql=written_out("report_door", week),
    )


class Desk:
    """What may be shown of all places, and what follows from it for one of them."""

    def __init__(
        self,
        *,
        waiting: Grid,
        asked: Grid,
        holders: Grid,
        scarce: Collection[tuple[str, str | None]],
        near: Collection[frozenset[str]],
        names: Mapping[str, str],
    ) -> None:
        self._waiting, self._asked, self._holders = waiting, asked, holders
        self._scarce, self._near, self._names = scarce, near, names

    def tasks(self, place: str) -> list[Task]:
        """Return up to three things to do at a place: requests first, then a bridge, then what is rare."""
        answers = list(self._answers(place))
        bridge = next(self._bridges(place), None)
        rare = next((each for each in self._rare(place) if bridge is None or each.skill != bridge.skill), None)
        found = [*answers[:ANSWERED], *([bridge] if bridge else []), *([rare] if rare else [])]
        return found[:MOST]

    def _answers(self, place: str) -> Iterator[Task]:
        """Give the themes to answer at a place, most requests first; all themes where no theme may be named."""
        named = [Task(kind="answer", skill=skill, requests=cell) for skill, cell in _of(self._waiting, place) if skill]
        every = self._waiting.get((place, None))
        if named:
            yield from named
        elif every is not None and every.mark == "shown":
            yield Task(kind="answer_any", requests=every)

    def _rare(self, place: str) -> Iterator[Task]:
        """Give the skills that are asked for more often at a place than it has people who practise them."""
        for skill, cell in _of(self._asked, place):
            if skill and (place, skill) in self._scarce:
                holders = self._holders.get((place, skill), Cell(0, "zero"))
                yield Task(kind="scarce", skill=skill, requests=cell, holders=holders)

    def _bridges(self, place: str) -> Iterator[Task]:
        """Give the places that have what this one lacks, and hardly share anybody with it; most people first."""
        for skill, cell in _of(self._asked, place):
            if not skill or (place, skill) not in self._scarce:
                continue
            others = [
                (-(held.value or 0), self._names[other], held)
                for (other, what), held in self._holders.items()
                if what == skill and held.mark == "shown" and other in self._names and self._apart(place, other)
            ]
            for _, name, held in sorted(others, key=lambda each: each[:2])[:1]:
                yield Task(kind="bridge", skill=skill, requests=cell, holders=held, towards=name)

    def _apart(self, one: str, other: str) -> bool:
        return one != other and frozenset((self._names[one], self._names[other])) not in self._near


def _of(grid: Grid, place: str) -> list[tuple[str | None, Cell]]:
    """Return what may be shown of one place by skill, most first."""
    shown = [(skill, cell) for (where, skill), cell in grid.items() if where == place and cell.mark == "shown"]
    return sorted(shown, key=lambda each: (-(each[1].value or 0), each[0] or ""))


def _grid(rows: Sequence[reading.AskedAt], thresholds: Thresholds) -> Grid:
    """Return the requests of places by skill, none of which the sum over the places gives away.

    Where one organisation stands behind most of a figure, it is treated as one person's.
    """
    by_skill: dict[str | None, list[reading.AskedAt]] = defaultdict(list)
    for row in rows:
        by_skill[row.skill].append(row)
    return {
        (row.place, skill): cell
        for skill, found in by_skill.items()
        for row, cell in zip(
            found, _apart([(each.requests, _behind(each, thresholds)) for each in found], thresholds), strict=True
        )
        if row.place is not None
    }


def _behind(row: reading.AskedAt, thresholds: Thresholds) -> int:
    """Return the persons behind some requests; one, where organisations are too few or one of them too large."""
    shares = row.contributions
    few = len(shares) < thresholds.organisations or max(shares) > thresholds.dominance * sum(shares)
    return min(row.requesters, 1) if few else row.requesters


def _held(rows: Sequence[reading.Door], thresholds: Thresholds) -> Grid:
    """Return the people who practise each skill by place, none of which their sum gives away."""
    by_skill: dict[str, list[reading.Door]] = defaultdict(list)
    for row in rows:
        by_skill[row.skill].append(row)
    return {
        (row.place, skill): cell
        for skill, found in by_skill.items()
        for row, cell in zip(found, _apart([(each.holders, each.holders) for each in found], thresholds), strict=True)
    }


def _apart(rows: Sequence[tuple[int, int]], thresholds: Thresholds) -> Sequence[Cell]:
    """Return figures of places, given with the persons behind each, that stand beside their sum."""
    values, people = [value for value, _ in rows], [behind for _, behind in rows]
    parts = publishable_parts(values, people=people, total=sum(values), total_people=sum(people), thresholds=thresholds)
    return parts.parts


def _press(each: PlaceTasks) -> tuple[float, str]:
    """Return what places are listed by: how many requests wait there, as far as it is shown."""
    waiting = sum(task.requests.value or 0 for task in each.tasks if task.kind.startswith("answer"))
    return -waiting, each.place.casefold()
