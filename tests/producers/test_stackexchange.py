from __future__ import annotations

import re
import tracemalloc
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from xml.etree import ElementTree as ET

import pytest

from producers.errors import InputError
from producers.event import Event, HelpAnswered, HelpClosed, HelpRequested, MemberJoined, Payload, encode
from producers.identity import pseudonym
from producers.publish import Summary, publish
from producers.sources import stackexchange
from tests.producers.memory_log import MemoryLog

MARK = "\ufeff"
USERS = f"""{MARK}<?xml version="1.0" encoding="utf-8"?>
<users>
  <row Id="-1" CreationDate="2018-03-09T18:48:09.477" DisplayName="Community" />
  <row Id="7" CreationDate="2018-03-12T17:00:45.567" DisplayName="Grace Example" AboutMe="secret" />
</users>
"""
POSTS = f"""{MARK}<?xml version="1.0" encoding="utf-8"?>
<posts>
  <row Id="1" PostTypeId="1" AcceptedAnswerId="3" CreationDate="2018-03-12T17:00:45.567"
    OwnerUserId="7" Tags="&lt;c++&gt;&lt;qasm&gt;" Title="hidden" Body="hidden" />
  <row Id="2" PostTypeId="1" CreationDate="2018-03-13T00:00:00.000" ClosedDate="2018-03-14T00:00:00.000"
    Tags="|qasm|c++|" OwnerDisplayName="gone" />
  <row Id="3" PostTypeId="2" ParentId="1" CreationDate="2018-03-15T00:00:00.000" OwnerUserId="7" />
  <row Id="4" PostTypeId="2" ParentId="1" CreationDate="2018-03-16T00:00:00.000" OwnerUserId="-1" />
  <row Id="5" PostTypeId="5" CreationDate="2018-03-16T00:00:00.000" Body="a tag wiki" />
</posts>
"""


Published = Callable[..., Summary]


@pytest.fixture
def published(tmp_path: Path, log: MemoryLog, key: bytes) -> Published:
    def run(posts: str | bytes = POSTS, users: str | None = None) -> Summary:
        folder = tmp_path / "dump"
        folder.mkdir(exist_ok=True)
        (folder / "Posts.xml").write_bytes(posts if isinstance(posts, bytes) else posts.encode())
        if users:
            (folder / "Users.xml").write_text(users, encoding="utf-8")
        given = stackexchange.fetch(key, directory=folder, name="quantum")
        return publish(given, log, rejected_file=tmp_path / "rejected.ndjson")

    return run


P = TypeVar("P", bound=Payload)


def of(log: MemoryLog, payload: type[P]) -> list[tuple[Event, P]]:
    return [(each, each.data) for each in log.events() if isinstance(each.data, payload)]


def test_a_question_is_a_request_with_its_tags_as_written(published: Published, log: MemoryLog, key: bytes) -> None:
    published()
    (first, asked), (_, second) = of(log, HelpRequested)
    asker = pseudonym(key, "urn:maillage:stackexchange:quantum#7")
    assert first.subject == "quantum:q1"
    assert asked == HelpRequested(skills=["c++", "qasm"], requester=asker)
    assert second == HelpRequested(skills=["qasm", "c++"], requester=None)
    assert first.time.isoformat() == "2018-03-12T17:00:45.567000+00:00"


def test_a_question_is_solved_when_the_accepted_answer_was_written(published: Published, log: MemoryLog) -> None:
    published()
    (solved, how), (withdrawn, why) = of(log, HelpClosed)
    assert how == HelpClosed(outcome="solved", accepted_answer="quantum:a3")
    assert solved.time.isoformat() == "2018-03-15T00:00:00+00:00"
    assert why == HelpClosed(outcome="withdrawn")
    assert withdrawn.time.isoformat() == "2018-03-14T00:00:00+00:00"


def test_an_accepted_answer_that_is_missing_is_dated_by_the_last_activity(published: Published, log: MemoryLog) -> None:
    published(
        '<posts><row Id="1" PostTypeId="1" AcceptedAnswerId="99" CreationDate="2018-03-12T00:00:00"'
        ' LastActivityDate="2018-04-01T00:00:00" /></posts>'
    )
    assert of(log, HelpClosed)[0][0].time.isoformat() == "2018-04-01T00:00:00+00:00"


