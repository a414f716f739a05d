"""One valid event of every type, as its line says it."""

from __future__ import annotations

import msgspec

from producers.event import PREFIX

MEMBER, OTHER, FIRM = "m_" + "0" * 24, "m_" + "1" * 24, "o_" + "2" * 24

_EXAMPLES: dict[str, tuple[str, dict[str, object]]] = {
    "place.opened": ("lab-x", {"name": "Lab X", "country": "FR", "latitude": 47.6, "longitude": 6.8}),
    "place.updated": ("lab-x", {"capacity": 40, "languages": ["fr", "de"]}),
    "place.closed": ("lab-x", {}),
    "organisation.joined": (FIRM, {"circle": "second", "size_class": "10-49", "sector": "25", "country": "CH"}),
    "organisation.left": (FIRM, {}),
    "member.joined": (MEMBER, {"place": "lab-x", "public": "university", "facilitator": True}),
    "member.renewed": (MEMBER, {"organisation": FIRM}),
    "member.left": (MEMBER, {}),
    "member.erased": (MEMBER, {}),
    "consent.given": (MEMBER, {"purpose": "analytics", "text_version": "2026-1", "language": "fr"}),
    "consent.withdrawn": (MEMBER, {"purpose": "matching", "channel": "desk"}),
    "identity.linked": (MEMBER, {"other": OTHER}),
    "identity.unlinked": (MEMBER, {"other": OTHER}),
    "skill.declared": (MEMBER, {"skill": "découpe laser"}),
    "skill.certified": (MEMBER, {"skill": "soldering", "level": 3, "place": "lab-x"}),
    "skill.lapsed": (MEMBER, {"skill": "soldering"}),
    "machine.used": ("lab-x:laser-1", {"member": MEMBER, "minutes": 45}),
    "workshop.held": (
        "lab-x:w1",
        {
            "place": "lab-x",
            "ended_at": "2026-11-09T17:00:00+01:00",
            "skills": ["laser"],
            "attendees": [{"member": MEMBER, "role": "instructor"}, {"member": None, "role": "learner"}],
            "head_count": 2,
        },
    ),
    "help.requested": ("lab-x:q1", {"skills": ["laser"], "requester": MEMBER, "organisation": None}),
    "help.answered": ("lab-x:q1", {"answer": "lab-x:a1", "helper": OTHER}),
    "help.closed": ("lab-x:q1", {"outcome": "solved", "accepted_answer": "lab-x:a1"}),
    "event.retracted": ("lab-x:q1", {"source": "urn:maillage:lab-x", "id": "1", "reason": "mistake"}),
    "input.summarised": (
        "urn:maillage:lab-x",
        {"title": "Lab X", "legal_basis": "consent", "read": 3, "published": 1, "ignored": 1, "rejected": 1},
    ),
}


def envelope(name: str) -> dict[str, object]:
    """Return a valid event of the type as it stands in JSON; ``name`` is without prefix and version."""
    subject, data = _EXAMPLES[name]
    return {
        "specversion": "1.0",
        "id": f"example-{name}",
        "source": "urn:maillage:lab-x",
        "type": f"{PREFIX}{name}.v1",
        "subject": subject,
        "time": "2026-11-09T14:00:00+01:00",
        "datacontenttype": "application/json",
        "data": data,
    }


def line(name: str, **changed: object) -> bytes:
    """Return the example's line with some of its attributes changed."""
    return msgspec.json.encode({**envelope(name), **changed})


NAMES = tuple(_EXAMPLES)
