"""Environments of peers: each in its own under ``var/bench/venvs``, made when it is first asked for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

VENVS = Path("var/bench/venvs")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS"), "1")


class AbsentError(Exception):
    """A peer cannot be measured here; the message says why."""


def interpreter(peer: str, pins: tuple[str, ...], python: str = "") -> str:
    """Return the interpreter of a peer's own environment, which exists afterwards with these pins; ours without.

    Raises:
        AbsentError: There is no such ``python`` on the path, or the pins do not install.
    """
    if not pins:
        return sys.executable
    folder, wanted = VENVS / peer, "\n".join(pins)
    program, made = folder.resolve() / "bin/python", folder / "pins"
    if not made.is_file() or made.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        _done([python or sys.executable, "-m", "venv", str(folder)])
        _done([str(program), "-m", "pip", "install", "--quiet", *pins])
        made.write_text(wanted)
    return str(program)


def installed(module: str, variable: str) -> str:
    """Return an interpreter that has a module no index has a wheel of: that of a variable, or the machine's.

    Raises:
        AbsentError: It has none.
    """
    program = os.environ.get(variable, "/usr/bin/python3")
    try:
        _done([program, "-c", f"import {module}"])
    except AbsentError:
        raise AbsentError(f"no wheel; {program} (${variable}) has no {module}") from None
    return program


def _done(command: list[str]) -> None:
    """Run a command to its end.

    Raises:
        AbsentError: It cannot start or fails, with its last line.
    """
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise AbsentError(f"no {command[0]} here") from None
    except subprocess.CalledProcessError as error:
        lines = [line for line in error.stderr.splitlines() if line.strip()] or ["no reason given"]
        raise AbsentError(f"{' '.join(command[:5])}: {lines[-1]}") from None


def answer(command: list[str]) -> Any:  # noqa: ANN401 - JSON
    """Return the JSON on the last line that the command prints, on one thread; its own words show when it fails."""
    environment = os.environ | ONE_THREAD | {"PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        sys.exit(f"{command} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])
