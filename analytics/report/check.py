"""The check of a report before anybody can read it: complaints about its files, none when it is good.

It knows nothing of how the files were made: pages are read as a browser reads them, figures from ``report.json``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from analytics.report.check_figures import exposed
from analytics.report.check_map import MAP, crowded
from analytics.report.check_page import unsound
from analytics.report.complaint import Complaint
from analytics.report.content import Content
from analytics.report.shelf import Files
from analytics.report.site import NUMBERS, SCHEMA, schema
from producers.errors import MaillageError

PRIVATE = {
    "a pseudonym": re.compile(r"[mo]_[0-9a-f]{24}"),
    "an e-mail address": re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"),
}
"""What stands in no file, whoever wrote it."""
NAMED = 5
"""Complaints that are told one by one."""


class ReportRefusedError(MaillageError):
    """A report is not fit to be read; nothing of it was published."""


def refuse(files: Files) -> None:
    """Let a report pass that nobody can complain about.

    Raises:
        ReportRefusedError: with the page and the place of each complaint.
    """
    found = complaints(files)
    if not found:
        return
    told = " · ".join(map(str, found[:NAMED]))
    more = f" · and {len(found) - NAMED} more" if len(found) > NAMED else ""
    raise ReportRefusedError(f"the report is not fit to be read: {told}{more}", remedy="nothing was published")


def complaints(files: Files) -> list[Complaint]:
    """Return what is wrong with the files of a report, given by their paths; none of them says what is private."""
    found: list[Complaint] = []
    texts = {name: content if isinstance(content, str) else "" for name, content in files.items()}
    for name, text in texts.items():
        found += _private(name, text)
        if name.endswith(".html"):
            found += unsound(name, text, texts)
    if NUMBERS in files:
        found += _numbers(texts)
    if MAP in files:
        found += crowded(texts[MAP])
    return found


def _private(name: str, text: str) -> Iterator[Complaint]:
    for number, line in enumerate(text.splitlines(), start=1):
        for what, pattern in PRIVATE.items():
            if pattern.search(line):
                yield Complaint(name, f"line {number}", f"{what} stands here")


def _numbers(files: Mapping[str, str]) -> Iterator[Complaint]:
    """Give what is wrong with ``report.json``: its form first, for figures are looked for by their places in it."""
    if files.get(SCHEMA) != schema():
        yield Complaint(SCHEMA, "the file", "is not the schema that the numbers follow")
    try:
        msgspec.json.decode(files[NUMBERS], type=Content)
    except msgspec.DecodeError as error:
        yield Complaint(NUMBERS, "the file", f"does not follow its schema ({error})")
    else:
        yield from exposed(msgspec.json.decode(files[NUMBERS]))
