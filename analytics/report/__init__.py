"""The weekly report: built from the warehouse, put into words, written as a static site."""

from __future__ import annotations

from analytics.report.build import build_report
from analytics.report.content import Content

__all__ = ["Content", "build_report"]
