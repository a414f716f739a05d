from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from producers.schema import FOLDER, as_text, schemas, write_schemas
from tests.producers.examples import NAMES, envelope

REGENERATE = "run: maillage schema --out producers/schemas"


def test_the_committed_schemas_are_in_step_with_the_contract() -> None:
    committed = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    assert committed == {name: as_text(schema) for name, schema in schemas().items()}, REGENERATE


def test_writing_them_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    first = [path.read_bytes() for path in write_schemas(tmp_path)]
    assert first == [path.read_bytes() for path in write_schemas(tmp_path)]
    assert len(first) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one_and_its_example_keeps_it(name: str) -> None:
    schema = schemas()[f"{name}.v1.json"]
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(json.dumps(envelope(name))))


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("help.requested", {"type": "fr.maillage.help.closed.v1"}),
        ("help.requested", {"time": "2026-11-09T14:00:00"}),
        ("help.requested", {"subject": "a b"}),
        ("help.requested", {"data": {"skills": ["a@example.org"]}}),
        ("help.requested", {"data": {"requester": "Ada Lovelace"}}),
        ("help.closed", {"data": {}}),
        ("help.closed", {"data": {"outcome": "forgotten"}}),
        ("member.joined", {"subject": "Ada"}),
        ("place.opened", {"subject": "Lab X"}),
        ("workshop.held", {"data": {"head_count": -1}}),
        ("workshop.held", {"data": {"ended_at": "2026-11-09T14:00:00"}}),
        ("workshop.held", {"data": {"attendees": [{"member": "m_" + "0" * 24, "role": "guest"}]}}),
        ("workshop.held", {"specversion": "0.3"}),
    ],
)
def test_what_the_contract_refuses_the_schema_refuses(name: str, damage: dict[str, object]) -> None:
    validator = jsonschema.Draft202012Validator(schemas()[f"{name}.v1.json"])
    assert not validator.is_valid({**envelope(name), **damage})
