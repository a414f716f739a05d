"""Measure the kernels beside their peers on three generated streams; JSON under var/bench, a table in docs/compute.md.

    python tests/bench/compute.py [--scales S M L] [--peers …] [--weeks 156] [--seconds 5]

Each library runs in a process of its own, on one thread, in an environment of its own; all read the same graph. Where
a library would take longer than it may, it is measured on some of the sources and scaled; the table marks that with ~.
What is not measured in this run stays as it was last measured; ``--peers`` without any measures only whole streams.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.attendance import WEEKS, people, window_graph
from tests.bench.peer import answer, interpreter

OUT = Path("var/bench")
RESULT = OUT / "compute.json"
PAGE = Path("docs/compute.md")
SCRIPT = Path(__file__).parent / "peers/graph_measures.py"
MEMBERS = {"S": 200, "M": 5_000, "L": 100_000}
SCIENCE = ("numpy==2.4.6", "scipy==1.17.1")
PINS: Mapping[str, tuple[str, ...]] = {
    "ours": (),
    "networkx": ("networkx==3.6.1", *SCIENCE),
    "nx_rustworkx": ("networkx==3.6.1", "nx-rustworkx==0.2.1", *SCIENCE),
    "rustworkx": ("rustworkx==0.18.1", "numpy==2.4.6"),
    "igraph": ("igraph==1.0.0", "numpy==2.4.6"),
    "networkit": ("networkit==11.3", *SCIENCE),
}
CHAINS = {
    "M": ("5,000 members, all families", "2", "tie", "structure", "path"),
    "L": ("100,000 members, linear families", "1", "tie", "structure"),
}
"""Whole streams: what is computed of every week, on how many threads, which families."""
PATHS = ("betweenness", "closeness", "harmonic", "betweenness_w", "closeness_w", "harmonic_w")
LINEAR = ("strength", "pagerank", "core", "clustering", "clustering_w", "articulation", "constraint", "communities")
FUSED = {"harmonic": "closeness", "closeness_w": "betweenness_w", "harmonic_w": "betweenness_w"}
"""What comes out of the pass of another measure."""
AT_LARGE = {
    "networkx": (*PATHS, "strength", "pagerank", "core", "clustering", "articulation", "constraint"),
    "nx_rustworkx": ("core",),
    "rustworkx": ("pagerank", "core", "articulation"),
    "networkit": LINEAR,
}
"""What is measured of 100,000 members: the rest cannot be sampled and takes minutes to hours, or 19 GB."""
BOUNDED = {
    "strength": ("strength_bound", 2),
    "pagerank": ("pagerank_bound", 2),
    "core": ("one_read", 8),
    "articulation": ("one_read", 8),
    "clustering": ("two_steps", 8),
    "constraint": ("two_steps", 8),
}
"""The least that memory lets a measure take, measured in the same run, and how many times that is the goal."""


def graph_file(scale: str) -> tuple[Path, dict[str, int]]:
    """Return the file with the network of the stream's last week, which exists afterwards, and its size."""
    network = window_graph(people(MEMBERS[scale]), WEEKS - 1)
    file = OUT / f"graph_{scale}.npz"
    arrays = {name: getattr(network, name) for name in ("indptr", "indices", "strength", "length")}
    np.savez(file, **arrays)
    return file, {"members": MEMBERS[scale], "nodes": network.size, "ties": network.ties}


def compare(scale: str, peers: list[str], seconds: float) -> dict[str, Any]:
    """Return what every library took for every measure of one graph."""
    file, result = graph_file(scale)
    sides = {}
    for peer in peers:
        measures = AT_LARGE.get(peer, ()) if scale == "L" else ()
        program = interpreter(f"graph_{peer}", PINS[peer])
        sides[peer] = answer([program, str(SCRIPT), peer, str(file), str(seconds), *measures])
        print(f"{scale}: {sides[peer]['library']}")  # noqa: T201
    return result | {"measured": datetime.now(UTC).date().isoformat(), "sides": sides}


def weeks_of(scale: str, weeks: int) -> dict[str, float]:
    """Return what so many weeks of a stream took as the chain computes them, with their peak memory."""
    _, threads, *families = CHAINS[scale]
    script = str(Path(__file__).with_name("weeks.py"))
    arguments = [str(MEMBERS[scale]), str(weeks), threads, *families]
    taken: dict[str, float] = answer([interpreter("ours", ()), script, *arguments])
    return taken | {"weeks": weeks, "threads": int(threads)}


def seconds_of(sides: Mapping[str, Any], peer: str, measure: str) -> tuple[float, bool] | None:
    """Return the processor seconds of a measure and whether they are scaled from a sample; None where it is missing."""
    measures = sides[peer]["measures"] if peer in sides else {}
    name = FUSED.get(measure, measure) if peer == "ours" else measure
    return (measures[name]["cpu_s"], measures[name]["sources"] is not None) if name in measures else None


def table(scale: str, result: Mapping[str, Any]) -> list[str]:
    """Return the lines of the table of one graph: processor milliseconds, and how many times ours that is."""
    sides = result["sides"]
    size = f"{result['members']:,} members: {result['nodes']:,} nodes, {result['ties']:,} ties"
    rows = [f"**{size}** (measured {result['measured']})", ""]
    rows += [f"| CPU ms ({scale}) | " + " | ".join(each["library"] for each in sides.values()) + " |"]
    rows += ["|---" * (len(sides) + 1) + "|"]
    rows += [_row(measure, sides) for measure in (*PATHS, *LINEAR)]
    return [*rows, ""]


