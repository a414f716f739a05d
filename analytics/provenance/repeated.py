"""Figures that repeat another one of the report: those of the main points, of what to do, and of the recounts."""

from __future__ import annotations

from analytics.provenance.figure import Figure

_POINTS = {
    **dict.fromkeys(
        ("signal_up", "signal_down", "shift_up", "shift_down", "zero"),
        ("indicators.{subject}.value", "indicators.{subject}.median"),
    ),
    **{
        kind: (f"skills.{kind}.{{subject}}.current", f"skills.{kind}.{{subject}}.previous")
        for kind in ("growing", "fading")
    },
    **dict.fromkeys(("waiting", "answer"), ("waiting.total", "")),
    "waiting_theme": ("waiting.total", "waiting.themes.{subject}.total"),
    **dict.fromkeys(("answer_theme", "answer_door"), ("waiting.themes.{subject}.total", "")),
    **dict.fromkeys(("concern", "meet"), ("skills.concerns.{subject}.organisations", "")),
    **dict.fromkeys(("single_holder", "pass_on"), ("skills.single_holder", "")),
    "teach": ("skills.rare.{subject}.requests", "skills.rare.{subject}.holders"),
    "link": ("places.links.{subject} – {names[0]}.people", ""),
    "half": ("places.half", "places.beyond"),
}
"""By the kind of a point: which figures its value and its reference are."""
_RECOUNTS = {
    "members": "status.counted",
    "activity": "indicators.active_members.value",
    "skills": "skills.single_holder",
    "places": "places.beyond",
    "waiting": "waiting.total",
}


def repeated(figure: Figure) -> str:
    """Return the address of the figure that it repeats; empty where it stands for itself."""
    first, *_, last = figure.pattern.split(".")
    if first in ("points", "actions") and last in ("value", "reference"):
        point = figure.items[-1]
        template = _POINTS.get(str(point["kind"]), ("", ""))[last == "reference"]
        return template.format(**point)
    return _RECOUNTS.get(str(figure.items[-1]["section"]), "") if first == "recounts" else ""
