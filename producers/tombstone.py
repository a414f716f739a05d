"""Tombstones: what is left of a person who asked to be forgotten, and what her events become without her."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from producers.event import Event, WorkshopHeld, encode
from producers.identity import keyed_digest

ACTORS = ("member", "requester", "helper")
"""Fields that name who acted; null there is a deleted account, which the metrics leave out."""


def tombstone(key: bytes, member: str) -> str:
    """Return the keyed hash that stands for an erased member: it recognises her, and leads nobody back to her."""
    return keyed_digest(key, "erased", member)


def without(event: Event, members: Collection[str]) -> Event | None:
    """Return the event once ``members`` are forgotten; None where nothing of it may stay.

    What others did stays, with nobody in the place of the forgotten: as if her account had been deleted at the source.
    What is about her, or says that she is somebody else, goes whole.
    """
    if event.subject in members:
        return None
    gone: dict[str, object] = {name: None for name in ACTORS if getattr(event.data, name, None) in members}
    if isinstance(event.data, WorkshopHeld):
        gone["attendees"] = [
            msgspec.structs.replace(each, member=None) if each.member in members else each
            for each in event.data.attendees
        ]
    left = msgspec.structs.replace(event, data=msgspec.structs.replace(event.data, **gone))
    text = encode(left).decode()
    return None if any(member in text for member in members) else left