def _row(measure: str, sides: Mapping[str, Any]) -> str:
    own = seconds_of(sides, "ours", measure)
    cells = [_cell(seconds_of(sides, peer, measure), own if peer != "ours" else None) for peer in sides]
    fused = f" (pass of {FUSED[measure]})" if measure in FUSED else ""
    return f"| {measure}{fused} | " + " | ".join(cells) + " |"


def _cell(taken: tuple[float, bool] | None, own: tuple[float, bool] | None) -> str:
    if taken is None:
        return "-"
    ratio = f" (x{taken[0] / own[0]:,.1f})" if own else ""
    thousandths = taken[0] * 1e3
    shown = f"{thousandths:,.0f}" if thousandths >= 100 else f"{thousandths:.3g}"
    return f"{'~' if taken[1] else ''}{shown}{ratio}"


def goals(results: Mapping[str, Any], weeks: Mapping[str, Any]) -> list[str]:
    """Return a line for each goal: what was asked, what was found."""
    sides = results.get("M", {"sides": {}})["sides"]
    lines = ["| goal at 5,000 members | asked | found |", "|---|---|---|"]
    name = "weighted betweenness, closeness, harmonic beside"
    lines += [_goal(f"{name} {peer}", 2, sides, peer, PATHS[3:]) for peer in ("igraph", "networkit")]
    lines.append(_goal("hop betweenness beside igraph", 1.8, sides, "igraph", PATHS[:1]))
    lines.append(_goal("closeness and harmonic beside igraph", 40, sides, "igraph", PATHS[1:3]))
    lines.append(_goal("a week of all measures beside networkx", 200, sides, "networkx", (*PATHS, *LINEAR)))
    lines += [_bound(scale, results[scale]["sides"], measure) for measure in BOUNDED for scale in results]
    return [*lines, *(_weeks(name, taken) for name, taken in weeks.items()), ""]


def _weeks(name: str, taken: Mapping[str, float]) -> str:
    found = f"{taken['cpu_s']:.0f} CPU-s, {taken['wall_s']:.0f} s on {taken['threads']}, {taken['peak_mb']:.0f} MB"
    return f"| {taken['weeks']} weeks, {name} | | {found} |"


def _bound(scale: str, sides: Mapping[str, Any], measure: str) -> str:
    bound, asked = BOUNDED[measure]
    own, least = (seconds_of(sides, "ours", name) for name in (measure, bound))
    found = f"{own[0] / least[0]:.1f}" if own and least else "-"
    return f"| {measure}, {scale}: times the reading of what it reads | {asked} | {found} |"


def _goal(name: str, asked: float, sides: Mapping[str, Any], peer: str, measures: tuple[str, ...]) -> str:
    pairs = [(seconds_of(sides, peer, each), seconds_of(sides, "ours", each), each) for each in measures]
    theirs = sum(found[0] for found, own, _ in pairs if found and own)
    passes = {FUSED.get(each, each): own[0] for found, own, each in pairs if found and own}
    return f"| {name} | x{asked:g} | {f'x{theirs / sum(passes.values()):,.1f}' if passes else '-'} |"


def growth(results: Mapping[str, Any]) -> list[str]:
    """Return how each measure's cost grows: the exponent of the ties between each two neighbouring graphs."""
    steps = list(pairwise(results))
    head = "| growth of ours, p in CPU ~ ties^p | " + " | ".join(f"{one} to {other}" for one, other in steps) + " |"
    rows = [measure for measure in (*PATHS, *LINEAR) if measure not in FUSED]
    cells = [[_power(measure, results[one], results[other]) for one, other in steps] for measure in rows]
    lines = [f"| {measure} | " + " | ".join(each) + " |" for measure, each in zip(rows, cells, strict=True)]
    return [head, "|---" * (len(steps) + 1) + "|", *lines, ""]


def _power(measure: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    before, after = (seconds_of(each["sides"], "ours", measure) for each in (one, other))
    if before is None or after is None:
        return "-"
    return f"{np.log(after[0] / before[0]) / np.log(other['ties'] / one['ties']):.2f}"


def write_page(text: str) -> None:
    """Put the text between the markers of the page."""
    begin, end = "<!-- bench-compute: begin -->", "<!-- bench-compute: end -->"
    page = PAGE.read_text()
    PAGE.write_text(re.sub(f"{begin}.*{end}", lambda _: f"{begin}\n{text}\n{end}", page, flags=re.DOTALL))


def main() -> None:
    """Measure, print and write."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--scales", nargs="*", choices=list(MEMBERS), default=list(MEMBERS))
    arguments.add_argument("--peers", nargs="*", choices=list(PINS), default=list(PINS))
    arguments.add_argument("--weeks", type=int, default=WEEKS)
    arguments.add_argument("--seconds", type=float, default=5.0)
    given = arguments.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    known: dict[str, Any] = json.loads(RESULT.read_text()) if RESULT.exists() else {"graphs": {}, "weeks": {}}
    for scale in given.scales if given.peers else ():
        known["graphs"][scale] = compare(scale, given.peers, given.seconds)
    if given.weeks:
        known["weeks"] |= {CHAINS[scale][0]: weeks_of(scale, given.weeks) for scale in given.scales if scale in CHAINS}
    RESULT.write_text(json.dumps(known, indent=2) + "\n")
    results = {scale: known["graphs"][scale] for scale in MEMBERS if scale in known["graphs"]}
    lines = [line for scale, result in results.items() for line in table(scale, result)]
    lines += [*goals(results, known["weeks"]), *growth(results)]
    write_page("\n".join(lines))
    print("\n".join([*lines, f"written to {RESULT} and {PAGE}"]))  # noqa: T201


if __name__ == "__main__":
    main()
