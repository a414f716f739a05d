"""The network in Python: what it publishes, what an instant means, and what a question may reach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import open_network, pseudonym
from analytics.compute import compute, to_compute
from analytics.disclosure import Thresholds
from analytics.network.instant import instant
from analytics.network.network import Network
from analytics.network.published import COUNTS, published_metric, published_skills
from producers.errors import UsageError
from producers.event import Attendee, Event, HelpAnswered, HelpRequested, InputSummarised, WorkshopHeld, encode
from producers.log import Entry
from producers.log.folder import FolderLog
from producers.settings import Settings
from tests.story import person, tell
from warehouse.ingest import ingest

pytestmark = pytest.mark.integration
PRESENT = datetime(2026, 11, 16, 6, tzinfo=UTC)
SUMMARY = InputSummarised(title="Forum", legal_basis="public_data", read=1, published=1, ignored=0, rejected=0)
FIVE = Thresholds()
MISSING = None


def workshop(skill: str, learners: Sequence[int]) -> Event:
    attendees = [Attendee(member=person(each), role="learner") for each in learners]
    return tell(WorkshopHeld(skills=[skill], attendees=attendees), f"workshop-{skill}", "2026-11-10")


def firm(name: str) -> str:
    return f"o_{sha256(name.encode()).hexdigest()[:24]}"


def asked(skill: str, number: int, requester: int, firm: str | None = None) -> Event:
    payload = HelpRequested(skills=[skill], requester=person(requester), organisation=firm)
    return tell(payload, f"{skill}-{number}", "2026-11-10")


def answered(skill: str, number: int, helper: int) -> Event:
    return tell(HelpAnswered(answer=f"a-{skill}-{number}", helper=person(helper)), f"{skill}-{number}", "2026-11-11")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home with one week of skills: many learn, few do, one asks for all, one answers to all."""
    settings = Settings(home=tmp_path_factory.mktemp("network"))
    story = [
        tell(SUMMARY, "urn:test", "2026-11-09"),
        workshop("many", range(6)),
        workshop("few", range(4)),
        workshop("mixed", range(10)),
        *(asked("mixed", number, 0) for number in range(6)),
        *(asked("one-helper", number, number) for number in range(5)),
        *(answered("one-helper", number, 9) for number in range(5)),
    ]
    return computed(settings, story)


