"""Alerts: one message in French that says what to do, through a real SMTP conversation or in the log."""

from __future__ import annotations

import email
import json
import logging
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from dags import alert
from dags.alert import Message, failure, has_failed, lateness, report_is_late, silence, tell
from warehouse.silence import Silence
from warehouse.told import Told

if TYPE_CHECKING:
    from airflow.sdk import DAG
    from sqlalchemy.orm import Session

WEEK = date(2026, 11, 16)
RUN = "scheduled__2026-11-23T00:00:00+01:00"
FORUM = Silence("urn:forum", "Forum <de> Bourgogne", date(2026, 10, 1), 45, 14)
AGENDA = Silence("urn:agenda", "Agenda", date(2026, 11, 1), 22, 21)


class Post(socketserver.StreamRequestHandler):
    """A mail server's side of one conversation (RFC 5321), which keeps what it is given."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            verb = line.split(b" ")[0].split(b":")[0].strip().upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = list(iter(self.rfile.readline, b".\r\n"))
                self.server.letters.append(email.message_from_bytes(b"".join(lines), policy=default))  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 well\r\n")
            if verb == b"QUIT":
                return


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[EmailMessage]]:
    """Give what is mailed: a mail server runs, Airflow's connection leads to it, and two people are to be told."""
    with socketserver.TCPServer(("127.0.0.1", 0), Post) as server:
        server.letters = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        extra = {"disable_ssl": True, "disable_tls": True, "timeout": 5, "from_email": "maillage@labo.example"}
        here = {"conn_type": "smtp", "host": "127.0.0.1", "port": server.server_address[1], "extra": extra}
        monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps(here))
        monkeypatch.setenv("MAILLAGE_ALERT_TO", "a@labo.example, b@labo.example")
        yield server.letters  # type: ignore[attr-defined]
        server.shutdown()
        thread.join()


