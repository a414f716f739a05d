"""Measure the kernels beside their peers on three generated streams and a real one; a table in docs/compute.md.

    python tests/bench/compute.py [--scales S M L R] [--peers …] [--weeks 156] [--seconds 5] [--no-more]

Each library runs in a process of its own, on one thread, in an environment of its own; all read the same graph. Where
a library would take longer than it may, it is measured on some of the sources and scaled; the table marks that with ~.
What is not measured in this run stays as it was last measured; ``--peers`` without any measures only whole streams,
``--no-more`` leaves growth and history as they were.

graph-tool has no wheel: $BENCH_GRAPH_TOOL names an interpreter that has it (Debian's python3-graph-tool, conda-forge).
The newest networkx needs python3.13 on the path. Who is absent is named with the reason.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.attendance import WEEKS, people, window_graph
from tests.bench.figure import draw
from tests.bench.peer import AbsentError, answer, installed, interpreter
from tests.bench.tables import LINEAR, PATHS, absences, goals, growth, history, table

OUT = Path("var/bench")
RESULT = OUT / "compute.json"
PAGE, FIGURE = Path("docs/compute.md"), Path("docs/compute.svg")
HERE = Path(__file__).parent
SCRIPT = HERE / "peers/graph_measures.py"
WORKSHOPS = Path("../shared/data/carpentries/all_past_workshops.json")
MEMBERS = {"S": 200, "M": 5_000, "L": 100_000}
REAL = "R"
SCIENCE = ("numpy==2.4.6", "scipy==1.17.1")
PEERS: Mapping[str, Callable[[], str]] = {
    "ours": lambda: interpreter("ours", ()),
    "networkx": lambda: interpreter("graph_networkx", ("networkx==3.6.1", *SCIENCE)),
    "networkx_newest": lambda: interpreter("graph_networkx_newest", ("networkx==3.7", *SCIENCE), "python3.13"),
    "nx_rustworkx": lambda: interpreter("graph_nx_rustworkx", ("networkx==3.6.1", "nx-rustworkx==0.2.1", *SCIENCE)),
    "rustworkx": lambda: interpreter("graph_rustworkx", ("rustworkx==0.18.1", "numpy==2.4.6")),
    "igraph": lambda: interpreter("graph_igraph", ("igraph==1.0.0", "numpy==2.4.6")),
    "networkit": lambda: interpreter("graph_networkit", ("networkit==11.3", *SCIENCE)),
    "graph_tool": lambda: installed("graph_tool", "BENCH_GRAPH_TOOL"),
    "raphtory": lambda: interpreter("graph_raphtory", ("raphtory==0.17.0", "numpy==2.4.6")),
}
CHAINS = {
    "M": ("5,000 members, all families", "180 s", "2", "tie", "structure", "path"),
    "L": ("100,000 members, linear families", "1,200 s, 4,096 MB", "1", "tie", "structure"),
}
"""Whole streams: what is computed of every week, the goal, on how many threads, which families."""
AT_LARGE = {
    "networkx": (*PATHS, "strength", "pagerank", "core", "clustering", "articulation", "constraint"),
    "networkx_newest": ("strength", "pagerank", "core", "articulation"),
    "nx_rustworkx": ("core",),
    "rustworkx": ("pagerank", "core", "articulation"),
    "networkit": LINEAR,
    "graph_tool": LINEAR,
    "raphtory": ("clustering",),
}
"""What is measured of 100,000 members: the rest cannot be sampled and takes minutes to hours, or 19 GB."""


def graph_file(scale: str) -> tuple[Path, dict[str, Any]]:
    """Return the file with the network of the stream's last week, which exists afterwards, and its size."""
    network = window_graph(people(MEMBERS[scale]), WEEKS - 1)
    file = OUT / f"graph_{scale}.npz"
    arrays = {name: getattr(network, name) for name in ("indptr", "indices", "strength", "length")}
    np.savez(file, **arrays)
    return file, {"title": f"{MEMBERS[scale]:,} members", "nodes": network.size, "ties": network.ties}


def real_file() -> tuple[Path, dict[str, Any], dict[str, Any]]:
    """Return the file with the fullest network of the real stream, its size, and what its weeks took.

    Raises:
        AbsentError: The stream is not beside the checkout.
    """
    if not WORKSHOPS.is_file():
        raise AbsentError(f"no {WORKSHOPS}")
    file = OUT / f"graph_{REAL}.npz"
    taken = answer([interpreter("ours", ()), str(HERE / "real.py"), str(WORKSHOPS), str(file)])
    title = f"The Carpentries, 13 weeks to {taken['until']}, of {taken['members']:,} people"
    return file, {"title": title, "nodes": taken["nodes"], "ties": taken["ties"]}, taken


