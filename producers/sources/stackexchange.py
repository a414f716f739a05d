"""A Stack Exchange data dump: questions are requests for help, tags are skills, users are members.

What it takes for granted, none of it said in the dump itself:

- Times have no zone; they are UTC.
- A question with an accepted answer is solved, at the time when that answer was written: the dump does not say
  when it was accepted. Should the answer be missing, the question's last activity stands in.
- A question that was closed by the community and has no accepted answer counts as withdrawn.
- User -1 is the site's own robot and no member; a post without a user belongs to a deleted account.
- Titles, bodies, names and everything else about people are thrown away before anything is made of a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from producers.errors import EventError, InputError
from producers.event import EARLIEST, Event, HelpAnswered, HelpClosed, HelpRequested, MemberJoined, event
from producers.identity import pseudonym
from producers.slug import slug
from producers.sources.item import Input, Item, Unreadable
from producers.sources.xmlrows import Row, xml_rows

POST_FIELDS = frozenset(
    (
        "Id",
        "PostTypeId",
        "ParentId",
        "AcceptedAnswerId",
        "CreationDate",
        "ClosedDate",
        "LastActivityDate",
        "Tags",
        "OwnerUserId",
    )
)
USER_FIELDS = frozenset(("Id", "CreationDate"))
QUESTION, ANSWER = "1", "2"
ROBOT = "-1"

_number = re.compile(r"-?[0-9]{1,30}").fullmatch
_tags = re.compile(r"[^<>|]+").findall


class Post(NamedTuple):
    """What is kept of a row of Posts.xml."""

    fields: Mapping[str, str]


class User(NamedTuple):
    """What is kept of a row of Users.xml."""

    fields: Mapping[str, str]


@dataclass(frozen=True)
class Site:
    """What the rows of one site have in common."""

    name: str
    key: bytes
    accepted: Mapping[str, datetime]
    """When each accepted answer was written."""

    @property
    def source(self) -> str:
        """Return the URN under which the site's events are published."""
        return f"urn:maillage:stackexchange:{self.name}"

    def member(self, user: str) -> str:
        """Return the pseudonym of the site's user."""
        return pseudonym(self.key, f"{self.source}#{user}")


def fetch(key: bytes, *, directory: Path, name: str | None = None) -> Input:
    """Return the users and posts of the dump in ``directory``, as they are read.

    Raises:
        InputError: when there is no Posts.xml.
    """
    posts, users = directory / "Posts.xml", directory / "Users.xml"
    if not posts.is_file():
        raise InputError(f"{directory} has no Posts.xml", expected="a directory in the Stack Exchange dump format")
    accepted, total = _accepted_times(posts)
    site = Site(slug(name or directory.resolve().name), key, accepted)
    dropped: set[str] = set()
    return Input(
        source=site.source,
        title=f"Stack Exchange: {site.name}",
        legal_basis="public_data",
        items=_items(users if users.is_file() else None, posts, dropped),
        parse=partial(parse, site=site),
        total=total + (sum(1 for _ in xml_rows(users)) if users.is_file() else 0),
        dropped=dropped,
    )


def parse(item: Item, *, site: Site) -> Sequence[Event]:
    """Return what a post or a user tells: nothing for robots and for posts that are neither question nor answer."""
    match item.content:
        case User(fields):
            return _joined(fields, site)
        case Post(fields) if fields.get("PostTypeId") == QUESTION:
            return _question(fields, site)
        case Post(fields) if fields.get("PostTypeId") == ANSWER:
            return _answer(fields, site)
        case Post(fields):
            _required(fields, "PostTypeId")
    return ()


def _joined(fields: Mapping[str, str], site: Site) -> Sequence[Event]:
    user, time = _id(fields, "Id"), _time(fields, "CreationDate")
    if user == ROBOT:
        return ()
    member = site.member(user)
    # The key is the pseudonym: an id made from the user's number would give the number away to whoever counts.
    return (_event(site, MemberJoined(public="general"), member, "member.joined", member, time),)


