"""The promise on bytes: nothing of a person but a pseudonym leaves the producer, on all real inputs."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from producers.log.folder import FolderLog
from producers.publish import publish
from producers.sources import SOURCES

pytestmark = pytest.mark.integration

DISTINCTIVE = 6
OPAQUE = re.compile(r"m_[0-9a-f]{24}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d\d:\d\d:\d\d")
TITLE = "Stack Exchange"

RealData = Callable[[str], Path]


@pytest.fixture(scope="module")
def left_behind(real_data: RealData, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return all bytes of the log, and all log lines, after every real input was published."""
    home, key = tmp_path_factory.mktemp("home"), bytes(32)
    table = SOURCES["table"].fetch
    inputs = [
        SOURCES["stackexchange"].fetch(key, directory=real_data("stackexchange-quantum"), name="quantum"),
        table(key, file=real_data("carpentries/all_past_workshops.json"), profile="carpentries-workshops"),
        table(key, file=real_data("carpentries/badged_instructors_country.csv"), profile="carpentries-badges"),
        table(key, file=real_data("places-bretagne/places.geojson"), profile="places-bretagne"),
    ]
    lines: list[str] = []
    handler = logging.Handler(logging.DEBUG)
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]  # all it shall do
    logging.getLogger().addHandler(handler)
    log = FolderLog(home / "log")
    for given in inputs:
        assert publish(given, log, rejected_file=home / "rejected").rejected == 0
    log.close()
    logging.getLogger().removeHandler(handler)
    written = [path.read_bytes().decode("utf-8", "replace") for path in (home / "log").rglob("*") if path.is_file()]
    return "\n".join([*written, *lines])


def test_the_log_is_not_empty(left_behind: str) -> None:
    assert left_behind.count('"specversion":"1.0"') == 5543 + 2967 + 1926 + 122


def test_no_full_name_of_the_workshops_is_in_it(real_data: RealData, left_behind: str) -> None:
    workshops = json.loads(real_data("carpentries/all_past_workshops.json").read_bytes())
    written = [row[role] or "" for row in workshops for role in ("instructors", "helpers")]
    names = {name.strip() for each in written for name in each.split(",") if len(name.strip()) >= DISTINCTIVE}
    assert len(names) > 5000
    assert found(names, left_behind) == set()


def test_no_text_of_the_dump_is_in_it(real_data: RealData, left_behind: str) -> None:
    folder = real_data("stackexchange-quantum")
    users = list(texts(folder / "Users.xml", ("AboutMe", "Location", "WebsiteUrl", "ProfileImageUrl")))
    posts = list(texts(folder / "Posts.xml", ("Title", "Body")))
    assert len(posts) > 1000
    # Of a long text every sentence-like piece is looked for, as it would stand in JSON or in plain text.
    pieces = {piece for text in (*users, *posts) for piece in re.split(r"[\n<>.]+", unescape(text)) if len(piece) > 25}
    assert found(pieces, left_behind) == set()
    assert found({text for text in users if len(text) >= 12}, left_behind) <= {TITLE}


def test_no_display_name_of_the_dump_is_in_it(real_data: RealData, left_behind: str) -> None:
    folder = real_data("stackexchange-quantum")
    names = {*texts(folder / "Users.xml", ("DisplayName",)), *texts(folder / "Posts.xml", ("OwnerDisplayName",))}
    full = {name for name in names if len(name) >= DISTINCTIVE and " " in name.strip()}
    assert len(full) > 1000
    assert found(full, left_behind) == set()


def test_no_address_of_mail_or_web_is_in_it(left_behind: str) -> None:
    assert re.findall(r"[\w.]+@[\w.]+|https?://\S+", left_behind) == []


def texts(path: Path, attributes: tuple[str, ...]) -> Iterator[str]:
    for row in ET.parse(path).getroot():  # noqa: S314 - a file of ours
        yield from (row.attrib[name] for name in attributes if name in row.attrib)


def found(needles: set[str], haystack: str) -> set[str]:
    """Return the needles that stand in the haystack as they are, or as JSON writes them.

    Only those whose first letters stand there can, which saves a minute; ids and times are left out for that.
    """
    straw = OPAQUE.sub(" ", haystack)
    beginnings = {straw[start : start + DISTINCTIVE] for start in range(len(straw))}
    return {
        needle
        for needle in needles
        for written in (needle, json.dumps(needle)[1:-1])
        if written[:DISTINCTIVE] in beginnings and written in straw
    }


def test_a_needle_is_found_where_there_is_one() -> None:
    assert found({"Ada Lovelace", "Grace Hopper"}, 'x"Ada Lovelace"x') == {"Ada Lovelace"}
    assert found({"Zoé Durand"}, json.dumps("Zoé Durand")) == {"Zoé Durand"}
