"""The weekly report in Airflow: what passes, what is asked, what an answer does, and what a bad page stops."""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from analytics.command.week import bring_up_to_date
from analytics.disclosure import Cell
from analytics.publication import (
    PAGES,
    Draft,
    draft_week,
    is_published,
    publish_draft,
    publish_week,
    read_draft,
    standing_note,
)
from analytics.report import check_page
from analytics.report.shelf import put, taken
from analytics.report.site import folder, render
from analytics.week import Week, last_closed
from producers.event import PlaceOpened, WorkshopHeld, encode
from producers.log import Entry
from producers.log.opening import open_log
from producers.settings import Settings
from tests.analytics.report_region import WEEK, region
from tests.analytics.report_region import report as region_report
from tests.story import tell
from warehouse.intake import take_in

NEWEST = last_closed(datetime.now(UTC))
OLDER = NEWEST + -1
MONDAY = datetime.combine((NEWEST + 1).monday, datetime.min.time(), UTC).replace(hour=7)
REMARK = "L'atelier de mardi est compté deux fois"

RunDag = Callable[..., Any]


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home in which the newest week that is over and the one before are computed."""
    settings = Settings(home=tmp_path_factory.mktemp("computed"))
    events = [tell(PlaceOpened(name="Lab *1*"), "lab", str(OLDER.monday))]
    for number, week in enumerate((OLDER, NEWEST)):
        events.append(tell(WorkshopHeld(place="lab", skills=["laser"], head_count=9), f"w{number}", str(week.monday)))
    log = open_log(settings.log_url)
    log.append([Entry("lab", encode(event)) for event in events])
    log.close()
    take_in(settings)
    bring_up_to_date(settings, MONDAY)
    return settings.home


@pytest.fixture
def settings(computed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Give a copy of that home as the one that tasks find."""
    here = Settings(home=shutil.copytree(computed, tmp_path / "home"))
    monkeypatch.setenv("MAILLAGE_HOME", str(here.home))
    monkeypatch.delenv("MAILLAGE_LOG", raising=False)
    return here


def report(run: RunDag, week: Week, **options: Any) -> Any:  # noqa: ANN401  what the fixture gives
    return run("weekly_report", str(week.monday), **options)


def told(last: int) -> list[dict[str, Any]]:
    """Return what the last events of the asset carry, oldest first."""
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        events = session.scalars(select(AssetEvent).order_by(AssetEvent.id.desc()).limit(last)).all()
        return [dict(event.extra) for event in reversed(events)]


@contextmanager
def answering(option: str, remark: str | None, *, before: Callable[[], None] = lambda: None) -> Iterator[list[Any]]:
    """Answer the next question as the API server does, for this block; gives the questions that were asked."""
    asked: list[Any] = []
    thread = threading.Thread(target=_answer, args=(option, remark, before, asked, set(_waiting())))
    thread.start()
    yield asked
    thread.join()


def _waiting() -> list[Any]:
    """Return the ids of the tasks that wait for an answer."""
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        return list(session.scalars(select(TaskInstance.id).where(TaskInstance.state == "awaiting_input")))


def _answer(option: str, remark: str | None, before: Callable[[], None], asked: list[Any], others: set[Any]) -> None:
    from airflow.models.hitl import HITLDetail
    from airflow.models.taskinstance import TaskInstance
    from airflow.models.trigger import handle_event_submit
    from airflow.triggers.base import TriggerEvent
    from airflow.utils.session import create_session
    from sqlalchemy import select

    # Another test may have left a question, which is not ours to answer.
    waiting = select(TaskInstance).where(TaskInstance.state == "awaiting_input", TaskInstance.id.not_in(others))
    end = time.monotonic() + 60
    while not asked and time.monotonic() < end:
        time.sleep(0.5)
        with create_session() as session:
            for ti in session.scalars(waiting):
                before()
                detail = session.scalars(select(HITLDetail).where(HITLDetail.ti_id == ti.id)).one()
                asked.append((detail.subject, detail.body, detail.options, dict(detail.params)))
                detail.chosen_options, detail.params_input = [option], {"Remarque": remark}
                detail.responded_at = datetime.now(UTC)
                payload = detail.as_resume_event_payload(timedout=False)
                event = TriggerEvent(payload)  # type: ignore[no-untyped-call]
                handle_event_submit(event, task_instance=ti, session=session)


def test_an_older_week_is_published_and_nobody_is_asked(run: RunDag, settings: Settings) -> None:
    done = report(run, OLDER)
    passed = {name: ["success"] for name in ("draft", "check", "approval", "publish")}
    assert done.tasks == {**passed, "mail": ["skipped"]}
    assert done.values["approval"]["chosen_options"] == ["Publier"]
    before = taken(settings.site)
    assert report(run, OLDER).state == "success"
    assert taken(settings.site) == before
    assert told(2) == [{"week": str(OLDER), "changed": changed, "pages": 3} for changed in (True, False)]
    assert not publish_week(settings, OLDER, PAGES).changed