def _question(fields: Mapping[str, str], site: Site) -> Sequence[Event]:
    post, time = _id(fields, "Id"), _time(fields, "CreationDate")
    skills = list(dict.fromkeys(_tags(fields.get("Tags", ""))))
    request = f"{site.name}:q{post}"
    asked = HelpRequested(skills=skills, requester=_owner(fields, site))
    closed = _closed(fields, site)
    made = [_event(site, asked, f"q{post}", "help.requested", request, time)]
    if closed:
        made.append(_event(site, closed[0], f"q{post}", "help.closed", request, closed[1]))
    return made


def _closed(fields: Mapping[str, str], site: Site) -> tuple[HelpClosed, datetime] | None:
    if "AcceptedAnswerId" in fields:
        answer = _id(fields, "AcceptedAnswerId")
        last = "LastActivityDate" if "LastActivityDate" in fields else "CreationDate"
        time = site.accepted.get(answer) or _time(fields, last)
        return HelpClosed(outcome="solved", accepted_answer=f"{site.name}:a{answer}"), time
    if "ClosedDate" in fields:
        return HelpClosed(outcome="withdrawn"), _time(fields, "ClosedDate")
    return None


def _answer(fields: Mapping[str, str], site: Site) -> Sequence[Event]:
    post, question, time = _id(fields, "Id"), _id(fields, "ParentId"), _time(fields, "CreationDate")
    answered = HelpAnswered(answer=f"{site.name}:a{post}", helper=_owner(fields, site))
    return (_event(site, answered, f"a{post}", "help.answered", f"{site.name}:q{question}", time),)


def _event(
    site: Site,
    payload: MemberJoined | HelpRequested | HelpAnswered | HelpClosed,
    key: str,
    change: str,
    subject: str,
    time: datetime,
) -> Event:
    return event(payload, source=site.source, key=key, change=change, subject=subject, time=time)


def _owner(fields: Mapping[str, str], site: Site) -> str | None:
    if "OwnerUserId" not in fields:
        return None
    user = _id(fields, "OwnerUserId")
    return None if user == ROBOT else site.member(user)


def _required(fields: Mapping[str, str], name: str) -> str:
    if name not in fields:
        raise EventError(f"the row has no {name}")
    return fields[name]


def _id(fields: Mapping[str, str], name: str) -> str:
    text = _required(fields, name)
    if not _number(text):
        raise EventError(f"{name} is not a whole number")
    return text


def _time(fields: Mapping[str, str], name: str) -> datetime:
    text = _required(fields, name)
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise EventError(f"{name} is not a time", expected="one like 2018-03-12T17:00:45.567") from error
    known = time if time.tzinfo else time.replace(tzinfo=UTC)
    if known < EARLIEST:
        raise EventError(f"{name} lies in {known.year}", expected="a time since 1970")
    return known


def _items(users: Path | None, posts: Path, dropped: set[str]) -> Iterator[Item]:
    for row in xml_rows(users) if users else ():
        yield _item(row, "Users.xml", User, USER_FIELDS, dropped)
    for row in xml_rows(posts):
        yield _item(row, "Posts.xml", Post, POST_FIELDS, dropped)


def _item(row: Row, file: str, make: type[Post | User], keep: frozenset[str], dropped: set[str]) -> Item:
    where = f"{file} line {row.line}"
    if row.fault:
        return Item(where, Unreadable(row.fault))
    kept = {name: text for name, text in row.attributes.items() if name in keep}
    dropped.update(f"{file.removesuffix('.xml')}.{name}" for name in row.attributes.keys() - keep)
    return Item(where, make(kept))


def _accepted_times(posts: Path) -> tuple[dict[str, datetime], int]:
    """Return when each accepted answer was written, and the number of rows; in two readings, to hold no more."""
    accepted = {row.attributes["AcceptedAnswerId"] for row in xml_rows(posts) if "AcceptedAnswerId" in row.attributes}
    times: dict[str, datetime] = {}
    total = 0
    for total, row in enumerate(xml_rows(posts), start=1):  # noqa: B007 - the last number is the total
        if row.attributes.get("Id") in accepted:
            try:
                times[row.attributes["Id"]] = _time(row.attributes, "CreationDate")
            except EventError:
                continue  # The answer itself is rejected, with its line, when its turn comes.
    return times, total
