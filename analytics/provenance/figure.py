"""The figures of a report and how they are addressed: by their place in ``report.json``, or by their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import msgspec

from analytics.disclosure import Cell
from analytics.report.content import Content
from producers.errors import UsageError

NAMES = ("name", "section", "skill", "kind", "place", "subject", "origin")
"""Fields that an item of a list goes by, the first one that it has."""
NAMED = 6
"""How many addresses an error names."""

Step = tuple[str, ...]
"""What one step of an address may be called; an item of a list has its name and its number."""
Item = Mapping[str, Any]


@dataclass(frozen=True)
class Figure:
    """One figure of a report."""

    steps: tuple[Step, ...]
    items: tuple[Item, ...]
    """The items of lists that it lies in, outermost first."""
    cell: Cell

    @property
    def place(self) -> str:
        """Return its place in ``report.json``, items by number: ``findings.0.measures.3.value``."""
        return ".".join(step[-1] for step in self.steps)

    @property
    def pattern(self) -> str:
        """Return its place with a star for each item of a list: ``findings.*.measures.*.value``."""
        return ".".join("*" if step[-1].isdecimal() else step[-1] for step in self.steps)

    @property
    def numbers(self) -> list[int]:
        """Return the numbers of the items that it lies in, outermost first."""
        return [int(step[-1]) for step in self.steps if step[-1].isdecimal()]

    @property
    def spellings(self) -> list[str]:
        """Return every way to write its place, by names first."""
        return [".".join(each) for each in product(*self.steps)]


def figures(content: Content) -> list[Figure]:
    """Return every figure of a report, in the order of ``report.json``."""
    return list(_walk(msgspec.to_builtins(content), (), ()))


def find(content: Content, address: str) -> Figure:
    """Return the figure at an address.

    An address is a place in ``report.json``; its beginning may be left out where the rest says enough, and so may
    a last ``.value``. The name of an indicator alone means the indicator.

    Raises:
        UsageError: when no figure or more than one is meant; says which there are.
    """
    known = figures(content)
    wanted = (address, f"{address}.value", f"indicators.{address}", f"indicators.{address}.value")
    exact = [each for each in known if any(spelling in wanted for spelling in each.spellings)]
    ends = tuple(f".{each}" for each in wanted[:2])
    found = exact or [each for each in known if any(spelling.endswith(ends) for spelling in each.spellings)]
    if len(found) == 1:
        return found[0]
    near = found or [each for each in known if any(address in spelling for spelling in each.spellings)]
    said = f"{len(found)} figures are called {address!r}" if found else f"the report has no figure {address!r}"
    raise UsageError(said, expected=_some(near or known, known))


def address_of(figure: Figure, known: list[Figure]) -> str:
    """Return the address by names, or by numbers where the names are those of several figures."""
    named = figure.spellings[0]
    return named if sum(1 for each in known if each.spellings[0] == named) == 1 else figure.place


def _some(found: list[Figure], known: list[Figure]) -> str:
    named = [address_of(each, known) for each in found[:NAMED]]
    rest = len(found) - len(named)
    return "one of " + ", ".join(named) + (f" and {rest} more" if rest else "")


def _walk(tree: object, steps: tuple[Step, ...], items: tuple[Item, ...]) -> Iterator[Figure]:
    if isinstance(tree, dict) and {"value", "mark"} <= tree.keys():
        yield Figure(steps, items, msgspec.convert(tree, Cell))
    elif isinstance(tree, dict):
        for name, branch in tree.items():
            yield from _walk(branch, (*steps, (name,)), items)
    elif isinstance(tree, list):
        for number, branch in enumerate(tree):
            within = (*items, branch) if isinstance(branch, dict) and "mark" not in branch else items
            yield from _walk(branch, (*steps, _names(branch, number)), within)


def _names(item: object, number: int) -> Step:
    """Return what an item of a list goes by: its name, where it has one, and its number."""
    if not isinstance(item, dict) or "mark" in item:
        return (str(number),)
    if "metric" in item:
        of = item.get("subject") or item.get("layer")
        return (f"{item['metric']}.{of}" if of else item["metric"], str(number))
    if "a" in item:
        return (f"{item['a']} – {item['b']}", str(number))
    name = next((item[field] for field in NAMES if item.get(field)), None)
    return (str(number),) if name is None else (str(name), str(number))
