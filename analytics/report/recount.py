"""How to count the main figure of each section again, with one command."""

from __future__ import annotations

from analytics.disclosure import Cell
from analytics.report.content import Indicator, Places, Recount, Skills, Waiting
from analytics.report.state import Status
from analytics.week import Week
from warehouse.statement import statement


def build_recounts(
    week: Week,
    *,
    status: Status,
    indicators: list[Indicator],
    skills: Skills,
    places: Places,
    waiting: Waiting,
) -> list[Recount]:
    """Return one recount a section that has a main figure."""
    active = next((row.value for row in indicators if row.name == "active_members"), None)
    figures: dict[str, Cell | None] = {
        "members": status.counted,
        "activity": active,
        "skills": skills.single_holder,
        "places": places.beyond,
        "waiting": waiting.total,
    }
    return [
        Recount(
            section=section,
            sql=written_out(f"report_recount_{section}", week).replace("$step", str(figure.threshold or 1)),
            figure=figure,
        )
        for section, figure in figures.items()
        if figure is not None and figure.mark != "missing"
    ]


def command(recount: Recount) -> str:
    """Return the command line that counts it again."""
    return command_of(recount.sql)


def command_of(sql: str) -> str:
    """Return the command line that runs a query."""
    return 'maillage sql "{}"'.format(sql.replace('"', '\\"'))


def written_out(name: str, week: Week) -> str:
    """Return a reading with the week in it, on one line and without its comment, for a command line."""
    lines = statement(f"readings/{name}").splitlines()
    query = " ".join(line.strip() for line in lines if not line.startswith("--"))
    return query.replace("$week", f"DATE '{week.monday.isoformat()}'").removesuffix(";")