def compare(scale: str, file: Path, peers: Mapping[str, str], seconds: float) -> dict[str, Any]:
    """Return what every library took for every measure of one graph."""
    sides = {}
    for peer, program in peers.items():
        measures = AT_LARGE.get(peer, ()) if scale == "L" else ()
        sides[peer] = answer([program, str(SCRIPT), peer, str(file), str(seconds), *measures])
        print(f"{scale}: {sides[peer]['library']}", flush=True)  # noqa: T201
    return {"measured": datetime.now(UTC).date().isoformat(), "sides": sides}


def weeks_of(scale: str, weeks: int) -> dict[str, Any]:
    """Return what so many weeks of a stream took as the chain computes them, with their peak memory."""
    _, asked, threads, *families = CHAINS[scale]
    arguments = [str(MEMBERS[scale]), str(weeks), threads, *families]
    taken: dict[str, Any] = answer([interpreter("ours", ()), str(HERE / "weeks.py"), *arguments])
    return taken | {"weeks": weeks, "threads": int(threads), "asked": asked}


def present(peers: list[str], absent: dict[str, str]) -> dict[str, str]:
    """Return the interpreters of the peers that are here; ``absent`` says of the others why not."""
    found = {}
    for peer in peers:
        try:
            found[peer] = PEERS[peer]()
            absent.pop(peer, None)
        except AbsentError as error:
            absent[peer] = str(error)
    return found


def measure(given: argparse.Namespace, known: dict[str, Any]) -> None:
    """Put what is measured in this run in the place of what was known."""
    programs = present(given.peers, known["absent"])
    for scale in given.scales:
        try:
            file, size, *real = real_file() if scale == REAL else graph_file(scale)
        except AbsentError as error:
            known["absent"]["the real stream"] = str(error)
            continue
        for taken in real:
            known["weeks"]["The Carpentries, all families"] = taken
        if programs:
            before = known["graphs"].get(scale, {"sides": {}})["sides"]
            now = compare(scale, file, programs, given.seconds)
            sides = {peer: (before | now["sides"])[peer] for peer in PEERS if peer in before | now["sides"]}
            known["graphs"][scale] = size | now | {"sides": sides}
        if given.weeks and scale in CHAINS:
            known["weeks"][CHAINS[scale][0]] = weeks_of(scale, given.weeks)
    if not given.no_more:
        known["growth"] = answer([interpreter("ours", ()), str(HERE / "growth.py")])
        known["history"] = answer([interpreter("ours", ()), str(HERE / "history.py")])


def write_page(text: str) -> None:
    """Put the text between the markers of the page."""
    begin, end = "<!-- bench-compute: begin -->", "<!-- bench-compute: end -->"
    page = PAGE.read_text()
    PAGE.write_text(re.sub(f"{begin}.*{end}", lambda _: f"{begin}\n{text}\n{end}", page, flags=re.DOTALL))


def main() -> None:
    """Measure, print and write."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--scales", nargs="*", choices=[*MEMBERS, REAL], default=[*MEMBERS, REAL])
    arguments.add_argument("--peers", nargs="*", choices=list(PEERS), default=list(PEERS))
    arguments.add_argument("--weeks", type=int, default=WEEKS)
    arguments.add_argument("--seconds", type=float, default=5.0)
    arguments.add_argument("--no-more", action="store_true")
    given = arguments.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    known: dict[str, Any] = {"graphs": {}, "weeks": {}, "absent": {}, "growth": {}, "history": {}}
    known |= json.loads(RESULT.read_text()) if RESULT.exists() else {}
    measure(given, known)
    RESULT.write_text(json.dumps(known, indent=2) + "\n")
    results = {scale: known["graphs"][scale] for scale in (*MEMBERS, REAL) if scale in known["graphs"]}
    lines = [line for scale, result in results.items() for line in table(scale, result)]
    lines += [*absences(known["absent"]), *goals(results, known["weeks"])]
    lines += [*growth(known["growth"]), *history(known["history"])]
    write_page("\n".join(lines))
    draw(results, known["growth"], FIGURE)
    print("\n".join([*lines, f"written to {RESULT}, {PAGE} and {FIGURE}"]))  # noqa: T201


if __name__ == "__main__":
    main()
