"""How a figure of a report is known: inputs, formula, SQL, version and code."""

from __future__ import annotations

from analytics.provenance.answer import Input, Why
from analytics.provenance.reason import why

__all__ = ["Input", "Why", "why"]
