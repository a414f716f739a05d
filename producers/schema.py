"""The contract as JSON Schemas: one file per event type, the whole CloudEvents envelope with its payload."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import cast

import msgspec

from producers.event import PAYLOADS, PREFIX, Envelope, Payload

FOLDER = Path(__file__).parent / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
ZONE = r"([Zz]|[+-]\d{2}:?\d{2})$"

_SUBJECTS = {
    "place": r"^[a-z0-9][a-z0-9._:-]{0,119}$",
    "organisation": r"^o_[0-9a-f]{24}$",
    "member": r"^m_[0-9a-f]{24}$",
}

Schema = dict[str, object]


def schemas() -> dict[str, Schema]:
    """Return file name -> JSON Schema 2020-12 of every event type, made from the structs that decode them."""
    return {f"{name.removeprefix(PREFIX)}.json": _schema(name, payload) for name, payload in PAYLOADS.items()}


def write_schemas(folder: Path) -> list[Path]:
    """Return the files written, one for each event type; equal contracts give equal bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, schema in schemas().items():
        path = folder / name
        path.write_text(as_text(schema), encoding="utf-8")
        written.append(path)
    return written


def as_text(schema: Schema) -> str:
    """Return the schema as the text that its file holds."""
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


def _schema(name: str, payload: type[Payload]) -> Schema:
    (envelope, data), parts = msgspec.json.schema_components((Envelope, payload), ref_template="#/$defs/{name}")
    parts = cast(dict[str, Schema], _plain(parts))
    frame = parts.pop(str(cast(Schema, envelope)["$ref"]).rpartition("/")[2])
    properties = cast(dict[str, Schema], frame["properties"])
    subject = {**properties["subject"]}
    if payload.noun in _SUBJECTS:
        subject["pattern"] = _SUBJECTS[payload.noun]
    return {
        "$schema": DIALECT,
        "$id": f"urn:maillage:schema:{name.removeprefix(PREFIX)}",
        "title": name,
        "description": inspect.getdoc(payload),
        "type": "object",
        "properties": {**properties, "type": {"const": name}, "subject": subject, "data": data},
        "required": frame["required"],
        "$defs": parts,
    }


def _plain(part: object) -> object:
    """Return the schema with a zone asked of every time, and with descriptions that no Python version indents.

    ``date-time`` alone is often not checked by readers.
    """
    if isinstance(part, list):
        return [_plain(each) for each in part]
    if not isinstance(part, dict):
        return part
    plain = {name: _plain(each) for name, each in part.items()}
    words = plain.get("description")
    if isinstance(words, str):
        plain["description"] = inspect.cleandoc(words)
    return {**plain, "pattern": ZONE} if part.get("format") == "date-time" else plain
