"""CloudEvents on Kafka: the header of the structured mode, and the binary mode turned into it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

HEADERS = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
"""What every record of ours carries."""

_STRUCTURED = b"application/cloudevents"
_ATTRIBUTE = "ce_"


def structured(headers: Sequence[tuple[str, bytes | None]], value: bytes | None) -> bytes | None:
    """Return a record's event as one line; its value as it is, where it is no event in binary mode.

    In binary mode the attributes are headers and the value is the payload alone. A payload that is no JSON is
    left to be refused by whoever decodes it.
    """
    named = dict(headers)
    kind = named.get("content-type") or b""
    if value is None or kind.startswith(_STRUCTURED) or f"{_ATTRIBUTE}specversion" not in named:
        return value
    attributes = {
        name.removeprefix(_ATTRIBUTE): (text or b"").decode(errors="replace")
        for name, text in named.items()
        if name.startswith(_ATTRIBUTE)
    }
    if kind:
        attributes["datacontenttype"] = kind.partition(b";")[0].decode(errors="replace")
    try:
        payload = msgspec.json.format(value, indent=-1)
    except msgspec.DecodeError:
        return value
    return msgspec.json.encode({**attributes, "data": msgspec.Raw(payload)})
