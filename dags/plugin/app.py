"""What is served under ``/maillage``: reports, drafts, how far a run's report is, the week in short; when signed in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.common.db.common import SessionDep
from airflow.api_fastapi.core_api.security import get_user, requires_access_dag
from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.responses import RedirectResponse

from analytics.policy import policy
from analytics.week import Week
from dags.plugin import folder, shelf
from dags.plugin.page import message, preferred
from dags.plugin.standing import CHAIN, REPORT, Standing, newest, run_of, standing, week_of_run
from dags.plugin.summary import summary
from producers.settings import Settings, read_settings

HEADERS = {
    # Figures style themselves, the map alone has a script; nothing comes from elsewhere, nothing is sent.
    "Content-Security-Policy": policy(folder.FRAMES),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
    "Vary": "Accept-Language, Authorization, Cookie",
}
STATIC = Path(__file__).parent / "static"

app = FastAPI(title="Maillage", dependencies=[Depends(get_user)], openapi_url=None, docs_url=None, redoc_url=None)

Language = Annotated[str, Depends(preferred)]
Known = Annotated[str, Header(alias="If-None-Match")]
MayReadRun = Depends(requires_access_dag("GET", DagAccessEntity.RUN))
MayApprove = Depends(requires_access_dag("PUT", DagAccessEntity.HITL_DETAIL, REPORT))
MayReadReportRuns = Depends(requires_access_dag("GET", DagAccessEntity.RUN, REPORT))


@app.middleware("http")
async def guard(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    """Return the answer with the headers that limit what a page may do."""
    response = await answer(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


@app.get("/")
def home(language: Language) -> Response:
    """Return the way to the index of the weeks; a page that says so where there is none yet."""
    site = read_settings().site
    indexes = [f"{language}/", ""] if language != shelf.LANGUAGES[0] else [""]
    found = next((each for each in indexes if folder.find(site, each)), None)
    return message("empty", language) if found is None else RedirectResponse(f"site/{found}")


@app.get("/site/{path:path}")
def published(path: str, language: Language, known: Known = "") -> Response:
    """Return a file of the published site."""
    return folder.answer(read_settings().site, path, known) or message("absent", language)


@app.get("/draft/{path:path}", dependencies=[MayApprove])
def draft(path: str, language: Language, known: Known = "") -> Response:
    """Return a file that nobody has published yet, for who may answer for it: it may have failed its check."""
    return folder.answer(read_settings().drafts, path, known) or message("absent", language)


@app.get("/static/{path:path}")
def static(path: str, language: Language, known: Known = "") -> Response:
    """Return a file of the plugin's own."""
    return folder.answer(STATIC, path, known) or message("absent", language)


@app.get("/run/{dag_id}/{run_id}", dependencies=[MayReadRun])
def report_of(dag_id: str, run_id: str, language: Language, session: SessionDep) -> Response:
    """Return the way to the report of the week that a run is about, or a page that says how far it is."""
    if dag_id not in CHAIN:
        return message("foreign", language)
    run = run_of(session, dag_id, run_id)
    week = run and week_of_run(run)
    if not run or not week:
        return message("unknown", language)
    found = standing(session, week, run if dag_id == REPORT else None)
    settings = read_settings()
    address = shelf.page(settings.site, week, language)
    if address and (found is None or found.state == "done"):
        return RedirectResponse(f"../../site/{address}")
    return _not_out(settings, week, found, language, address)


def _not_out(settings: Settings, week: Week, found: Standing | None, language: str, address: str | None) -> Response:
    said = "coming" if found is None else "lost" if found.state == "done" else found.state
    links = {"report": f"../../site/{address}"} if address else {}
    if found and found.state == "waiting" and (page := shelf.page(settings.drafts, week, language)):
        links = {"draft": f"../../draft/{page}", **links}
    run = found.run if found else ""
    return message(said, language, links=links, number=str(week.number), year=str(week.year), run=run)


@app.get("/summary.json", dependencies=[MayReadReportRuns])
def week_in_short(language: Language, session: SessionDep) -> Response:
    """Return the last published week in short, how far the newest report is, and when each source was last heard."""
    found = summary(read_settings(), language, newest(session), present=datetime.now(UTC))
    return Response(msgspec.json.encode(found), media_type="application/json")
