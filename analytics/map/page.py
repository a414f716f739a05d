"""The page of the map: one file that needs nothing else and asks nobody for anything."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from msgspec.structs import replace

from analytics.map.content import PUBLICS, MapContent, Node, Shown
from analytics.map.outlines import outlines
from analytics.map.words import MapWords
from analytics.week import Week
from producers.vocabulary import vocabulary

FOLDER = Path(__file__).parent
DATA = "map.json"
HEAVIEST = 600 * 1024
"""Bytes of a page at most: where all weeks are too much, it goes back less far."""
SCRIPTS = ("state.js", "draw.js", "panel.js", "start.js")
CARDS = {"place": "place_holders", "skill": "active_holders"}
"""The metric of the holders, by the kind of node."""
NAMED = 8
"""Links that a row of the table names."""


def map_files(content: MapContent, languages: Sequence[str]) -> dict[str, str]:
    """Return the files of the map by their paths: a page a language, and what it shows as ``map.json``."""
    return {**{f"{each}/map.html": map_page(content, each, languages) for each in languages}, DATA: as_json(content)}


def as_json(content: MapContent) -> str:
    """Return the map as JSON, one node or link a line."""
    told = msgspec.to_builtins(content)
    lists = {name: ",\n".join(_compact(each) for each in told.pop(name)) for name in ("nodes", "links")}
    body = ",\n".join(f'"{name}": [\n{lines}\n]' for name, lines in lists.items())
    return f"{_compact(told)[:-1]},\n{body}\n}}\n"


def map_page(content: MapContent, language: str, languages: Sequence[str]) -> str:
    """Return the page of the map in a language; the same content gives the same text."""
    page = _page(content, language, languages)
    while len(page.encode()) > HEAVIEST and len(content.weeks) > 1:
        content = latest(content, len(content.weeks) // 2)
        page = _page(content, language, languages)
    return page


def latest(content: MapContent, many: int) -> MapContent:
    """Return the map of the last weeks only."""
    nodes = [
        replace(
            node,
            people=node.people[-many:],
            publics={name: values[-many:] for name, values in node.publics.items()},
            measures={name: values[-many:] for name, values in node.measures.items()},
            community=node.community[-many:],
            x=node.x[-many:],
            y=node.y[-many:],
        )
        for node in content.nodes
    ]
    links = [replace(link, people=link.people[-many:], reachable=link.reachable[-many:]) for link in content.links]
    return replace(content, weeks=content.weeks[-many:], nodes=nodes, links=links)


def _page(content: MapContent, language: str, languages: Sequence[str]) -> str:
    words = MapWords(language)
    style, script = _read("map.css"), "\n".join(_read(name) for name in SCRIPTS)
    week = Week(content.weeks[-1])
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("map.html.j2").render(
        content=content,
        say=words.say,
        language=language,
        others=[other for other in languages if other != language],
        week=words.say("page.week", number=str(week.number), dates=words.report.dates(week.monday, week.sunday)),
        k=words.report.number(content.threshold_people),
        style=Markup(style),  # noqa: S704 - our own style sheet
        script=Markup(script),  # noqa: S704 - our own script
        policy=policy(style, script),
        data=Markup(in_page(_told(content, words))),  # noqa: S704 - no mark-up is left in it
        tables=[(kind, _table(content, kind, words)) for kind in ("place", "skill")],
        unplaced=[node.name for node in content.nodes if node.kind == "place" and node.latitude is None],
        data_file=f"../{DATA}",
        cards=CARDS,
    )


def policy(style: str, script: str) -> str:
    """Return what the page may load: its own style and its own script, known by their hashes, and nothing else."""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def in_page(told: Mapping[str, Any]) -> str:
    """Return JSON that can stand inside a script element, whatever its texts say."""
    text = _compact(told)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _compact(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _read(name: str) -> str:
    return (FOLDER / "templates" / name).read_text(encoding="utf-8")


def _told(content: MapContent, words: MapWords) -> dict[str, Any]:
    """Return what the script draws."""
    spots = [(node.longitude, node.latitude) for node in content.nodes]
    lines = outlines([(east, north) for east, north in spots if east is not None and north is not None])
    weeks = [Week(monday) for monday in content.weeks]
    return {
        "k": content.threshold_people,
        "weeks": [
            words.say("page.week", number=str(week.number), dates=words.report.dates(week.monday, week.sunday))
            for week in weeks
        ],
        "words": words.spoken(),
        "publics": list(PUBLICS),
        "nodes": [_node(node, words) for node in content.nodes],
        "links": [
            [link.kind[0] + link.kind[6], link.a, link.b, _whole(link.people), *_some(link.reachable)]
            for link in content.links
        ],
        "outlines": msgspec.to_builtins(lines),
    }


def _some(counts: list[int]) -> list[list[int]]:
    return [counts] if any(counts) else []


def _node(node: Node, words: MapWords) -> dict[str, Any]:
    concept = vocabulary().concepts.get(node.id) if node.kind == "skill" else None
    told: dict[str, Any] = {
        "kind": node.kind,
        "id": node.id,
        "name": words.skill(node.id) if node.kind == "skill" else node.name,
        "people": _whole(node.people),
        "publics": {name: _whole(values) for name, values in node.publics.items()},
        "measures": {name: _whole(values) for name, values in node.measures.items()},
        "community": node.community,
        "x": node.x,
        "y": node.y,
    }
    if concept is not None:
        told["also"] = " | ".join(concept.aliases)
    if node.latitude is not None and node.longitude is not None:
        told["at"] = [node.longitude, node.latitude]
    if node.country is not None:
        told["where"] = words.report.countries([node.country])[0]
    return told


def _whole(values: Sequence[Shown]) -> list[Any]:
    """Return the values, whole numbers without a point."""
    return [int(value) if isinstance(value, float) and value.is_integer() else value for value in values]


def _table(content: MapContent, kind: str, words: MapWords) -> list[dict[str, Any]]:
    """Return the rows of the last week, those of most people first."""
    rows = []
    centres = _centres(content, words)
    for rank, node in enumerate(content.nodes):
        if node.kind == kind:
            name = words.skill(node.id) if kind == "skill" else node.name
            cells = [node.people, node.measures.get("holders", [None])]
            cells += [node.publics.get(each, [0.0]) for each in PUBLICS]
            cells += [node.measures.get("between", [None])]
            rows.append(
                {
                    "name": name,
                    "people": _count(node.people[-1]),
                    "cells": [_written(cell[-1], content, words) for cell in cells],
                    "group": words.say("live.group", name=centres[node.community[-1]])
                    if node.community[-1] > 0
                    else "–",
                    "linked": _linked(content, rank, words),
                }
            )
    return sorted(rows, key=lambda row: (-row["people"], row["name"]))


def _centres(content: MapContent, words: MapWords) -> dict[int, str]:
    """Return what each community of the last week is called by: its largest place, or its largest skill without one."""
    found: dict[int, tuple[bool, float, str]] = {}
    for node in content.nodes:
        name = words.skill(node.id) if node.kind == "skill" else node.name
        place = node.kind != "place", -_count(node.people[-1]), name
        found[node.community[-1]] = min(place, found.get(node.community[-1], place))
    return {community: name for community, (_, _, name) in found.items()}


def _count(value: Shown) -> float:
    return value if isinstance(value, float) else 0.0


def _written(value: Shown, content: MapContent, words: MapWords) -> str:
    if isinstance(value, str):
        return words.say(f"live.{value}", k=words.report.number(content.threshold_people))
    return "–" if value is None else words.report.exact(round(value, 2))


def _linked(content: MapContent, rank: int, words: MapWords) -> str:
    """Return the strongest links of a node in words."""
    ends = [
        (-link.people[-1], link.b if link.a == rank else link.a)
        for link in content.links
        if rank in (link.a, link.b) and link.people[-1]
    ]
    nearest = [(content.nodes[other], words.report.number(-people)) for people, other in sorted(ends)[:NAMED]]
    told = [f"{words.skill(node.id) if node.kind == 'skill' else node.name} ({people})" for node, people in nearest]
    return ", ".join(told) + (" …" if len(ends) > NAMED else "")
