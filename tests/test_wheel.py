"""What is installed where there is no checkout: the wheel."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from tests.conftest import ROOT

PACKAGES = ("producers", "warehouse", "analytics", "dags")


def test_the_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    (wheel,) = tmp_path.glob("*.whl")
    with ZipFile(wheel) as opened:
        held = {name for name in opened.namelist() if name.startswith(tuple(f"{each}/" for each in PACKAGES))}
    files = {path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file()}
    wanted = {str(path.relative_to(ROOT)) for path in files if path.parent.name != "__pycache__"}
    assert wanted == held
