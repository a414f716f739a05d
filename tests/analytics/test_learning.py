"""What firms learned before they asked: known answers, and the interval of a share."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.metrics.learning import learned, learning, wilson
from analytics.week import Week

COLUMNS = ["organisation", "skill", "kind", "occasion", "at"]


def facts(*rows: tuple[str, str, str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.assign(at=pd.to_datetime(frame["at"], utc=True))


STORY = facts(
    ("firm", "laser", "learned", "w1", "2026-01-10"),
    ("firm", "laser", "asked", "r1", "2026-01-05"),
    ("firm", "laser", "asked", "r2", "2026-01-20"),
    ("other", "laser", "asked", "r3", "2026-01-20"),
    ("other", "cnc", "learned", "w2", "2026-01-10"),
)


def test_a_request_after_the_workshop_came_after_learning_and_one_before_was_followed_by_it() -> None:
    (found,) = learning(STORY).to_dict("records")
    counts = {"skill": "laser", "requests": 3, "organisations": 2, "after": 1, "followed": 1}
    assert {name: found[name] for name in counts} == counts
    assert found["share"] == pytest.approx(1 / 3)
    assert found["low"] < 1 / 3 < found["high"]


def test_what_nobody_asked_for_has_no_row() -> None:
    assert learning(STORY)["skill"].tolist() == ["laser"]
    assert learning(facts()).empty


def test_what_another_firm_learned_does_not_count() -> None:
    story = facts(("a", "laser", "learned", "w", "2026-01-01"), ("b", "laser", "asked", "r", "2026-02-01"))
    assert learning(story)["after"].tolist() == [0]


def test_a_repeated_row_and_the_order_of_rows_change_nothing() -> None:
    once = learning(STORY)
    assert learning(pd.concat([STORY, STORY]).sample(frac=1, random_state=3)).equals(once)


def test_the_interval_of_a_share_covers_as_often_as_it_says() -> None:
    hits, of = np.array([0.0, 5.0, 10.0]), np.full(3, 10.0)
    low, high = wilson(hits, of)
    assert low[0] == pytest.approx(0)
    assert high[2] == pytest.approx(1)
    assert low[1] + high[1] == pytest.approx(1)
    rng = np.random.default_rng(5)
    truth, many = rng.uniform(size=20_000), np.full(20_000, 40.0)
    below, above = wilson(rng.binomial(40, truth).astype(float), many)
    assert np.mean((below <= truth) & (truth <= above)) == pytest.approx(0.90, abs=0.02)


def test_a_skill_that_fewer_than_three_organisations_asked_about_has_no_row_and_the_network_counts_all() -> None:
    days = {"learned": "2026-01-10", "asked": "2026-01-20"}
    firms = [("laser", firm, kind, day) for firm in ("a", "b", "c") for kind, day in days.items()]
    rest = ("a", "cnc", "asked", "r", "2026-02-01")
    told = facts(*((firm, skill, kind, f"{kind}-{firm}", day) for skill, firm, kind, day in firms), rest)
    rows = learned(Week(date(2026, 11, 9)), organisation_skill=told).set_index("metric")
    assert rows["subject"].to_dict() == {"skill_asked_after_learning": "laser", "asked_after_learning": "network"}
    assert rows["value"].to_dict() == {"skill_asked_after_learning": 1.0, "asked_after_learning": 0.75}
    assert rows["n"].to_dict() == {"skill_asked_after_learning": 3, "asked_after_learning": 3}
    nothing = learned(Week(date(2026, 11, 9)), organisation_skill=facts())
    assert nothing["value"].isna().all()
    assert nothing["n"].tolist() == [0]
