"""The figure beside the table: what each library takes of the processor, and how ours grows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from tests.bench.tables import GENERATED, LINEAR, PATHS, seconds_of

INK, SOFT, LINE, OURS = "#1b2430", "#54606f", "#dfdcd4", "#0b5c7a"
COLOURS = {
    "networkx": "#a5400a",
    "networkx_newest": "#d98b5f",
    "nx_rustworkx": "#b8a06a",
    "rustworkx": "#8a6d1f",
    "igraph": "#6a4c93",
    "networkit": "#3c7d4f",
    "graph_tool": "#7fa4b3",
    "raphtory": "#b0578d",
}
SHOWN = {"S": "200", "M": "5,000", "L": "100,000"}
GROWN = ("betweenness_w", "betweenness", "closeness", "constraint", "clustering", "pagerank", "core", "strength")
ROWS, NOTHING = 26, 0.05
UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))


def draw(results: Mapping[str, Any], exponents: Mapping[str, list[float]], file: Path) -> None:
    """Write the figure: libraries beside each other at 5,000 members, ours by ties from 200 to 100,000 members."""
    mpl.rcParams |= {"svg.hashsalt": "maillage", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 9}
    figure = Figure(figsize=(10.2, 5.4), layout="constrained")
    beside, grown = figure.subplots(1, 2, width_ratios=(1.75, 1))
    if "M" in results:
        _beside(beside, results["M"])
    if generated := {scale: results[scale] for scale in GENERATED if scale in results}:
        _grown(grown, generated, exponents)
    for axes in (beside, grown):
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.spines["bottom"].set_color(LINE)
        axes.tick_params(colors=SOFT, length=0)
    figure.savefig(file, metadata={"Date": None})


def _beside(axes: Axes, result: Mapping[str, Any]) -> None:
    """Draw a row a measure and a dot a library, on a scale of powers of ten."""
    names, sides = [*PATHS, *LINEAR][::-1], result["sides"]
    for row, name in enumerate(names):
        dots = {peer: found[0] for peer in sides if (found := seconds_of(sides, peer, name))}
        axes.plot([min(dots.values()), max(dots.values())], [row, row], color=LINE, linewidth=2, zorder=1)
        for peer, seconds in dots.items():
            own = peer == "ours"
            colour = OURS if own else COLOURS[peer]
            axes.scatter(seconds, row, s=70 if own else 26, color=colour, zorder=3 if own else 2, linewidth=0)
    for peer, side in sides.items():
        own = peer == "ours"
        axes.scatter([], [], s=70 if own else 26, color=OURS if own else COLOURS[peer], label=side["library"])
    axes.set_xscale("log")
    axes.minorticks_off()
    axes.set_yticks(range(len(names)), names, color=INK)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda seconds, _: told(seconds)))
    axes.grid(axis="x", color=LINE, linewidth=0.6)
    title = f"{result['title']}: {result['nodes']:,} nodes, {result['ties']:,} ties"
    axes.set_title(f"Processor time of one measure\n{title}", loc="left", color=INK, fontsize=10)
    axes.legend(ncols=3, loc="upper center", bbox_to_anchor=(0.45, -0.06), frameon=False, labelcolor=SOFT, fontsize=8)


def _grown(axes: Axes, results: Mapping[str, Any], exponents: Mapping[str, list[float]]) -> None:
    """Draw a line a measure of ours by the number of ties, with the exponents of nodes and ties."""
    axes.set_xscale("log")
    axes.set_yscale("log")
    ends = {}
    for name in GROWN:
        found = [(result["ties"], seconds_of(result["sides"], "ours", name)) for result in results.values()]
        ties, seconds = zip(*((ties, taken[0]) for ties, taken in found if taken), strict=True)
        axes.plot(ties, seconds, color=OURS, marker="o", markersize=3.5, linewidth=1.1)
        ends[name] = seconds[-1]
    last = max(result["ties"] for result in results.values())
    for name, height in _apart(ends, float(np.ptp(np.log10(axes.get_ylim()))) / ROWS).items():
        axes.annotate(_growth(name, exponents), (last, height), (8, 0), textcoords="offset points", va="center")
    axes.set_xticks([result["ties"] for result in results.values()], [SHOWN[scale] for scale in results])
    axes.set_xlabel("members of the stream", loc="left", color=SOFT)
    axes.set_xlim(right=last * 90)
    axes.minorticks_off()
    axes.yaxis.set_major_formatter(FuncFormatter(lambda seconds, _: told(seconds)))
    axes.grid(axis="y", color=LINE, linewidth=0.6)
    axes.set_title("Ours, by nodes (n) and ties (m)\nprocessor time on one core", loc="left", color=INK, fontsize=10)


def _apart(heights: Mapping[str, float], least: float) -> dict[str, float]:
    """Return the heights, pushed up where two labels are nearer than ``least`` powers of ten."""
    moved, lowest = {}, -np.inf
    for name, height in sorted(heights.items(), key=lambda each: each[1]):
        lowest = max(np.log10(height), lowest + least)
        moved[name] = 10**lowest
    return moved


def _growth(name: str, exponents: Mapping[str, list[float]]) -> str:
    """Return a measure with the powers of nodes and ties by which it grows."""
    powers = zip("nm", exponents.get(name, (0.0, 0.0)), strict=True)
    return " ".join([name, *(f"${letter}^{{{power:.1f}}}$" for letter, power in powers if abs(power) >= NOTHING)])


def told(seconds: float) -> str:
    """Return a power of ten of seconds in its own unit."""
    scale, unit = next(((scale, unit) for scale, unit in UNITS if seconds >= scale * 0.999), UNITS[-1])
    return f"{seconds / scale:,.0f} {unit}"
