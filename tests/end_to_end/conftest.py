"""The command as people run it: in a process of its own, in a home of its own."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.shared import made_once

SMALL = ("--members", "100", "--weeks", "20")
"""The smallest region."""


@dataclass(frozen=True)
class Maillage:
    """The command in one home."""

    home: Path

    def run(self, *arguments: str, code: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
        """Return what the command did; its exit code is the expected one, and it never shows a traceback."""
        done = subprocess.run(
            [sys.executable, "-m", "analytics", *arguments],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "MAILLAGE_HOME": str(self.home), **environment},
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode == code, done.stdout + done.stderr
        return done

    def rows(self, query: str) -> list[list[str]]:
        """Return the rows of an answer, without its head."""
        return list(csv.reader(self.run("sql", "--format", "csv", query).stdout.splitlines()))[1:]

    def number(self, query: str) -> int:
        """Return the one number of an answer."""
        return int(self.rows(query)[0][0])

    def report(self, year: int, week: int) -> dict[str, Any]:
        """Return the numbers of a report that was written."""
        path = self.home / "site" / str(year) / f"S{week:02d}" / "report.json"
        report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return report


@pytest.fixture
def maillage(tmp_path: Path) -> Maillage:
    """Give the command in an empty home."""
    return Maillage(tmp_path / "home")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Maillage:
    """Give the home in which the demo has run once; tests only read it."""

    def make(home: Path) -> None:
        done = Maillage(home).run("demo")
        assert "The weekly report:" in done.stdout
        assert "Nothing has changed" not in done.stdout

    return Maillage(made_once(tmp_path_factory, "demo", make))


@pytest.fixture(scope="session")
def small_demo(tmp_path_factory: pytest.TempPathFactory) -> Maillage:
    """Give the home in which the demo of the smallest region has run once; tests take copies."""

    def make(home: Path) -> None:
        Maillage(home).run("demo", *SMALL)

    return Maillage(made_once(tmp_path_factory, "small-demo", make))
