"""A shelf: folders that appear whole, with all their files, from one instant to the next."""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

KEPT = "as-of"
"""What a folder holds beside its own files and never loses: the pages of what was known then."""
_HERE, _EXCHANGE = -100, 2
"""AT_FDCWD and RENAME_EXCHANGE of the call ``renameat2`` of Linux."""


@contextmanager
def alone(shelf: Path) -> Iterator[None]:
    """Let nobody else put anything on the shelf for this block; another process waits until it ends."""
    shelf.mkdir(parents=True, exist_ok=True)
    with (shelf / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def taken(folder: Path) -> dict[str, str]:
    """Return the files of a folder by their paths in it, without what it keeps; empty where there is none."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []
    found = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: path.read_text(encoding="utf-8") for name, path in found.items() if not name.startswith(f"{KEPT}/")}


def put(files: Mapping[str, str], folder: Path) -> bool:
    """Return whether anything is new: ``folder`` holds exactly ``files`` now, and still what it keeps.

    At any moment its path leads to all files of before or to all files of now, after a crash as well. Where the file
    system cannot exchange two folders, it leads nowhere for a moment, and the next call mends what a crash left.
    """
    aside, made = folder.with_name(f".{folder.name}.old"), folder.with_name(f".{folder.name}.new")
    if aside.exists() and not folder.exists():
        aside.rename(folder)
    if taken(folder) == dict(files):
        return False
    for left in (aside, made):
        shutil.rmtree(left, ignore_errors=True)
    _write(files, made)
    if (folder / KEPT).exists():
        shutil.copytree(folder / KEPT, made / KEPT)
    _replace(folder, made, aside)
    return True


def put_file(text: str, path: Path) -> None:
    """Let one file hold the text, from one instant to the next."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _write(files: Mapping[str, str], folder: Path) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _replace(folder: Path, made: Path, aside: Path) -> None:
    """Let ``folder`` name what was made, and remove what it named before."""
    if not folder.exists():
        made.rename(folder)
    elif _exchanged(folder, made):
        shutil.rmtree(made)
    else:
        folder.rename(aside)
        made.rename(folder)
        shutil.rmtree(aside)


def _exchanged(one: Path, other: Path) -> bool:
    """Return whether each path now names what the other named; False where the system has no such call."""
    call = getattr(ctypes.CDLL(None), "renameat2", None)
    return call is not None and call(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0
