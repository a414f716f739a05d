"""Networks of places and of skills, and who is left out: small regions worked by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from analytics.metrics import LAYERS, METRICS, Linked, linked, network_metrics

SINCE, UNTIL = datetime(2026, 8, 17, tzinfo=UTC), datetime(2026, 11, 16, tzinfo=UTC)
DAY = timedelta(days=1)

MEMBERS = {"ann": "atelier", "bob": "atelier", "cem": "banc", "dan": "canal", "eva": None, "fil": "banc"}


def labels(facilitators: str = "") -> pd.DataFrame:
    rows = [(member, place, None, None, member in facilitators.split()) for member, place in MEMBERS.items()]
    return pd.DataFrame(rows, columns=["member", "place", "public", "country", "facilitator"])


def participation(**workshops: str) -> pd.DataFrame:
    """Return workshops named ``place`` or ``place_number``, with who was there."""
    rows = [
        (name, member, "learner", SINCE + DAY, len(members.split()), name.split("_")[0])
        for name, members in workshops.items()
        for member in members.split()
    ]
    return pd.DataFrame(rows, columns=["workshop", "member", "role", "at", "size", "place"])


def answers(*pairs: tuple[str, str]) -> pd.DataFrame:
    rows = [(f"r{n}", f"a{n}", one, other, UNTIL - DAY, False) for n, (one, other) in enumerate(pairs)]
    return pd.DataFrame(rows, columns=["request", "answer", "requester", "helper", "at", "accepted"])


def occasions(*facts: tuple[str, str, str, str | None]) -> pd.DataFrame:
    rows = [(skill, SINCE + DAY, kind, occasion, member) for skill, kind, occasion, member in facts]
    return pd.DataFrame(rows, columns=["skill", "at", "kind", "occasion", "member"])


def network(
    layer: str,
    *,
    met: pd.DataFrame | None = None,
    given: pd.DataFrame | None = None,
    happened: pd.DataFrame | None = None,
    guides: str = "",
    facilitators: bool = True,
) -> Linked:
    known = {
        "participation": participation() if met is None else met,
        "answers": answers() if given is None else given,
        "occasions": occasions() if happened is None else happened,
        "labels": labels(guides),
    }
    return linked(layer, known, since=SINCE, until=UNTIL, half_life=None, facilitators=facilitators)


def strengths(found: Linked) -> dict[tuple[str, str], float]:
    pairs = zip(found.ties["source"], found.ties["target"], strict=True)
    return dict(zip(pairs, found.ties["strength"], strict=True))


def test_two_places_are_tied_by_everybody_who_was_at_both() -> None:
    # Ann links two places, Bob three: each of his three pairs gets a half; Cem stays where he is.
    met = participation(atelier="ann bob", banc="ann bob cem", canal="bob", banc_2="cem ann")
    found = network("shared_people", met=met)
    assert strengths(found) == {("atelier", "banc"): 1.5, ("atelier", "canal"): 0.5, ("banc", "canal"): 0.5}
    assert found.ties["count"].tolist() == [2, 1, 1]
    assert found.behind.to_dict() == {"atelier": 2, "banc": 3, "canal": 1, "network": 3}


def test_help_between_places_leads_from_who_asked_to_who_answered() -> None:
    given = answers(("ann", "cem"), ("bob", "cem"), ("cem", "ann"), ("dan", "dan"), ("eva", "ann"), ("ann", "bob"))
    found = network("place_help", given=given)
    assert strengths(found) == {
        ("atelier", "atelier"): 1,
        ("atelier", "banc"): 2,
        ("banc", "atelier"): 1,
        ("canal", "canal"): 1,
    }
    assert found.behind.to_dict() == {"atelier": 2, "banc": 1, "canal": 1, "network": 4}


def test_skills_are_tied_by_who_holds_both_and_by_who_asked_for_both() -> None:
    happened = occasions(
        ("laser", "workshop", "w1", "ann"),
        ("cnc", "answer", "r1 a1", "ann"),
        ("laser", "workshop", "w1", None),
        ("cnc", "workshop", "w2", None),
        ("laser", "request", "r2", "bob"),
        ("iot", "request", "r2", "bob"),
        ("iot", "request", "r3", "bob"),
        ("laser", "request", "r3", "bob"),
        ("iot", "statement", "s1", "ann"),
    )
    held = network("held_together", happened=happened)
    assert strengths(held) == {("cnc", "laser"): 1.0}
    assert held.behind["laser"] == 1
    asked = network("asked_together", happened=happened)
    assert strengths(asked) == {("iot", "laser"): 1.0}
    assert asked.behind["network"] == 1


def test_requests_of_nobody_known_stand_for_themselves() -> None:
    happened = occasions(*((skill, "request", f"r{n}", None) for n in range(2) for skill in ("iot", "laser")))
    assert strengths(network("asked_together", happened=happened)) == {("iot", "laser"): 2.0}


@pytest.mark.parametrize("layer", LAYERS)
def test_without_facilitators_nothing_that_they_did_makes_a_tie(layer: str) -> None:
    roles = ["instructor", "learner", "instructor", "learner", "learner", "instructor"]
    met = participation(atelier="ann bob", banc="ann bob cem", canal="ann").assign(role=roles)
    given = answers(("bob", "ann"), ("cem", "ann"))
    kinds = [("workshop", "w"), ("request", "r")]
    happened = occasions(*((skill, *kind, "ann") for kind in kinds for skill in ("laser", "cnc")))
    with_them = network(layer, met=met, given=given, happened=happened, guides="ann")
    without = network(layer, met=met, given=given, happened=happened, guides="ann", facilitators=False)
    assert len(with_them.ties) > len(without.ties)
    assert "ann" not in {*without.ties["source"], *without.ties["target"]}
    if layer == "copresence":
        assert strengths(without) == {("bob", "cem"): 0.5}  # three were there


@pytest.mark.parametrize("layer", LAYERS)
def test_a_network_without_an_event_is_empty(layer: str) -> None:
    found = network(layer)
    assert found.ties.empty
    assert found.behind.to_dict() == {"network": 0}


def test_the_rows_of_a_network_of_places_are_about_places_and_count_the_people_behind() -> None:
    met = participation(atelier="ann bob", banc="ann bob cem", canal="bob")
    found = network("shared_people", met=met)
    rows = network_metrics(found.ties, "shared_people", families=["tie", "path"], behind=found.behind)
    assert set(rows["subject_kind"]) == {"place", "network"}
    degree = rows[rows["metric"] == "degree"].set_index("subject")
    assert degree["value"].to_dict() == {"atelier": 2, "banc": 2, "canal": 2}
    assert degree["n"].to_dict() == {"atelier": 2, "banc": 3, "canal": 1}
    assert rows.loc[rows["subject_kind"] == "network", "n"].unique().tolist() == [3]


def test_every_metric_of_a_network_is_computed_in_every_layer() -> None:
    assert all(set(metric.layers) == set(LAYERS) for metric in METRICS.values() if metric.layers)


def test_the_order_of_rows_changes_no_bit() -> None:
    rng = np.random.default_rng(7)
    people = [f"m{number}" for number in range(20)]
    met = participation(**{f"place{n % 5}_{n}": " ".join(rng.choice(people, 4, replace=False)) for n in range(30)})
    expected = network("shared_people", met=met)
    for seed in range(3):
        found = network("shared_people", met=met.sample(frac=1.0, random_state=seed))
        pd.testing.assert_frame_equal(found.ties, expected.ties, check_exact=True)
        assert found.behind.to_dict() == expected.behind.to_dict()


def test_an_unknown_layer_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"unknown layer 'love' \(known: asked_together, copresence"):
        network("love")