@pytest.fixture(scope="module")
def firms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home where one firm makes nearly all requests about a skill, and five share those about another."""
    settings = Settings(home=tmp_path_factory.mktemp("firms"))
    story = [tell(SUMMARY, "urn:test", "2026-11-09")]
    for number in range(45):
        story.append(asked("one-firm", number, number, firm("large" if number < 40 else f"small-{number}")))
        story.append(asked("many-firms", number, number, firm(f"small-{number % 5}")))
    return computed(settings, story)


def computed(settings: Settings, story: list[Event]) -> Path:
    """Return the home where a story is taken in and computed."""
    log = FolderLog(settings.home / "log")
    log.append([Entry(each.key, encode(each)) for each in story], recorded_at=PRESENT - timedelta(days=3))
    ingest(log, settings.warehouse)
    compute(settings, to_compute(settings, PRESENT), present=PRESENT)
    return settings.home


@pytest.fixture
def published(home: Path) -> Network:
    return open_network(home, published=True)


class TestPublished:
    def test_counts_with_too_few_behind_them_are_missing_and_marked(self, published: Network) -> None:
        rows = published.skills().set_index("skill")
        shown = {
            skill: [None if pd.isna(row[name]) else int(row[name]) for name in COUNTS] for skill, row in rows.iterrows()
        }
        assert shown == {
            "many": [1, 6, 6, 0, 0],
            "few": [MISSING, MISSING, MISSING, 0, 0],
            "mixed": [7, 10, 10, MISSING, 0],
            "one-helper": [MISSING, 6, 0, 5, MISSING],
        }
        assert list(rows.loc["few", [f"{name}_mark" for name in COUNTS]]) == ["suppressed"] * 3 + ["zero"] * 2

    def test_a_total_that_would_tell_a_hidden_part_is_withheld(self, published: Network) -> None:
        row = published.skills().set_index("skill").loc["one-helper"]
        assert (row["events_mark"], row["asked_mark"], row["answered_mark"]) == ("suppressed", "shown", "suppressed")

    def test_the_threshold_is_that_of_the_settings(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MAILLAGE_THRESHOLD_PERSONS", "4")
        assert open_network(home, published=True).skills().set_index("skill").loc["few", "people"] == 4

    def test_one_week_is_published_like_all_of_them(self, published: Network) -> None:
        assert list(published.week().skills()["events_mark"]) == list(published.skills()["events_mark"])

    def test_a_metric_of_a_network_that_is_too_small_is_missing_and_marked(
        self, home: Path, published: Network
    ) -> None:
        open_row = open_network(home).metric("nodes", "help").iloc[-1]
        assert (open_row["value"], open_row["n"]) == (6, 6)
        row = published.metric("nodes", "help").iloc[-1]
        assert (row["value"], row["n"], row["mark"]) == (6, 6, "shown")

    def test_graphs_metrics_of_members_and_sql_are_refused(self, published: Network) -> None:
        for call in (
            lambda: published.graph("help"),
            lambda: published.metric("betweenness"),
            lambda: published.week().metric("degree"),
            lambda: published.week().graph("help"),
            lambda: published.sql("SELECT 1"),
        ):
            with pytest.raises(UsageError, match="can tell of single members"):
                call()

    def test_without_published_the_frames_are_as_they_were(self, home: Path) -> None:
        net = open_network(home)
        assert list(net.skills()) == ["skill", "week", *COUNTS]
        assert "mark" not in net.metric("nodes")


@pytest.mark.parametrize("metric", ["demand", "gap"])
def test_what_one_firm_makes_nearly_all_of_is_withheld(firms: Path, metric: str) -> None:
    told = open_network(firms).metric(metric).set_index("subject")
    assert (told["n"] >= FIVE.people).all()
    for shown in (
        open_network(firms, published=True).metric(metric),
        open_network(firms, published=True).week().metric(metric),
    ):
        marks = shown.set_index("subject")["mark"]
        assert marks.to_dict() == {"one-firm": "suppressed", "many-firms": "shown"}
        assert shown.set_index("subject").loc["one-firm", ["value", "low", "high", "n"]].isna().all()


def metric_rows(rows: Sequence[tuple[float, float, float, object]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["value", "low", "high", "n"])


def test_value_interval_and_people_of_a_metric_go_together() -> None:
    given_rows = metric_rows([(0.5, 0.1, 0.9, 5), (0.5, 0.1, 0.9, 4), (np.nan, np.nan, np.nan, 7), (0.0, 0.0, 0.0, 0)])
    made = published_metric(given_rows, FIVE)
    assert list(made["mark"]) == ["shown", "suppressed", "missing", "zero"]
    assert list(made.loc[0, ["value", "low", "high", "n"]]) == [0.5, 0.1, 0.9, 5]
    assert made.loc[1, ["value", "low", "high", "n"]].isna().all()
    assert made.loc[2, "n"] == 7


def test_a_metric_without_a_number_of_people_is_suppressed() -> None:
    made = published_metric(metric_rows([(0.5, 0.1, 0.9, None), (0.5, 0.1, 0.9, 5)]), FIVE)
    assert list(made["mark"]) == ["suppressed", "shown"]


def test_nothing_in_gives_nothing_out() -> None:
    assert published_metric(metric_rows([]), FIVE).empty
    rows = pd.DataFrame(columns=["skill", "week", *COUNTS])
    behind = pd.DataFrame(columns=["skill", "week", "requesters", "helpers", "parties"])
    assert list(published_skills(rows, behind, FIVE))[-1] == "answered_mark"


counts = st.integers(0, 12)


@given(st.lists(st.tuples(counts, counts, counts, counts, counts), max_size=8), st.integers(3, 11))
def test_no_count_below_the_threshold_is_ever_shown(told: list[tuple[int, int, int, int, int]], least: int) -> None:
    rows = pd.DataFrame(
        [(f"s{number}", date(2026, 11, 9), *each) for number, each in enumerate(told)],
        columns=["skill", "week", *COUNTS],
    ).astype(dict.fromkeys(COUNTS, "int64"))
    behind = pd.DataFrame(
        [(f"s{number}", date(2026, 11, 9), each[3], each[4], np.ones(each[3])) for number, each in enumerate(told)],
        columns=["skill", "week", "requesters", "helpers", "parties"],
    ).astype({"requesters": "int64", "helpers": "int64"})
    made = published_skills(rows, behind, Thresholds(people=least))
    assert len(made) == len(rows)
    for name in ("people", "learned", "asked", "answered"):
        seen = made[name].dropna()
        assert ((seen == 0) | (seen >= least)).all()
        assert (made[name].isna() == (made[f"{name}_mark"] == "suppressed")).all()
    alone = rows["events"] == rows["asked"] + rows["answered"]
    one_hidden = made["asked"].isna() ^ made["answered"].isna()
    assert made.loc[alone & one_hidden, "events"].isna().all()


class TestInstant:
    @pytest.mark.parametrize(
        ("given_instant", "meant"),
        [
            ("2026-08-01", "2026-07-31T22:00:00+00:00"),
            ("2026-12-01", "2026-11-30T23:00:00+00:00"),
            (date(2026, 8, 1), "2026-07-31T22:00:00+00:00"),
            (datetime(2026, 8, 1, 9), "2026-08-01T07:00:00+00:00"),  # noqa: DTZ001  that is what is tested
            ("2026-08-01T09:00", "2026-08-01T07:00:00+00:00"),
            ("2026-08-01T09:00Z", "2026-08-01T09:00:00+00:00"),
            ("2026-08-01T09:00-05:00", "2026-08-01T14:00:00+00:00"),
            (datetime(2026, 8, 1, 9, tzinfo=ZoneInfo("Europe/London")), "2026-08-01T08:00:00+00:00"),
            (datetime(2026, 8, 1, tzinfo=timezone(timedelta(hours=2))), "2026-07-31T22:00:00+00:00"),
            # the days on which the clock is set, and the hours that are skipped or come twice
            ("2026-03-29", "2026-03-28T23:00:00+00:00"),
            ("2026-03-30", "2026-03-29T22:00:00+00:00"),
            ("2026-03-29T02:30", "2026-03-29T01:30:00+00:00"),
            ("2026-10-25", "2026-10-24T22:00:00+00:00"),
            ("2026-10-26", "2026-10-25T23:00:00+00:00"),
            ("2026-10-25T02:30", "2026-10-25T00:30:00+00:00"),
            (datetime(2026, 10, 25, 2, 30, fold=1), "2026-10-25T01:30:00+00:00"),  # noqa: DTZ001  as above
        ],
    )
    def test_what_has_no_zone_is_meant_in_paris(self, given_instant: date | str, meant: str) -> None:
        assert instant(given_instant, PRESENT).isoformat() == meant

    def test_none_is_the_default(self) -> None:
        assert instant(None, PRESENT) == PRESENT

    @pytest.mark.parametrize("wrong", ["", "tomorrow", "01/08/2026", "2026-W46x", "2026-02-30", "0001-01-01"])
    def test_what_is_no_instant_is_refused_in_one_line(self, wrong: str) -> None:
        with pytest.raises(UsageError, match="expected") as caught:
            instant(wrong, PRESENT)
        assert "\n" not in str(caught.value)

    def test_a_graph_ends_where_the_day_in_paris_begins(self, home: Path) -> None:
        net = open_network(home)
        asked_at_noon, a_day = net.graph("help", since="2026-11-11"), net.graph("help", until=date(2026, 11, 11))
        assert (len(asked_at_noon), len(a_day)) == (6, 0)
        assert len(net.graph("copresence", "2026-11-10T12:59", "2026-11-10T13:01")) == 10

    def test_a_span_that_ends_before_it_begins_is_refused(self, home: Path) -> None:
        with pytest.raises(UsageError, match="since 2026-11-12 is after until 2026-11-11"):
            open_network(home).graph("help", "2026-11-12", "2026-11-11")


class TestSettings:
    def test_a_given_home_keeps_the_other_settings(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MAILLAGE_HOME", "elsewhere")
        monkeypatch.setenv("MAILLAGE_WINDOW_WEEKS", "26")
        found = open_network(home).settings
        assert (found.home, found.window_weeks) == (home, 26)

    def test_a_pseudonym_is_made_with_the_key_of_the_given_home(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MAILLAGE_THRESHOLD_PERSONS", "7")
        one, other = (pseudonym("urn:x#7", home=tmp_path / name) for name in ("one", "other"))
        assert one != other
        monkeypatch.setenv("MAILLAGE_HOME", str(tmp_path / "one"))
        assert pseudonym("urn:x#7") == one
        monkeypatch.setenv("MAILLAGE_THRESHOLD_PERSONS", "1")
        with pytest.raises(Exception, match="MAILLAGE_THRESHOLD_PERSONS"):
            pseudonym("urn:x#7", home=tmp_path / "one")


def test_a_question_from_python_reaches_tables_only(home: Path) -> None:
    net = open_network(home)
    frame_in_sight = pd.DataFrame({"a": [1]})
    for query in (f"SELECT * FROM read_text('{home}/key')", "SELECT * FROM frame_in_sight", "SELECT 1; SELECT 2", " "):
        with pytest.raises(UsageError):
            net.sql(query)
    assert len(frame_in_sight) == 1
    assert net.sql("SELECT $n AS n", n=3)["n"].tolist() == [3]


def test_communities_are_followed_from_the_computed_weeks(home: Path) -> None:
    found = open_network(home).communities("copresence")
    assert found.members["week"].unique().tolist() == [date(2026, 11, 9)]
    assert found.members["lasting"].value_counts().to_dict() == {1: 6, 2: 4}, "who met often, and who met once"
    assert found.stability.empty
    with pytest.raises(UsageError, match="single members"):
        open_network(home, published=True).communities("copresence")
