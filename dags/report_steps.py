"""The steps of the weekly report: what its tasks do, in calls to analytics. Imported inside tasks only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from airflow.sdk import get_current_context
from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import AirflowSkipException

from analytics.publication import (
    PAGES,
    Draft,
    Written,
    draft_week,
    publish_draft,
    published,
    read_draft,
    standing_note,
)
from analytics.report import view
from analytics.report.check import refuse
from analytics.report.content import Content
from analytics.report.site import folder
from analytics.report.words import Words
from analytics.week import last_closed
from dags.approval import CORRECT, Answer
from dags.run import present, reads, settings, week
from producers.settings import Settings

LANGUAGE = PAGES[0]
DRAFTS = "maillage/draft"
"""Where the plugin shows drafts to who is signed in, from the root of Airflow."""
CHANGES = 6
"""Changed indicators that a question names."""
_marks = re.compile(r"([\\`*_{}\[\]<>()#+!|~-])")


@dataclass(frozen=True)
class Question:
    """What a person is asked before a report appears, in French Markdown."""

    subject: str
    body: str


@reads
def draft() -> str:
    """Return what tells the draft of this run's week from any other one of that week."""
    return draft_week(settings(), week(), PAGES).digest


@reads
def check() -> None:
    """Let the draft pass, or fail for good with the page and the place of each complaint."""
    refuse(read_draft(settings(), week()).files)


@reads
def question() -> Question | None:
    """Return what to ask about the draft of this run; None where nobody is asked."""
    here, this = settings(), week()
    context = get_current_context()
    by_hand = context["dag_run"].run_type == "manual" or context["ti"].try_number > 1
    found = read_draft(here, this)
    return asked(found, here) if is_asked(here, found, present(), by_hand=by_hand) else None


def is_asked(settings: Settings, draft: Draft, present: datetime, *, by_hand: bool) -> bool:
    """Return whether a person is to say if the draft may appear.

    That is so for the newest week that is over, unless the site has the same pages already; and, when a person has
    started or cleared it, for any week that the site holds for wrong, so that this can be taken back.
    """
    if draft.week == last_closed(present):
        there = published(settings, draft.week)
        return by_hand or there is None or there.digest != draft.digest
    return by_hand and standing_note(settings, draft.week) is not None


def asked(draft: Draft, settings: Settings) -> Question:
    """Return the question: the main points of the draft, where to read it, and what it changes."""
    words, content = Words(LANGUAGE), draft.content
    subject = f"Publier le rapport de la {view.week(content, words)} ?"
    points = [view.sentence(point, words) for point in content.points]
    lines = [
        f"[Lire le brouillon]({_link(draft)})",
        "",
        "**L’essentiel**",
        "",
        *[f"- **{_plain(point.lead)}** {_plain(point.rest)}" for point in points],
        *_standing(draft, settings, words),
        "",
        f"« {CORRECT} » le publie aussi, comme provisoire, avec la remarque en tête de page.",
    ]
    return Question(subject, "\n".join(lines))


@reads
def unasked() -> Answer:
    """Return the answer that stands where nobody is asked: what is held for wrong stays so until a person says else."""
    return Answer(standing_note(settings(), week()))


@reads
def publish() -> Written:
    """Return what was published of this run's week; pass where a later run has another draft, and its own question."""
    found, told = read_draft(settings(), week()), get_current_context()["ti"]
    if told.xcom_pull(task_ids="draft") not in (None, found.digest):
        raise AirflowSkipException("un lancement plus récent a un autre brouillon de cette semaine")
    answer = Answer.of(told.xcom_pull(task_ids="approval"))
    return publish_draft(settings(), found, to_correct=answer.to_correct)


def _link(draft: Draft) -> str:
    """Return where the draft can be read, under the address that Airflow is reached by."""
    root = urlsplit(conf.get("api", "base_url", fallback="") or "").path.rstrip("/")
    return f"{root}/{DRAFTS}/{folder(Path(), draft.week.monday)}/{LANGUAGE}/index.html"


def _standing(draft: Draft, settings: Settings, words: Words) -> Iterator[str]:
    """Give what the site says of the week now, and the indicators that the draft changes."""
    there = published(settings, draft.week)
    if there is None:
        return
    note = standing_note(settings, draft.week)
    yield from ("", "**Déjà en ligne**" + (f", à corriger : {_plain(note)}" if note else ", à corriger" * (note == "")))
    changed = list(_changed(there.content, draft.content, words))
    yield ""
    yield from changed[:CHANGES] or ["- Aucun indicateur de cette semaine n’a changé."]
    if len(changed) > CHANGES:
        yield f"- et {len(changed) - CHANGES} autres"


def _changed(before: Content, after: Content, words: Words) -> Iterator[str]:
    stood = {row.name: row for row in before.indicators}
    for row in after.indicators:
        then = stood.get(row.name)
        if then is None or then.value != row.value:
            was = words.cell(then.value, then.unit) if then else "pas montré"
            now = words.cell(row.value, row.unit)
            yield f"- {words.say(f'indicators.{row.name}')} : {was}, maintenant {now}"


def _plain(text: str) -> str:
    """Return a text in which nothing is read as Markdown."""
    return _marks.sub(r"\\\1", text)
