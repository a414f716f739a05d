"""A complaint about a report: in which file, where, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Complaint:
    """One thing that keeps a report from being read; it quotes nothing that may be private."""

    page: str
    place: str
    says: str

    def __str__(self) -> str:
        """Return it on one line."""
        return f"{self.page}, {self.place}: {self.says}"
