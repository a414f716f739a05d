"""Environments of peers: each in its own under ``var/bench/venvs``, made when it is first asked for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

VENVS = Path("var/bench/venvs")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS"), "1")


def interpreter(peer: str, pins: tuple[str, ...]) -> str:
    """Return the interpreter of a peer's own environment, which exists afterwards with these pins; ours without."""
    if not pins:
        return sys.executable
    folder, wanted = VENVS / peer, "\n".join(pins)
    program, made = folder.resolve() / "bin/python", folder / "pins"
    if not made.is_file() or made.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        subprocess.run([program, "-m", "pip", "install", "--quiet", *pins], check=True)
        made.write_text(wanted)
    return str(program)


def answer(command: list[str]) -> Any:  # noqa: ANN401 - JSON
    """Return the JSON on the last line that the command prints, on one thread; its own words show when it fails."""
    environment = os.environ | ONE_THREAD | {"PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        sys.exit(f"{command} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])