def test_answers_to_oneself_are_kept_and_a_robot_is_nobody(published: Published, log: MemoryLog, key: bytes) -> None:
    published()
    (_, own), (_, robot) = of(log, HelpAnswered)
    assert own == HelpAnswered(answer="quantum:a3", helper=pseudonym(key, "urn:maillage:stackexchange:quantum#7"))
    assert robot == HelpAnswered(answer="quantum:a4", helper=None)


def test_a_user_is_a_member_and_the_robot_is_not(published: Published, log: MemoryLog) -> None:
    summary = published(users=USERS)
    ((_, member),) = of(log, MemberJoined)
    assert member == MemberJoined(public="general")
    assert (summary.read, summary.published, summary.ignored, summary.rejected) == (7, 5, 2, 0)


def test_the_same_dump_gives_the_same_events(published: Published, log: MemoryLog) -> None:
    events = published(users=USERS).events
    published(users=USERS)
    assert log.entries[:events] == log.entries[events:]


def test_what_is_not_needed_is_named_and_thrown_away(published: Published) -> None:
    assert published(users=USERS).dropped == (
        "Posts.Body",
        "Posts.OwnerDisplayName",
        "Posts.Title",
        "Users.AboutMe",
        "Users.DisplayName",
    )


def test_a_file_that_is_cut_off_gives_what_stands_before_and_one_reject(
    published: Published, log: MemoryLog, tmp_path: Path
) -> None:
    summary = published(POSTS[: POSTS.index('<row Id="3"') + 30])
    assert (summary.published, summary.rejected) == (2, 1)
    assert len(of(log, HelpRequested)) == 2
    assert "Posts.xml line 7" in (tmp_path / "rejected.ndjson").read_text()


def test_one_broken_row_costs_one_row(published: Published) -> None:
    broken = POSTS.encode().replace(b'"gone"', b'"\xff\xfe & gone"')
    summary = published(broken)
    assert (summary.published, summary.ignored, summary.rejected) == (3, 1, 1)


@pytest.mark.parametrize("garbage", [b"\x00\x01\x02\xff" * 5000, b"", b"\x89PNG\r\n\x1a\n" * 900, b"no XML at all"])
def test_garbage_is_one_reject_and_no_traceback(published: Published, garbage: bytes) -> None:
    summary = published(garbage)
    assert (summary.read, summary.rejected) == (1, 1)


def test_a_document_type_is_not_read(published: Published) -> None:
    bomb = '<!DOCTYPE posts [<!ENTITY a "aaaa">]>\n<posts>\n<row Id="&a;" />\n</posts>'
    assert published(bomb).published == 0


def test_a_row_of_fifty_megabytes_is_one_reject_and_is_never_held_whole(tmp_path: Path, key: bytes) -> None:
    before, after = POSTS.encode().split(b"a tag wiki")
    with (tmp_path / "Posts.xml").open("wb") as file:
        file.write(before)
        file.writelines(b"x" * 1_000_000 for _ in range(50))
        file.write(after.replace(b"</posts>", b'<row Id="6" PostTypeId="4" CreationDate="2018-03-16" />\n</posts>'))
    tracemalloc.start()
    given = stackexchange.fetch(key, directory=tmp_path)
    summary = publish(given, MemoryLog(), rejected_file=tmp_path / "rejected")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (summary.published, summary.ignored, summary.rejected) == (4, 1, 1)
    assert peak < 10_000_000


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('PostTypeId="1" CreationDate="2018-03-12T00:00:00"', "has no Id"),
        ('Id="1" PostTypeId="1"', "has no CreationDate"),
        ('Id="1" CreationDate="2018-03-12T00:00:00"', "has no PostTypeId"),
        ('Id="1" PostTypeId="2" CreationDate="2018-03-12T00:00:00"', "has no ParentId"),
        ('Id="one" PostTypeId="1" CreationDate="2018-03-12T00:00:00"', "Id is not a whole number"),
        ('Id="1" PostTypeId="1" CreationDate="yesterday"', "CreationDate is not a time"),
        ('Id="1" PostTypeId="1" CreationDate="2018-03-12T00:00:00" Tags="|a@b|"', "skills"),
    ],
)
def test_a_row_that_lacks_something_is_rejected_with_the_reason(
    published: Published, tmp_path: Path, row: str, reason: str
) -> None:
    assert published(f"<posts>\n<row {row} />\n</posts>").rejected == 1
    assert reason in (tmp_path / "rejected.ndjson").read_text()


