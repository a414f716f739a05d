"""The certificate of an erasure: what was scanned, what was found, what is left where until when; and its signature.

It names nobody: whom it is about can be shown only by who has the receipt that she was given, and her id.
"""

from __future__ import annotations

import hmac
import re
from datetime import datetime
from pathlib import Path

import msgspec

from producers.errors import InputError
from producers.identity import keyed_digest

_signed = re.compile(rb'(.*),\n  "signature": "([0-9a-f]{64})"\n}\n', re.DOTALL).fullmatch


class Column(msgspec.Struct, frozen=True):
    """In how many rows of a column the member was named, before and after."""

    table: str
    column: str
    before: int
    after: int


class Store(msgspec.Struct, frozen=True):
    """A file of tables that was scanned, every column that could hold a text."""

    store: str
    scanned: int
    named: list[Column]
    digest: str
    """SHA-256 of the file after."""


class Remainder(msgspec.Struct, frozen=True):
    """Something that may still hold the member's data, and the instant after which it does not."""

    what: str
    until: datetime | None


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """What is proved, without a word about whom."""

    about: str = "erasure of one person from a Maillage"
    request: str
    erased_at: datetime
    version: str
    commitment: str
    """HMAC-SHA256 of the member's id under the receipt, which only she was given."""
    events_removed: int
    events_reduced: int
    weeks_stale: int
    """How many weeks are to be computed again afterwards."""
    stores: list[Store]
    log_lines_erased: int
    files_removed: int
    key: str
    kept: str
    remains: list[Remainder]


def commitment(receipt: str, member: str) -> str:
    """Return what ties a certificate to a member, for who has the receipt."""
    return keyed_digest(receipt.encode(), "member", member)


def signed(certificate: Certificate, key: bytes) -> bytes:
    """Return the certificate as JSON that ends with its signature, which holds for each of its bytes."""
    text = msgspec.json.format(msgspec.json.encode(certificate), indent=2).removesuffix(b"\n}")
    return text + b',\n  "signature": "%s"\n}\n' % _signature(text, key).encode()


def verified(path: Path, key: bytes) -> Certificate:
    """Return the certificate that stands in a file.

    Raises:
        InputError: when it was not signed with this key, or has been changed by as little as one byte.
    """
    try:
        found = _signed(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path} can't be read ({error.strerror})", expected="a certificate") from error
    if not found or not hmac.compare_digest(_signature(found[1], key).encode(), found[2]):
        raise InputError(
            f"{path} does not verify: it was changed, or signed with the key of another place",
            expected="a certificate as maillage erase wrote it, byte by byte",
            remedy="ask the place for another copy",
        )
    return msgspec.json.decode(found[1] + b"}", type=Certificate)


def _signature(text: bytes, key: bytes) -> str:
    return keyed_digest(key, "certificate", text.decode("utf-8", "surrogateescape"))
