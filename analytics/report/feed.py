"""The feed of the site (Atom, RFC 4287): a reader of feeds tells of a new week, and again when one is corrected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from analytics.report import view
from analytics.report.entry import Entry
from analytics.report.words import Words
from analytics.restatement import due

ATOM = "http://www.w3.org/2005/Atom"
LONGEST = 52
"""Weeks that a feed tells of."""
_IDS = uuid5(NAMESPACE_URL, "tag:maillage,2026:report")
_NEVER = datetime(2026, 1, 1, tzinfo=UTC)


def feed(entries: Sequence[Entry], language: str, *, root: str) -> str:
    """Return the feed of these weeks, the newest first, in one language; the same weeks give the same bytes.

    A week keeps its id for ever. It appears when its report is due and is updated when it is corrected; one that still
    runs is not told of.

    Args:
        entries: The weeks of the site, the newest first.
        language: The language of the feed, and of the pages that it leads to where they exist.
        root: The way from the feed to the root of the site.
    """
    words = Words(language)
    over = [entry for entry in entries if entry.state != "running"][:LONGEST]
    made = ET.Element("feed", {"xmlns": ATOM, "xml:lang": language})
    _say(made, "title", f"{words.say('page.brand')} – {words.say('feed.title')}")
    _say(made, "id", _id(language))
    _say(made, "updated", _instant(max(map(_updated, over), default=_NEVER)))
    _say(_say(made, "author"), "name", words.say("page.brand"))
    ET.SubElement(made, "link", rel="self", type="application/atom+xml", href="feed.xml")
    ET.SubElement(made, "link", rel="alternate", type="text/html", hreflang=language, href="index.html")
    for entry in over:
        made.append(_entry(entry, words, root))
    ET.indent(made, " ")
    return f"<?xml version='1.0' encoding='utf-8'?>\n{ET.tostring(made, encoding='unicode')}\n"


def _entry(entry: Entry, words: Words, root: str) -> ET.Element:
    made = ET.Element("entry")
    number, dates = str(entry.week.number), words.dates(entry.week.monday, entry.week.sunday)
    _say(made, "title", view.opened(words.say("page.week", number=number, dates=dates)))
    _say(made, "id", _id(f"{words.language} {entry.week}"))
    _say(made, "published", _instant(due(entry.week)))
    _say(made, "updated", _instant(_updated(entry)))
    language = words.language if words.language in entry.languages else entry.languages[0]
    address = f"{root}{entry.address}/{language}/index.html"
    ET.SubElement(made, "link", rel="alternate", type="text/html", hreflang=language, href=address)
    _say(made, "summary", "\n".join(_sentences(entry, words)))
    return made


def _sentences(entry: Entry, words: Words) -> list[str]:
    """Return what the feed says of a week: what is to be corrected, what was, and its main points."""
    found = [f"{words.say('page.to_correct')} {entry.to_correct}".strip()] if entry.state == "to_correct" else []
    if entry.revised:
        changed, instant = entry.revised.changed, words.instant(entry.revised.at)
        value = words.number(changed)
        corrected = words.say("revision.corrected", count=changed, value=value, instant=instant)
        found.append(view.opened(corrected if changed else words.say("revision.redone", instant=instant)) + ".")
    points = [view.sentence(point, words) for point in entry.points]
    return found + [f"{point.lead} {point.rest}".strip() for point in points]


def _updated(entry: Entry) -> datetime:
    return max(due(entry.week), entry.revised.at) if entry.revised else due(entry.week)


def _say(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    made = ET.SubElement(parent, name)
    made.text = text
    return made


def _id(name: str) -> str:
    return f"urn:uuid:{uuid5(_IDS, name)}"


def _instant(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
