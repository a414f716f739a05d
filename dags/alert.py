"""What people are told when something is late, has failed or is silent: one message, in French, that says what to do.

By e-mail through Airflow's connection ``smtp_default`` to ``MAILLAGE_ALERT_TO`` (addresses with commas between), and as
one ERROR line in the log where that is not set. No message holds anything about a person: it names weeks, sources and
tasks, and leads to the log for the rest. Nothing but the standard library is imported before something is to be told.
"""

from __future__ import annotations

import html
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from warehouse.silence import Silence

RECIPIENTS = "MAILLAGE_ALERT_TO"
CONNECTION = "smtp_default"
QUIET = timedelta(hours=6)
"""For how long the failure of one task is not told again: an outage fails every week alike."""
SAFE = "Relancer est sans danger : rien n'est pris ni écrit deux fois."

logger = logging.getLogger("maillage.alert")


@dataclass(frozen=True)
class Message:
    """One message: its subject, its paragraphs, and where to look."""

    subject: str
    paragraphs: tuple[str, ...]
    link: str


def has_failed(context: Mapping[str, Any]) -> None:
    """Have the failure of a run told, once in six hours for each task; an ``on_failure_callback`` of a DAG."""
    from producers.settings import read_settings
    from warehouse.told import Told

    now, dag, task = datetime.now(UTC), context["dag"], _task(context)
    told = Told(read_settings().home, f"failure {dag.dag_id} {task}")
    before = told.last().at
    if before is None or now - before >= QUIET:
        tell(failure(dag.dag_id, dag.dag_display_name, task, str(context["run_id"]), _week(context)))
        told.keep((), present=now)


def report_is_late(context: Mapping[str, Any]) -> None:
    """Have it told that the report of a closed week is not out; the callback of a deadline.

    Only the run of the calendar counts: nobody waits for a week that is made again by hand. And only a report that is
    really not there: the run looks for it every other minute, so it may be out while the run goes on.
    """
    from analytics.publication import is_published
    from analytics.week import Week
    from producers.settings import read_settings

    run = context["dag_run"]
    if run["run_type"] == "scheduled":
        monday = date.fromisoformat(run["partition_key"])
        if not is_published(read_settings(), Week(monday)):
            tell(lateness(monday, run["dag_id"], run["dag_run_id"]))


def failure(dag: str, title: str, task: str, run: str, week: date | None) -> Message:
    """Return what is said of a run that failed."""
    about = f" pour la {named(week)}" if week else ""
    where = f"la tâche « {task} »" if task else "une tâche"
    happened = f"Le traitement « {title} » a échoué{about} : {where} n'a pas abouti, après les essais prévus."
    remedy = (
        "À faire : ouvrir la page ci-dessous, puis le journal de la tâche en rouge ; une ligne « ERROR » y dit ce qui "
        f"s'est passé et le remède. Ensuite, relancer la tâche (Clear). {SAFE}"
    )
    quiet = "D'autres échecs de la même tâche ne seront pas annoncés pendant six heures."
    return Message(f"Maillage : échec de « {title} »{about}", (happened, remedy, quiet), link(dag, run))


def lateness(week: date, dag: str, run: str) -> Message:
    """Return what is said of a report that is not out in time."""
    happened = f"Lundi 08:00 est passé et le rapport de la {named(week)} n'est pas publié."
    remedy = (
        "À faire : regarder dans « weekly_report » si une approbation attend une réponse ; sinon, chercher la tâche en "
        f"rouge dans « network_metrics » ou « skill_trends » pour cette semaine et la relancer (Clear). {SAFE}"
    )
    return Message(f"Maillage : le rapport de la {named(week)} n'est pas paru", (happened, remedy), link(dag, run))


def silence(silences: Sequence[Silence], *, fresh: frozenset[str], dag: str, run: str) -> Message:
    """Return what is said of all sources that are silent, in one message; those in ``fresh`` were not named before."""
    happened = "Des chiffres peuvent baisser parce que ces sources n'envoient plus rien :"
    remedy = (
        "À faire : demander au lieu si son outil ou son export tourne encore, puis publier à nouveau ses données. "
        f"{SAFE} Ce message ne reviendra que si une autre source se tait."
    )
    lines = [_silent(each, "Nouveau" if each.source in fresh else "Toujours") for each in silences]
    subject = f"Maillage : {len(silences)} source{'s' if len(silences) > 1 else ''} sans nouvelles"
    return Message(subject, (happened, *lines, remedy), link(dag, run))


def _silent(each: Silence, since_when: str) -> str:
    habit = f"{_days(each.days)} d'ouverture ; d'habitude, {_days(each.usual)} au plus"
    return f"{since_when} — {each.title} : plus rien depuis le {each.since:%d/%m/%Y} ({habit})."


def named(week: date) -> str:
    """Return the name of a week for people."""
    year, number, _ = week.isocalendar()
    return f"semaine {year}-W{number:02d} (du lundi {week:%d/%m/%Y})"


def link(dag: str, run: str) -> str:
    """Return the page of a run."""
    from airflow.sdk.configuration import conf

    base = conf.get("api", "base_url", fallback="") or "http://localhost:8080"
    return f"{base.rstrip('/')}/dags/{quote(dag)}/runs/{quote(run)}"


def tell(message: Message) -> None:
    """Have the message sent, or in the log where nobody is named to get it.

    A message that cannot be sent is in the log too, and the error goes on: whoever told it tells it again.
    """
    recipients = [each.strip() for each in os.environ.get(RECIPIENTS, "").split(",") if each.strip()]
    if not recipients:
        logger.error(_line(message))
        return
    try:
        _send(message, recipients)
    except Exception:
        logger.error("not sent by %s: %s", CONNECTION, _line(message))  # noqa: TRY400  whoever catches it has the trace
        raise


def _send(message: Message, recipients: list[str]) -> None:
    from airflow.providers.smtp.hooks.smtp import SmtpHook

    paragraphs = "\n".join(f"<p>{html.escape(each)}</p>" for each in message.paragraphs)
    page = html.escape(message.link)
    with SmtpHook(CONNECTION) as smtp:
        smtp.send_email_smtp(
            to=recipients,
            from_email=smtp.from_email or recipients[0],
            subject=message.subject,
            html_content=f'<html lang="fr"><body>\n{paragraphs}\n<p><a href="{page}">{page}</a></p>\n</body></html>\n',
        )


def _line(message: Message) -> str:
    return " ".join((f"{message.subject}.", *message.paragraphs, message.link))


def _task(context: Mapping[str, Any]) -> str:
    """Return the id of the task that failed; empty where Airflow doesn't say."""
    instance = context.get("ti")
    return instance.task_id if instance else ""


def _week(context: Mapping[str, Any]) -> date | None:
    """Return the week of the run: its partition, or the field of its form."""
    run = context.get("dag_run")
    key = getattr(run, "partition_key", None) or (getattr(run, "conf", None) or {}).get("week")
    try:
        return date.fromisoformat(key) if key else None
    except ValueError:
        return None


def _days(number: int) -> str:
    return f"{number} jour{'s' if number > 1 else ''}"
