"""What was told already: one small file a matter, so that nobody is told the same twice."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import msgspec


class Telling(msgspec.Struct, frozen=True):
    """What was last told about a matter, and when."""

    at: datetime | None = None
    items: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Told:
    """The memory of one matter, kept under ``<home>/told``."""

    home: Path
    matter: str

    def last(self) -> Telling:
        """Return what was told last; a note that cannot be read is as good as none: it is told once more."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Telling)
        except (OSError, msgspec.DecodeError):
            return Telling()

    def keep(self, items: Iterable[str], *, present: datetime) -> None:
        """Have ``items`` told as of ``present``."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(msgspec.json.encode(Telling(present, frozenset(items))))
        part.replace(self._path)

    @property
    def _path(self) -> Path:
        return self.home / "told" / f"{sha256(self.matter.encode()).hexdigest()[:16]}.json"
