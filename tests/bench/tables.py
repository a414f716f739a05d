"""What was measured as tables: a graph a table, the goals, and how cost grows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PATHS = ("betweenness", "closeness", "harmonic", "betweenness_w", "closeness_w", "harmonic_w")
LINEAR = ("strength", "pagerank", "core", "clustering", "clustering_w", "articulation", "constraint", "communities")
FUSED = {"harmonic": "closeness", "closeness_w": "betweenness_w", "harmonic_w": "betweenness_w"}
"""What comes out of the pass of another measure."""
BOUNDED = {
    "strength": ("strength_bound", 2),
    "pagerank": ("pagerank_bound", 2),
    "core": ("one_read", 8),
    "articulation": ("one_read", 8),
    "clustering": ("two_steps", 8),
    "clustering_w": ("two_steps", 8),
    "constraint": ("two_steps", 8),
}
"""The least that memory lets a measure take, measured in the same run, and how many times that is the goal."""
GENERATED = ("S", "M", "L")


def seconds_of(sides: Mapping[str, Any], peer: str, measure: str) -> tuple[float, bool] | None:
    """Return the processor seconds of a measure and whether they are scaled from a sample; None where it is missing."""
    measures = sides[peer]["measures"] if peer in sides else {}
    name = FUSED.get(measure, measure) if peer == "ours" else measure
    return (measures[name]["cpu_s"], measures[name]["sources"] is not None) if name in measures else None


def table(scale: str, result: Mapping[str, Any]) -> list[str]:
    """Return the lines of the table of one graph: processor milliseconds, and how many times ours that is."""
    sides = result["sides"]
    size = f"{result['title']}: {result['nodes']:,} nodes, {result['ties']:,} ties"
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
    lines = ["| goal, at 5,000 members where nothing else is said | asked | found |", "|---|---|---|"]
    name = "weighted betweenness, closeness, harmonic beside"
    lines += [_goal(f"{name} {peer}", 2, sides, peer, PATHS[3:]) for peer in ("igraph", "networkit")]
    lines.append(_goal("hop betweenness beside igraph", 1.8, sides, "igraph", PATHS[:1]))
    lines.append(_goal("closeness and harmonic beside igraph", 40, sides, "igraph", PATHS[1:3]))
    lines.append(_goal("a week of all measures beside networkx", 200, sides, "networkx", (*PATHS, *LINEAR)))
    lines.append(f"| a week of all measures, CPU | 1.5 s | {_week(sides):.2f} s |")
    generated = [scale for scale in GENERATED if scale in results]
    lines += [_bound(scale, results[scale]["sides"], measure) for measure in BOUNDED for scale in generated]
    return [*lines, *(_weeks(name, taken) for name, taken in weeks.items()), ""]


def _week(sides: Mapping[str, Any]) -> float:
    passes = {FUSED.get(measure, measure) for measure in (*PATHS, *LINEAR)}
    return sum(found[0] for each in passes if (found := seconds_of(sides, "ours", each)))


def _weeks(name: str, taken: Mapping[str, Any]) -> str:
    found = f"{taken['cpu_s']:.0f} CPU-s, {taken['wall_s']:.0f} s on {taken['threads']}, {taken['peak_mb']:.0f} MB"
    return f"| {taken['weeks']} weeks, {name} | {taken.get('asked', '')} | {found} |"


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


def growth(exponents: Mapping[str, list[float]]) -> list[str]:
    """Return how each measure's cost grows with nodes and with ties."""
    lines = ["| growth of ours, CPU ~ nodes^a ties^b | a | b |", "|---|---|---|"]
    lines += [f"| {name} | {nodes:.2f} | {ties:.2f} |" for name, (nodes, ties) in exponents.items()]
    return [*lines, ""]


def history(taken: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Return what a week costs by the weeks that lie before it."""
    lines = ["| weeks of history | CPU ms a week, networks | all metrics |", "|---|---|---|"]
    lines += [f"| {weeks} | {each['networks'] * 1e3:.0f} | {each['all'] * 1e3:.0f} |" for weeks, each in taken.items()]
    return [*lines, ""]


def absences(absent: Mapping[str, str]) -> list[str]:
    """Return which peers were not measured, and why."""
    return [f"Not measured: {name} ({why})." for name, why in absent.items()] + [""] * bool(absent)
