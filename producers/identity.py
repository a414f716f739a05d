"""Pseudonyms: the only form in which a person or a firm leaves the place that knows them.

The key stays at the place. Who loses it can no longer tell that a person of today is a person of yesterday;
who destroys it makes every pseudonym meaningless, which is what erasure at the root means.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Literal

from producers.errors import InputError

KEY_BYTES = 32

_PREFIX = {"member": "m_", "organisation": "o_"}


def read_key(home: Path) -> bytes:
    """Return the secret key of this place; it is made on first use, readable by its owner alone.

    Raises:
        InputError: when others may read the key, or the file does not hold a key.
    """
    path = home / "identity.key"
    if not path.exists():
        _make_key(path)
    readable_by_others = path.stat().st_mode & 0o077
    if readable_by_others:
        raise InputError(
            f"{path} can be read by others (mode {path.stat().st_mode & 0o777:o})",
            expected="mode 600",
            remedy=f"run: chmod 600 {path}",
        )
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise InputError(
            f"{path} holds {len(key)} bytes",
            expected=f"a key of {KEY_BYTES} bytes",
            remedy="restore it from a backup; without it persons can't be recognised any more",
        )
    return key


def pseudonym(key: bytes, identity: str, *, kind: Literal["member", "organisation"] = "member") -> str:
    """Return the same pseudonym for the same identity, and nothing that leads back without the key.

    ``identity`` is ``<source urn>#<the source's own id or name>``: one person in two sources has two pseudonyms
    until ``identity.linked`` says that they are one.
    """
    return _PREFIX[kind] + keyed_digest(key, kind, identity)[:24]


def keyed_digest(key: bytes, kind: str, text: str) -> str:
    """Return 64 hexadecimal digits that stand for ``text``: HMAC-SHA256 under the place's key."""
    message = f"{kind}\0{text}".encode("utf-8", "surrogatepass")
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def _make_key(path: Path) -> None:
    """Create the key whole or not at all: a second process that is faster wins, and both read its key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
