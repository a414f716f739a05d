"""Faults of the machine under the command: a full or a read-only disk, missing rights."""

from __future__ import annotations

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_DROP_CAPABILITY = 24
_OVERRIDING_RIGHTS = (1, 2)
_C = ctypes.CDLL(None)


@contextmanager
def small_disk(path: Path, size: str) -> Iterator[Path]:
    """Give a disk of its own of ``size`` at ``path``; the test skips where none may be mounted."""
    path.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path)]
    if os.geteuid() or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    try:
        yield path
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)  # noqa: S607  the system's


def remount(path: Path, options: str) -> None:
    """Change a disk under whoever uses it."""
    subprocess.run(["mount", "-o", f"remount,{options}", str(path)], check=True)  # noqa: S607  the system's


def without_overriding_rights() -> None:
    """Let the rights of files count for root too, in the process to come."""
    if not os.geteuid():
        for each in _OVERRIDING_RIGHTS:
            _C.prctl(_DROP_CAPABILITY, each)