def test_rows_on_a_single_line_are_read_too(published: Published) -> None:
    assert published(POSTS.replace("\n", "")).published == 4


def test_an_id_beyond_two_to_the_53_stays_exact(published: Published, log: MemoryLog) -> None:
    published(POSTS.replace('Id="2"', 'Id="9007199254740993"'))
    assert of(log, HelpRequested)[1][0].subject == "quantum:q9007199254740993"


def test_a_directory_without_posts_is_refused(tmp_path: Path, key: bytes) -> None:
    with pytest.raises(InputError, match=r"has no Posts\.xml"):
        stackexchange.fetch(key, directory=tmp_path)


def test_memory_stays_flat_however_long_the_dump_is(tmp_path: Path, key: bytes) -> None:
    row = '<row Id="{}" PostTypeId="1" CreationDate="2018-03-12T00:00:00" Body="' + "x" * 2000 + '" />\n'
    with (tmp_path / "Posts.xml").open("w") as file:
        file.write("<posts>\n")
        file.writelines(row.format(number) for number in range(5_000))
        file.write("</posts>")
    tracemalloc.start()
    given = stackexchange.fetch(key, directory=tmp_path)
    assert sum(len(given.parse(item)) for item in given.items) == 5_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


@pytest.fixture(scope="module")
def dump(real_data: Callable[[str], Path]) -> Path:
    return real_data("stackexchange-quantum")


@pytest.fixture(scope="module")
def real_log(dump: Path, tmp_path_factory: pytest.TempPathFactory) -> MemoryLog:
    log = MemoryLog()
    given = stackexchange.fetch(bytes(32), directory=dump, name="quantum")
    summary = publish(given, log, rejected_file=tmp_path_factory.mktemp("home") / "rejected")
    assert (summary.read, summary.rejected) == (given.total, 0)
    return log


def test_the_recount_of_questions_per_tag_agrees_with_the_dump(dump: Path, real_log: MemoryLog) -> None:
    rows = ET.parse(dump / "Tags.xml").getroot()  # noqa: S314 - a file of ours
    counts = {row.attrib["TagName"]: int(row.attrib["Count"]) for row in rows}
    recount = Counter(skill for _, asked in of(real_log, HelpRequested) for skill in asked.skills)
    assert {tag: recount[tag] for tag in recount | counts} == counts
    assert len(counts) == 154


def test_the_recount_of_answers_per_question_agrees_with_the_dump(dump: Path, real_log: MemoryLog) -> None:
    rows = ET.parse(dump / "Posts.xml").getroot()  # noqa: S314 - a file of ours
    counts = {
        f"quantum:q{row.attrib['Id']}": int(row.attrib["AnswerCount"]) for row in rows if "AnswerCount" in row.attrib
    }
    recount = Counter(each.subject for each, _ in of(real_log, HelpAnswered))
    assert {question: recount[question] for question in counts} == counts
    assert (len(counts), recount.total()) == (612, 1060)


def test_every_user_but_the_robot_is_a_member(real_log: MemoryLog) -> None:
    assert len({each.subject for each, _ in of(real_log, MemberJoined)}) == 3460


def test_people_who_answered_themselves_are_kept(real_log: MemoryLog) -> None:
    askers = {each.subject: asked.requester for each, asked in of(real_log, HelpRequested)}
    answers = [(answered.helper, askers[each.subject]) for each, answered in of(real_log, HelpAnswered)]
    own = [helper for helper, asker in answers if helper and helper == asker]
    assert (len(own), len(set(own))) == (43, 25)


def test_no_event_holds_a_tag_in_markup(real_log: MemoryLog) -> None:
    assert not any(re.search(rb"[<>]|&lt;", encode(each)) for each in real_log.events())