@pytest.fixture
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a home of its own, where nobody is named to be told."""
    monkeypatch.setenv("MAILLAGE_HOME", str(tmp_path))
    monkeypatch.delenv("MAILLAGE_ALERT_TO", raising=False)
    return tmp_path


def failed(task: str = "compute", *, week: str | None = "2026-11-16") -> dict[str, Any]:
    """Return what Airflow tells the callback of a DAG."""
    return {
        "dag": SimpleNamespace(dag_id="network_metrics", dag_display_name="Mesures du réseau"),
        "run_id": RUN,
        "ti": SimpleNamespace(task_id=task),
        "dag_run": SimpleNamespace(partition_key=week, conf={}),
        "reason": "task_failure",
    }


def late(run_type: str = "scheduled") -> dict[str, Any]:
    """Return what Airflow tells the callback of a deadline."""
    run = {"dag_id": "close_week", "dag_run_id": RUN, "run_type": run_type, "partition_key": "2026-11-16"}
    return {"dag_run": run, "deadline": {"id": "1", "deadline_time": "2026-11-23T07:00:00Z"}}


def test_a_message_is_mailed_to_everybody_who_is_named(letters: list[EmailMessage]) -> None:
    tell(lateness(WEEK, "close_week", RUN))
    (letter,) = letters
    assert letter["To"] == "a@labo.example, b@labo.example"
    assert letter["From"] == "maillage@labo.example"
    assert letter["Subject"] == "Maillage : le rapport de la semaine 2026-W47 (du lundi 16/11/2026) n'est pas paru"
    text = body(letter)
    assert "sans danger" in text
    assert "/dags/close_week/runs/scheduled__2026-11-23T00%3A00%3A00%2B01%3A00" in text


def test_what_a_source_is_called_is_text_and_no_markup(letters: list[EmailMessage]) -> None:
    tell(silence([FORUM], fresh=frozenset({"urn:forum"}), dag="maintenance", run=RUN))
    assert "Forum &lt;de&gt; Bourgogne" in body(letters[0])


@pytest.mark.usefixtures("nobody")
def test_where_nobody_is_named_the_log_has_it_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    tell(lateness(WEEK, "close_week", RUN))
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert "2026-W47" in record.message
    assert "\n" not in record.message


def test_a_message_that_cannot_be_sent_is_in_the_log_and_fails(
    letters: list[EmailMessage], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(alert, "CONNECTION", "smtp_elsewhere")
    with pytest.raises(Exception, match="SMTP"):
        tell(lateness(WEEK, "close_week", RUN))
    assert letters == []
    assert "not sent by smtp_elsewhere: Maillage : le rapport" in caplog.text


def test_all_silent_sources_are_in_one_message() -> None:
    told = silence([replace(FORUM, title="Forum"), AGENDA], fresh=frozenset({"urn:agenda"}), dag="maintenance", run=RUN)
    assert told.subject == "Maillage : 2 sources sans nouvelles"
    assert told.paragraphs[1:3] == (
        "Toujours — Forum : plus rien depuis le 01/10/2026 (45 jours d'ouverture ; d'habitude, 14 jours au plus).",
        "Nouveau — Agenda : plus rien depuis le 01/11/2026 (22 jours d'ouverture ; d'habitude, 21 jours au plus).",
    )


@pytest.mark.parametrize(
    "message",
    [
        failure("drain_events", "Prise des événements", "drain", RUN, None),
        lateness(WEEK, "close_week", RUN),
        silence([FORUM], fresh=frozenset(), dag="maintenance", run=RUN),
    ],
)
def test_every_message_says_what_to_do_and_that_it_is_safe(message: Message) -> None:
    assert any(each.startswith("À faire : ") and "sans danger" in each for each in message.paragraphs)
    assert message.link.startswith("http")


@pytest.mark.usefixtures("nobody")
def test_a_failure_names_the_week_and_the_task(caplog: pytest.LogCaptureFixture) -> None:
    has_failed(failed())
    assert "« Mesures du réseau » pour la semaine 2026-W47" in caplog.text
    assert "« compute »" in caplog.text


@pytest.mark.usefixtures("nobody")
def test_an_outage_that_fails_fifty_weeks_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(50):
        has_failed(failed())
    has_failed(failed("store"))
    assert len(caplog.records) == 2


def test_a_failure_is_told_again_after_six_hours(nobody: Path, caplog: pytest.LogCaptureFixture) -> None:
    Told(nobody, "failure network_metrics compute").keep((), present=datetime(2026, 11, 23, tzinfo=UTC))
    has_failed(failed())
    assert len(caplog.records) == 1


@pytest.mark.usefixtures("nobody")
def test_little_is_enough_to_tell_of_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    has_failed({name: value for name, value in failed().items() if name in {"dag", "run_id", "reason"}})
    assert "une tâche n'a pas abouti" in caplog.text


@pytest.mark.usefixtures("nobody")
def test_a_late_report_is_told_by_the_run_of_the_calendar_only(caplog: pytest.LogCaptureFixture) -> None:
    report_is_late(late("backfill"))
    report_is_late(late("manual"))
    assert caplog.records == []
    report_is_late(late())
    assert "le rapport de la semaine 2026-W47" in caplog.text


def test_a_report_that_came_out_in_the_last_minute_is_not_late(nobody: Path, caplog: pytest.LogCaptureFixture) -> None:
    for language in ("fr", "en"):
        page = nobody / "site/2026/S47" / language / "index.html"
        page.parent.mkdir(parents=True)
        page.touch()
    (nobody / "site/2026/S47/report.json").write_text("{}")
    report_is_late(late())
    assert caplog.records == []


@pytest.mark.usefixtures("nobody")
def test_the_deadline_of_a_closed_week_is_eight_hours_on_and_tells_of_its_week(
    dag_of: Callable[[str], DAG], caplog: pytest.LogCaptureFixture
) -> None:
    import structlog
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.models.deadline import Deadline
    from airflow.models.serialized_dag import SerializedDagModel
    from airflow.sdk.execution_time.callback_supervisor import execute_callback
    from airflow.utils.session import create_session
    from airflow.utils.state import DagRunState
    from airflow.utils.types import DagRunTriggeredByType, DagRunType
    from sqlalchemy import select

    DagBundlesManager().sync_bundles_to_db()  # type: ignore[no-untyped-call]
    with create_session() as session:
        stored(dag_of("close_week"), session)
        closed = SerializedDagModel.get_dag("close_week", session=session)
        assert closed is not None
        run = closed.create_dagrun(
            run_id=RUN,
            run_after=datetime(2026, 11, 22, 23, tzinfo=UTC),
            run_type=DagRunType.SCHEDULED,
            triggered_by=DagRunTriggeredByType.TIMETABLE,
            state=DagRunState.QUEUED,
            partition_key="2026-11-16",
            session=session,
        )
        session.flush()
        (deadline,) = session.scalars(select(Deadline).where(Deadline.dagrun_id == run.id)).all()
        assert run.queued_at is not None
        assert deadline.deadline_time - run.queued_at == timedelta(hours=8)
        deadline.handle_miss(session)
        data = deadline.callback.data
        session.rollback()
    said = execute_callback(data["path"], data["kwargs"], Path(), None, structlog.get_logger())
    assert said == (True, None)
    assert "le rapport de la semaine 2026-W47" in caplog.text


def body(letter: EmailMessage) -> str:
    (part,) = [part for part in letter.walk() if part.get_content_type() == "text/html"]
    assert isinstance(part, EmailMessage)
    return str(part.get_content())


def stored(dag: DAG, session: Session) -> None:
    """Have the DAG in the database as the dag-processor leaves it."""
    from airflow.dag_processing.collection import update_dag_parsing_results_in_db
    from airflow.serialization.serialized_objects import LazyDeserializedDAG

    update_dag_parsing_results_in_db("dags-folder", None, [LazyDeserializedDAG.from_dag(dag)], {}, None, set(), session)
