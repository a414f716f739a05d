"""The report by e-mail: the newest week, once for each version, through Airflow's connection ``smtp_default``.

To ``MAILLAGE_REPORT_TO``: addresses with commas between, each with its language before it where that is not French, as
in ``anne@lab.example, de:bruno@lab.example``. Imported inside tasks only.
"""

from __future__ import annotations

import logging
import os
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from hashlib import sha256
from pathlib import Path
from smtplib import SMTP
from urllib.parse import urlsplit

from airflow.sdk import Connection
from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import AirflowNotFoundException, AirflowSkipException

from analytics.publication import PAGES, Draft, published
from analytics.report.mail import mail as letter
from analytics.report.site import NUMBERS, folder
from analytics.week import Week, last_closed
from dags.alert import CONNECTION
from dags.run import present, reads, settings, week
from producers.errors import SettingError, unknown
from producers.settings import Settings
from warehouse.told import Told

RECIPIENTS = "MAILLAGE_REPORT_TO"
SITE = "maillage/site"
"""Where the plugin shows the site to who is signed in, from the root of Airflow."""

logger = logging.getLogger("maillage.mail")


@reads
def mail() -> int:
    """Return to how many people the report of this run's week was sent; where it is not to be sent, say why and pass.

    A task that failed half-way sends to the others only.
    """
    here, this = settings(), week()
    found, wanted = _due(here, this), recipients()
    if not wanted:
        raise AirflowSkipException(f"nobody is to get the report by e-mail: {RECIPIENTS} is not set")
    _connected()
    told = Told(here.home, f"report mailed {this}")
    version = sha256(str(found.files[NUMBERS]).encode()).hexdigest()
    left = [each for each in wanted if _receipt(version, *each) not in told.last().items]
    if not left:
        raise AirflowSkipException(f"this version of {this} was sent already")
    for each in left:
        _send(_letter(found, *each))
        told.keep({*told.last().items, _receipt(version, *each)}, present=present())
    logger.info("report of %s sent to %d", this, len(left))
    return len(left)


def recipients() -> list[tuple[str, str]]:
    """Return who gets the report: language and address.

    Raises:
        SettingError: when there are no texts in a language; the message names no address.
    """
    return [_recipient(each.strip()) for each in os.environ.get(RECIPIENTS, "").split(",") if each.strip()]


def _recipient(text: str) -> tuple[str, str]:
    language, colon, address = text.rpartition(":")
    if colon and language not in PAGES:
        raise SettingError(f"{RECIPIENTS}: {unknown('language', language, PAGES)}")
    return language or PAGES[0], address.strip()


def _due(here: Settings, this: Week) -> Draft:
    """Return what the site has of the week, if it is the newest one."""
    newest = last_closed(present())
    if this != newest:
        raise AirflowSkipException(f"{this} is not the newest week ({newest}): only that one is sent")
    found = published(here, this)
    if found is None:
        raise AirflowSkipException(f"{this} is not in the site at {here.site}")
    return found


def _connected() -> None:
    """Pass on where Airflow has no connection to send through."""
    try:
        Connection.get(CONNECTION)
    except AirflowNotFoundException as error:
        raise AirflowSkipException(f"Airflow has no connection {CONNECTION}: nothing is sent") from error


def _letter(found: Draft, language: str, address: str) -> EmailMessage:
    page = f"{folder(Path(), found.week.monday).as_posix()}/{language}/index.html"
    base = (conf.get("api", "base_url", fallback="") or "").rstrip("/")
    link = f"{base}/{SITE}/{page}" if urlsplit(base).netloc else ""
    made = letter(found.content, language, address=link)
    made["To"] = address
    made["Date"] = formatdate(present().timestamp())
    made["Message-ID"] = make_msgid(domain="maillage.invalid")
    return made


def _send(message: EmailMessage) -> None:
    from airflow.providers.smtp.hooks.smtp import SmtpHook

    with SmtpHook(CONNECTION) as smtp:
        message["From"] = smtp.from_email or message["To"]
        client = smtp._smtp_client  # noqa: SLF001  what the hook itself sends has no plain-text part
        if not isinstance(client, SMTP):
            raise TypeError(f"the connection {CONNECTION} gave a {type(client).__name__}")
        client.send_message(message)


def _receipt(version: str, language: str, address: str) -> str:
    """Return what tells that somebody has a version, without saying who."""
    return sha256(f"{version} {language} {address}".encode()).hexdigest()
