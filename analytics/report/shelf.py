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
"""The folder of the pages of what was known then."""
REVISIONS = "revisions"
"""The folder of what stood here before it was corrected."""
_KEPT = (KEPT, REVISIONS)
"""What a folder holds beside its own files and never loses."""
_BYTES = {".parquet", ".png"}
"""Files that are no text."""
_HERE, _EXCHANGE = -100, 2
"""AT_FDCWD and RENAME_EXCHANGE of the call ``renameat2`` of Linux."""


Files = Mapping[str, str | bytes]
"""The files of a folder by their paths in it."""


@contextmanager
def alone(shelf: Path) -> Iterator[None]:
    """Let nobody else put anything on the shelf for this block; another process waits until it ends."""
    shelf.mkdir(parents=True, exist_ok=True)
    with (shelf / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def taken(folder: Path) -> dict[str, str | bytes]:
    """Return the files of a folder by their paths in it, without what it keeps; empty where there is none."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []
    found = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: _read(path) for name, path in found.items() if name.split("/")[0] not in _KEPT}


def put(files: Files, folder: Path, *, keep: Files | None = None) -> bool:
    """Return whether anything is new: ``folder`` holds exactly ``files`` now, and still what it keeps.

    What is to be kept from now on, by its path below ``REVISIONS``, appears in the same instant.

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
    for each in _KEPT:
        if (folder / each).exists():
            shutil.copytree(folder / each, made / each)
    _write(keep or {}, made / REVISIONS)
    _replace(folder, made, aside)
    return True


def put_file(text: str, path: Path) -> None:
    """Let one file hold the text, from one instant to the next."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8", newline="")
    part.replace(path)


def _read(path: Path) -> str | bytes:
    """Return a file with the ends of its lines as they are: those of a CSV are CRLF."""
    found = path.read_bytes()
    return found if path.suffix in _BYTES else found.decode()


def _write(files: Files, folder: Path) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


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
