"""The check of a report: a good one passes, and every bad page that we know of is named with its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import jsonschema
import pytest

from analytics.report.check import ReportRefusedError, complaints, refuse
from analytics.report.check_page import HEAVIEST
from analytics.report.complaint import Complaint
from analytics.report.site import NUMBERS, SCHEMA, render
from tests.analytics.report_region import region, report, request, source, told, workshop

pytestmark = pytest.mark.integration
SIX = ["ann", "bob", "cy", "dee", "eve", "flo"]
PAGE = '<!doctype html><html lang="fr"><title>t</title><h2 id="here">h</h2>{}</html>'
PSEUDONYM = "m_" + "0123456789abcdef" * 2
ADDRESS = "ada" + "@" + "lab.example"
SHOWN: dict[str, Any] = {"value": 9.0, "mark": "shown", "reason": "", "threshold": 0}
FEW: dict[str, Any] = {"value": None, "mark": "suppressed", "reason": "count", "threshold": 5}

Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def good() -> dict[str, Any]:
    return dict(render(report(region())))


def said(files: dict[str, str]) -> list[tuple[str, str]]:
    """Return the place and the words of each complaint about the last file."""
    return [(each.place, each.says) for each in complaints(files)]


def changed(good: dict[str, str], change: Change) -> dict[str, str]:
    """Return the files with other numbers, whatever the pages say."""
    numbers = json.loads(good[NUMBERS])
    change(numbers)
    return {**good, NUMBERS: json.dumps(numbers)}


def test_nobody_complains_about_a_good_report(good: dict[str, str]) -> None:
    assert complaints(good) == []
    refuse(good)


@pytest.mark.parametrize("threshold", [3, 11])
def test_nobody_complains_about_the_odd_weeks(threshold: int) -> None:
    networks = [
        told(),
        told(source(), workshop(1, "2026-11-10", SIX)),
        told(source(), *[request(number, "2026-10-20", member) for number, member in enumerate(SIX)]),
        told(source(rhythm="7"), workshop(1, "2026-10-20", SIX), workshop(2, "2026-10-21", SIX, place="there")),
    ]
    contents = [report(network, threshold=threshold) for network in networks]
    contents += [report(region(), week=date(2026, 8, 10), threshold=threshold)]
    for content in contents:
        assert complaints(render(content)) == []


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ('<a href="../en/index.html">x</a>', "a link leads to en/index.html, which is not there"),
        ('<a href="../../../index.html">x</a>', "a link leads to ../../index.html, which is not there"),
        ('<a href="#there">x</a>', "a link leads to #there in fr/index.html, which is not there"),
        ('<a href="../de/index.html#there">x</a>', "a link leads to #there in de/index.html, which is not there"),
        ('<a href="javascript:alert(1)">x</a>', "a link is no address of a page"),
        ('<img src="data:,">', "an image has no text in its place"),
        ('<img src="data:," alt=" ">', "an image has no text in its place"),
        ("<svg><path/></svg>", "a drawing has no text in its place"),
        ("<svg><title> </title></svg>", "a drawing has no text in its place"),
        ('<svg aria-labelledby="there"></svg>', "refers to a part of the page that is not there"),
        ('<script src="https://cdn.example/x.js"></script>', "the page asks for something from elsewhere"),
        ('<link rel="stylesheet" href="//cdn.example/x.css">', "the page asks for something from elsewhere"),
        ('<img alt="x" src="http://cdn.example/x.png">', "the page asks for something from elsewhere"),
        ('<img alt="x" srcset="x.png 1x, http://cdn.example/x.png 2x">', "the page asks for something from elsewhere"),
        ("<style>p { background: url(http://cdn.example/x) }</style>", "the page asks for something from elsewhere"),
        ("<style>@import 'x.css';</style>", "the page asks for something from elsewhere"),
        ("<p style=\"background: url('x.png')\">x</p>", "the page asks for something from elsewhere"),
        (
            '<meta http-equiv="refresh" content="0; URL=https://cdn.example/">',
            "the page asks for something from elsewhere",
        ),
        (f"<p>{PSEUDONYM}</p>", "a pseudonym stands here"),
        (f"<!-- {ADDRESS} -->", "an e-mail address stands here"),
    ],
)
def test_a_bad_page_is_named_with_its_line(bad: str, says: str) -> None:
    files = {"fr/index.html": PAGE.format(f"\n{bad}\n"), "de/index.html": PAGE.format("")}
    assert complaints(files) == [Complaint("fr/index.html", "line 2", says)]


@pytest.mark.parametrize(
    "fine",
    [
        '<a href="#here">x</a>',
        '<a href="../de/index.html#here">x</a>',
        '<a href="../de/">x</a>',
        '<a href="https://example.org/">a link is no request</a>',
        '<img src="data:," alt="x">',
        '<svg><title>x</title></svg><svg aria-hidden="true"></svg><svg aria-label="x"></svg>',
        '<svg aria-labelledby="here"><g clip-path="url(#here)"><use href="#here"/></g></svg>',
        "<style>p { background: url(data:,) }</style>",
    ],
)
def test_a_sound_page_passes(fine: str) -> None:
    assert complaints({"fr/index.html": PAGE.format(fine), "de/index.html": PAGE.format("")}) == []


def test_a_page_says_its_language_and_weighs_little() -> None:
    assert said({"index.html": "<!doctype html><p>x"}) == [("the page", "does not say its language")]
    heavy = PAGE.format("é" * (HEAVIEST // 2))
    (complaint,) = complaints({"index.html": heavy})
    assert complaint.says == f"weighs {len(heavy.encode()):,} bytes, {HEAVIEST:,} at most"


def test_a_line_break_in_a_tag_hides_nothing() -> None:
    assert said({"index.html": PAGE.format('<img\nsrc="//x.example"\nalt="x">')})
    assert said({"index.html": PAGE.format('<IMG SRC="HTTPS://X.EXAMPLE" ALT="x">')})


@pytest.mark.parametrize(
    ("change", "place", "says"),
    [
        (
            lambda report: report["status"].update(counted={**report["status"]["counted"], "value": 4.0}),
            "status.counted",
            "a figure of fewer than 5 people is shown",
        ),
        (
            lambda report: report["indicators"][0]["spark"]["cells"][-1].update(value=2.0, mark="shown"),
            "indicators.active_members.spark.cells.51",
            "a figure of fewer than 5 people is shown",
        ),
        (
            lambda report: report["places"]["links"][0]["people"].update(value=1.0),
            "places.links.0.people",
            "a figure of fewer than 5 people is shown",
        ),
        (
            lambda report: report["skills"]["growing"][0]["current"].update(value=3.0),
            "skills.growing.0.current",
            "a figure of fewer than 5 people is shown",
        ),
        (
            lambda report: report["points"].append({"kind": "link", "value": {**SHOWN, "value": 2.0}}),
            "points.link.value",
            "a figure of fewer than 5 people is shown",
        ),
        (
            lambda report: report["skills"]["concerns"][0]["organisations"].update(value=2.0),
            "skills.concerns.0.organisations",
            "a figure of fewer than 3 organisations is shown",
        ),
        (
            lambda report: report["places"].update(half={**SHOWN, "value": 7.0, "mark": "suppressed"}),
            "places.half",
            "a figure that is suppressed has a value",
        ),
        (
            lambda report: report["places"].update(half={**SHOWN, "value": None}),
            "places.half",
            "a figure that is shown has another value",
        ),
        (
            lambda report: report["waiting"].update(
                total={**SHOWN, "value": 20.0}, bands=[{**SHOWN, "value": 8.0}, {**SHOWN, "value": 8.0}, FEW]
            ),
            "waiting.bands",
            "a hidden figure can be worked out from the total",
        ),
        (
            lambda report: report["waiting"].update(
                total={**SHOWN, "value": 16.0}, bands=[{**SHOWN, "value": 8.0}, FEW, FEW]
            ),
            "waiting.bands",
            "a hidden figure can be worked out from the total",
        ),
        (
            lambda report: report.update(threshold_people=2),
            "threshold_people, threshold_organisations",
            "a threshold is below 3",
        ),
    ],
)
def test_a_figure_of_few_people_is_named_and_not_quoted(
    good: dict[str, str], change: Change, place: str, says: str
) -> None:
    found = complaints(changed(good, change))
    assert Complaint(NUMBERS, place, says) in found
    assert {each.page for each in found} == {NUMBERS}


def test_two_hidden_parts_that_can_be_several_numbers_pass(good: dict[str, str]) -> None:
    bands = [{**SHOWN, "value": 8.0}, FEW, FEW]
    files = changed(good, lambda report: report["waiting"].update(total={**SHOWN, "value": 13.0}, bands=bands))
    assert complaints(files) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda report: report.pop("status"),
        lambda report: report.update(points="none"),
        lambda report: report["indicators"][0].update(verdict="good"),
        lambda report: report["places"].update(others="two"),
        lambda report: report.update(to_correct=7),
    ],
)
def test_numbers_follow_their_schema_as_others_read_it(good: dict[str, str], change: Change) -> None:
    files = changed(good, change)
    (complaint,) = complaints(files)
    assert (complaint.page, complaint.place) == (NUMBERS, "the file")
    assert complaint.says.startswith("does not follow its schema")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(json.loads(files[NUMBERS]), json.loads(files[SCHEMA]), jsonschema.Draft202012Validator)


def test_a_schema_of_another_version_is_none(good: dict[str, str]) -> None:
    says = "is not the schema that the numbers follow"
    assert complaints({**good, SCHEMA: "{}"}) == [Complaint(SCHEMA, "the file", says)]


def test_a_refusal_names_pages_and_places_and_nothing_private(good: dict[str, str]) -> None:
    bad = "\n".join(f"<p>{PSEUDONYM} {ADDRESS}</p>" for _ in range(4))
    with pytest.raises(ReportRefusedError) as refused:
        refuse({**good, "fr/index.html": good["fr/index.html"].replace("</main>", f"{bad}</main>")})
    words = str(refused.value)
    assert "fr/index.html, line " in words
    assert "and 3 more" in words
    assert words.endswith("nothing was published")
    assert PSEUDONYM not in words
    assert ADDRESS not in words
    assert not refused.value.retryable
