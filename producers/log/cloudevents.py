"""CloudEvents on Kafka: the header of the structured mode, and the binary mode turned into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from kafka.consumer.fetcher import ConsumerRecord

HEADERS = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
"""What every record of ours carries."""

_STRUCTURED = b"application/cloudevents"
_ATTRIBUTE = "ce_"


def structured(record: ConsumerRecord) -> bytes | None:
    """Return the record's event as one line; its value as it is, where it is no event in binary mode.

    In binary mode the attributes are headers and the value is the payload alone. A payload that is no JSON is
    left to be refused by whoever decodes it.
    """
    headers = dict(record.headers)
    kind = headers.get("content-type") or b""
    if record.value is None or kind.startswith(_STRUCTURED) or f"{_ATTRIBUTE}specversion" not in headers:
        return record.value  # type: ignore[no-any-return]  # kafka-python has no types
    attributes = {
        name.removeprefix(_ATTRIBUTE): (value or b"").decode(errors="replace")
        for name, value in headers.items()
        if name.startswith(_ATTRIBUTE)
    }
    if kind:
        attributes["datacontenttype"] = kind.partition(b";")[0].decode(errors="replace")
    try:
        payload = msgspec.json.format(record.value, indent=-1)
    except msgspec.DecodeError:
        return record.value  # type: ignore[no-any-return]  # kafka-python has no types
    return msgspec.json.encode({**attributes, "data": msgspec.Raw(payload)})