def test_an_approval_that_is_marked_a_success_lets_the_report_appear(run: RunDag, settings: Settings) -> None:
    assert report(run, NEWEST, mark_success_pattern="approval").state == "success"
    assert standing_note(settings, NEWEST) is None
    assert (settings.site / "index.html").exists()


def test_the_newest_week_is_asked_and_appears_with_the_remark_until_it_is_settled(
    run: RunDag, settings: Settings
) -> None:
    with answering("À corriger", REMARK) as asked:
        assert report(run, NEWEST).state == "success"
    ((subject, body, options, params),) = asked
    assert subject.startswith(f"Publier le rapport de la semaine {NEWEST.number} (")
    assert f"(/maillage/draft/{NEWEST.year}/S{NEWEST.number:02d}/fr/index.html)" in body
    assert options == ["Publier", "À corriger"]
    assert list(params) == ["Remarque"]
    assert standing_note(settings, NEWEST) == REMARK
    with answering("Publier", None) as asked:
        assert report(run, NEWEST).state == "success"
    assert "à corriger" in asked[0][1]
    assert standing_note(settings, NEWEST) is None


def test_what_was_approved_is_what_appears_and_a_newer_draft_waits_for_its_own_answer(
    run: RunDag, settings: Settings
) -> None:
    def redraft() -> None:
        draft = read_draft(settings, NEWEST)
        put({**draft.files, "fr/index.html": "newer"}, folder(settings.drafts, NEWEST.monday))

    with answering("Publier", None, before=redraft):
        done = report(run, NEWEST)
    assert (done.state, done.tasks["publish"]) == ("success", ["skipped"])
    assert not is_published(settings, NEWEST)


def test_a_bad_page_fails_at_once_names_its_place_and_stops_the_rest(
    run: RunDag, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_week(settings, OLDER, PAGES)
    before = taken(settings.site)
    monkeypatch.setattr(check_page, "HEAVIEST", 1000)
    done = report(run, OLDER)
    assert (done.state, done.tasks["check"], done.tasks["publish"]) == ("failed", ["failed"], ["upstream_failed"])
    assert done.tries["check"] == 1
    assert "fr/index.html, the page: weighs" in done.log
    assert taken(settings.site) == before


@pytest.mark.usefixtures("airflow")
def test_who_is_asked_is_told_by_the_week_the_site_and_a_hand(settings: Settings) -> None:
    from dags.report_steps import is_asked

    newest, older = (draft_week(settings, week, PAGES) for week in (NEWEST, OLDER))
    assert is_asked(settings, newest, MONDAY, by_hand=False)
    publish_draft(settings, newest)
    assert not is_asked(settings, newest, MONDAY, by_hand=False)  # the same pages again
    assert is_asked(settings, newest, MONDAY, by_hand=True)
    for by_hand in (False, True):
        assert not is_asked(settings, older, MONDAY, by_hand=by_hand)
    publish_draft(settings, older, to_correct=REMARK)
    assert not is_asked(settings, older, MONDAY, by_hand=False)
    assert is_asked(settings, older, MONDAY, by_hand=True)


@pytest.mark.usefixtures("airflow")
def test_a_question_about_a_week_that_stands_says_what_would_change(tmp_path: Path) -> None:
    from dags.report_steps import asked

    settings, week = Settings(home=tmp_path), Week(WEEK)
    draft = Draft(week, render(region_report(region())))
    assert "Déjà en ligne" not in asked(draft, settings).body
    publish_draft(settings, draft, to_correct="[x](y) <b>")
    body = asked(draft, settings).body
    assert r"à corriger : \[x\]\(y\) \<b\>" in body
    assert "Aucun indicateur de cette semaine n’a changé" in body
    rows = [
        replace(row, value=Cell(70, "shown")) if row.name == "workshops" else row for row in draft.content.indicators
    ]
    other = Draft(week, render(replace(draft.content, indicators=rows)))
    assert re.search(r"- Ateliers tenus : \d+, maintenant 70\n", asked(other, settings).body)


@pytest.mark.usefixtures("airflow")
def test_answers_are_read_as_they_were_meant() -> None:
    from dags.approval import Answer

    def given(option: str, remark: str | None) -> dict[str, Any]:
        return {"chosen_options": [option], "params_input": {"Remarque": remark}}

    assert Answer.of(None) == Answer.of(given("Publier", "never mind")) == Answer(None)
    assert Answer.of(given("À corriger", REMARK)) == Answer(REMARK)
    assert Answer.of(given("À corriger", None)) == Answer.of({"chosen_options": ["À corriger"], "params_input": {}})
    for answer in (Answer(None), Answer(""), Answer(REMARK)):
        assert Answer.of(answer.result()) == answer
