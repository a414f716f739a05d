"""The report by e-mail: the newest week, once for each version, through a real SMTP conversation."""

from __future__ import annotations

import email
import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from analytics.publication import Draft, publish_draft
from analytics.report.site import render
from analytics.week import Week
from producers.errors import SettingError
from producers.settings import Settings
from tests.analytics.report_region import region, report

NEWEST = Week(datetime(2026, 11, 9, tzinfo=UTC).date())
MONDAY = datetime(2026, 11, 16, 7, tzinfo=UTC)


class Post(socketserver.StreamRequestHandler):
    """A mail server's side of one conversation (RFC 5321), which keeps what it is given and refuses one address."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            verb = line.split(b" ")[0].split(b":")[0].strip().upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = list(iter(self.rfile.readline, b".\r\n"))
                self.server.letters.append(email.message_from_bytes(b"".join(lines), policy=default))  # type: ignore[attr-defined]
            if verb == b"RCPT" and b"<nobody@" in line:
                self.wfile.write(b"550 nobody of that name\r\n")
            else:
                self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 well\r\n")
            if verb == b"QUIT":
                return


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[EmailMessage]]:
    """Give what is mailed: a mail server runs, and Airflow's connection leads to it."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Post) as server:
        server.letters = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        extra = {"disable_ssl": True, "disable_tls": True, "timeout": 5, "from_email": "maillage@labo.example"}
        here = {"conn_type": "smtp", "host": "127.0.0.1", "port": server.server_address[1], "extra": extra}
        monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps(here))
        yield server.letters  # type: ignore[attr-defined]
        server.shutdown()
        thread.join()


@pytest.fixture
def step(airflow: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Give the step of the task, for a week of a site that has the newest one, at an instant of the test's."""
    from dags import report_mail

    here = Settings(home=tmp_path)
    publish_draft(here, Draft(NEWEST, render(report(region()), ("fr", "de"))), present=MONDAY)
    monkeypatch.setattr(report_mail, "settings", lambda: here)
    monkeypatch.setattr(report_mail, "present", lambda: MONDAY)
    monkeypatch.setattr("dags.run._subject", lambda: "2026-W46")
    monkeypatch.setenv("MAILLAGE_REPORT_TO", "anne@labo.example, de:bruno@labo.example")

    def done(week: Week = NEWEST) -> int:
        monkeypatch.setattr(report_mail, "week", lambda: week)
        return report_mail.mail()

    return done


def skipped(step: Callable[..., int], **options: Any) -> str:  # noqa: ANN401  what the step takes
    from airflow.sdk.exceptions import AirflowSkipException

    with pytest.raises(AirflowSkipException) as why:
        step(**options)
    return str(why.value)


def test_everybody_gets_the_report_in_their_language_and_sees_nobody_else(
    step: Callable[..., int], letters: list[EmailMessage]
) -> None:
    assert step() == 2
    french, german = letters
    assert (french["To"], german["To"]) == ("anne@labo.example", "bruno@labo.example")
    assert french["From"] == "maillage@labo.example"
    assert "semaine 46" in french["Subject"]
    assert "Woche 46" in german["Subject"]
    kinds = [part.get_content_type() for part in french.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]
    assert len(french.as_bytes()) < 100 * 1024


def test_a_version_is_sent_once(step: Callable[..., int], letters: list[EmailMessage]) -> None:
    step()
    assert skipped(step) == "this version of 2026-W46 was sent already"
    assert len(letters) == 2


def test_after_a_failure_half_way_only_the_others_get_it(
    step: Callable[..., int], letters: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    from smtplib import SMTPRecipientsRefused

    monkeypatch.setenv("MAILLAGE_REPORT_TO", "anne@labo.example, nobody@labo.example")
    with pytest.raises(SMTPRecipientsRefused):
        step()
    monkeypatch.setenv("MAILLAGE_REPORT_TO", "anne@labo.example, bruno@labo.example")
    assert step() == 1
    assert [letter["To"] for letter in letters] == ["anne@labo.example", "bruno@labo.example"]


def test_what_is_not_to_be_sent_says_why(
    step: Callable[..., int], letters: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "only that one is sent" in skipped(step, week=NEWEST + -1)
    monkeypatch.delenv("AIRFLOW_CONN_SMTP_DEFAULT")
    assert skipped(step) == "Airflow has no connection smtp_default: nothing is sent"
    monkeypatch.setenv("MAILLAGE_REPORT_TO", " , ")
    assert "MAILLAGE_REPORT_TO is not set" in skipped(step)
    assert letters == []


def test_a_language_that_nobody_writes_is_refused_without_the_address(
    step: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILLAGE_REPORT_TO", "it:carla@labo.example")
    with pytest.raises(SettingError, match="MAILLAGE_REPORT_TO") as error:
        step()
    assert "carla" not in str(error.value)
