"""The plugin in Airflow's own API server: who sees what, how far a run's report is, and nothing beside the site."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.compute import compute, to_compute
from analytics.publication import PAGES, draft_week, publish_draft, publish_week
from analytics.report import view
from analytics.report.content import Content
from analytics.report.site import folder as folder_of
from analytics.report.words import Words
from analytics.week import PARIS, Week
from producers.log.opening import open_log
from producers.settings import Settings
from tests.conftest import ROOT
from tests.dags.conftest import DAGS
from tests.small_region import FIRST, LAST
from warehouse import snapshot
from warehouse.status import status

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

PRESENT = datetime(2026, 11, 17, 9, tzinfo=UTC)
PAGE = "site/2026/S46/fr/index.html"
USERS = {"ana": "op", "vic": "viewer"}
ROUTES = ("", "site/", PAGE, "draft/2026/S46/fr/index.html", "static/card.js", "run/weekly_report/some", "summary.json")


@pytest.fixture(scope="module")
def computed(small_region: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Give a copy of the region whose last week is computed and published."""
    home = Settings(home=shutil.copytree(small_region.home, tmp_path_factory.mktemp("published") / "home"))
    stale = [mark for mark in to_compute(home, PRESENT) if mark.week == LAST.monday]
    compute(home, stale, present=PRESENT)
    snapshot.publish(home.warehouse, home.snapshot)
    publish_week(home, LAST, PAGES)
    return home


@pytest.fixture
def here(computed: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Give a copy of that as the home that the server finds."""
    shutil.copytree(computed.home, tmp_path / "home")
    monkeypatch.setenv("MAILLAGE_HOME", str(tmp_path / "home"))
    return Settings(home=tmp_path / "home")


@pytest.fixture(scope="module")
def server(airflow: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """Give Airflow's API server as an application, with the plugin that the installation registers."""
    passwords = tmp_path_factory.mktemp("auth") / "passwords.json"
    passwords.write_text(json.dumps({name: f"of {name}" for name in USERS}))
    with pytest.MonkeyPatch.context() as patch:
        users = ",".join(f"{name}:{role}" for name, role in USERS.items())
        patch.setenv("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS", users)
        patch.setenv("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE", str(passwords))
        patch.setenv("AIRFLOW__API_AUTH__JWT_SECRET", "a secret that only this test has, long enough for the algorithm")
        patch.setenv("AIRFLOW__API__SECRET_KEY", "another one")
        from airflow.api_fastapi.app import create_app, purge_cached_app

        purge_cached_app()
        yield create_app(apps="core")
        purge_cached_app()


@pytest.fixture
def anonymous(server: FastAPI, here: Settings) -> TestClient:
    """Give a client that nobody has signed in."""
    from fastapi.testclient import TestClient

    return TestClient(server, base_url="http://testserver/maillage/", follow_redirects=False)


@pytest.fixture
def sign_in(server: FastAPI, anonymous: TestClient) -> Callable[[str], TestClient]:
    """Give a function from a user to a client with that user's token."""
    from fastapi.testclient import TestClient

    def signed_in(user: str) -> TestClient:
        answer = anonymous.post("http://testserver/auth/token", json={"username": user, "password": f"of {user}"})
        bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        return TestClient(server, base_url="http://testserver/maillage/", headers=bearer, follow_redirects=False)

    return signed_in


@pytest.fixture
def ana(sign_in: Callable[[str], TestClient]) -> TestClient:
    """Give the client of somebody who may approve."""
    return sign_in("ana")


@pytest.fixture(scope="module")
def known_dags(airflow: None) -> None:
    """Let the metadata database know the DAGs."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import BundleDagBag, sync_bag_to_db

    DagBundlesManager().sync_bundles_to_db()  # type: ignore[no-untyped-call]  # Airflow does not type it
    sync_bag_to_db(BundleDagBag(dag_folder=DAGS, bundle_path=DAGS, bundle_name="dags-folder"), "dags-folder", None)


@pytest.fixture
def make_run(known_dags: None) -> Iterator[Callable[..., str]]:
    """Give a function that makes a run of a week; it gives the address of its report."""
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy import delete

    made: list[str] = []

    def make(dag: str, key: str | None, state: str, *, asked: bool = False) -> str:
        made.append(f"asset_triggered__2026-11-16T00:00:05+00:00_{len(made)}")
        _make_run(dag, made[-1], key, state, asked=asked)
        return f"run/{dag}/{quote(made[-1])}"

    yield make
    with create_session() as session:
        session.execute(delete(DagRun).where(DagRun.run_id.in_(made)))


def _make_run(dag: str, run: str, key: str | None, state: str, *, asked: bool) -> None:
    from airflow.models.dagbag import DBDagBag
    from airflow.models.hitl import HITLDetail
    from airflow.utils.session import create_session
    from airflow.utils.state import DagRunState
    from airflow.utils.types import DagRunTriggeredByType, DagRunType

    with create_session() as session:
        found = DBDagBag().get_latest_version_of_dag(dag, session=session)
        assert found is not None
        made = found.create_dagrun(
            run_id=run,
            run_type=DagRunType.ASSET_TRIGGERED,
            run_after=PRESENT,
            triggered_by=DagRunTriggeredByType.TIMETABLE,
            state=DagRunState(state),
            partition_key=key,
            session=session,
        )
        if asked:
            (approval,) = (ti for ti in made.get_task_instances(session=session) if ti.task_id == "approval")
            session.add(
                HITLDetail(ti_id=approval.id, options=["Publier", "À corriger"], subject="Publier ?", params={})
            )


def test_the_installation_registers_the_plugin() -> None:
    (point,) = entry_points(group="airflow.plugins", name="maillage")
    assert point.value == "dags.plugin:MaillagePlugin"


@pytest.mark.usefixtures("airflow")
def test_every_address_is_relative_so_that_a_path_prefix_does_no_harm() -> None:
    from dags.plugin import MaillagePlugin

    views = [*MaillagePlugin.external_views, *MaillagePlugin.react_apps]
    found = [each[key] for each in views for key in ("href", "bundle_url", "icon", "icon_dark_mode") if key in each]
    assert len(found) == 5
    assert all(address.startswith("maillage/") for address in found)


def test_loading_the_plugin_does_not_load_what_it_serves() -> None:
    code = "import sys, dags.plugin; print({'fastapi', 'duckdb', 'dags.plugin.app'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "set()"


@pytest.mark.parametrize("route", ROUTES)
def test_nobody_sees_anything_before_signing_in(route: str, anonymous: TestClient) -> None:
    assert anonymous.get(route).status_code == 401


@pytest.mark.parametrize("name", ["docs", "openapi.json", "redoc"])
def test_the_application_describes_itself_to_nobody(name: str, anonymous: TestClient) -> None:
    assert anonymous.get(name).status_code in {401, 404}


def test_who_is_signed_in_reads_the_report_as_it_stands_in_the_site(ana: TestClient, here: Settings) -> None:
    answer = ana.get(PAGE)
    assert answer.status_code == 200
    assert answer.content == (here.home / PAGE).read_bytes()


def test_every_file_of_the_site_is_served_with_its_type_and_runs_nothing(ana: TestClient, here: Settings) -> None:
    types = {
        ".html": "text/html; charset=utf-8",
        ".json": "application/json",
        ".xml": "application/atom+xml",
        ".csv": "text/csv; charset=utf-8",
        ".parquet": "application/vnd.apache.parquet",
    }
    files = [path for path in here.site.rglob("*") if path.is_file() and not path.name.startswith(".")]
    assert len(files) >= 8
    for path in files:
        answer = ana.get(f"site/{path.relative_to(here.site)}")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, types[path.suffix]), path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        told = answer.headers["Content-Security-Policy"]
        assert ("script-src 'sha256-" in told) == (path.name == "map.html") == (b"<script" in answer.content)


@pytest.mark.parametrize("route", [PAGE, "summary.json", "run/weekly_report/none", "site/none", "static/card.js"])
def test_a_page_may_style_itself_and_nothing_else(route: str, ana: TestClient) -> None:
    rules = dict(rule.split(" ", 1) for rule in ana.get(route).headers["Content-Security-Policy"].split("; "))
    assert rules == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "'self' data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'self'",
    }


def test_a_page_that_is_known_is_not_sent_again_until_it_changes(ana: TestClient, here: Settings) -> None:
    first = ana.get(PAGE)
    tag = first.headers["ETag"]
    for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = ana.get(PAGE, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    path = here.home / PAGE
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    changed = ana.get(PAGE, headers={"If-None-Match": tag})
    assert (changed.status_code, changed.headers["ETag"] != tag) == (200, True)


def test_what_is_private_is_kept_by_no_shared_cache(ana: TestClient) -> None:
    assert ana.get(PAGE).headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "../published.duckdb",
        "..%2fpublished.duckdb",
        "%2e%2e/%2e%2e/identity.key",
        "2026/../../identity.key",
        "2026%2f..%2f..%2fidentity.key",
        "..%5cidentity.key",
        "%252e%252e/identity.key",
        "/etc/hostname",
        "%2fetc%2fhostname",
        "2026//S46/report.json",
        "outside.html",
        "outside/report.json",
        "loop.html",
        ".hidden.html",
        ".S46.new/fr/index.html",
        "notes.sqlite",
        "2026/S46",
        "index.html/",
        "x%00.html",
        f"{'x' * 300}.html",
    ],
)
def test_nothing_but_the_files_of_the_site_is_served(path: str, ana: TestClient, here: Settings) -> None:
    (here.home / "secret").mkdir()
    (here.home / "secret" / "report.json").write_text('"secret"')
    (here.site / "outside").symlink_to(here.home / "secret")
    (here.site / "outside.html").symlink_to(here.home / "secret" / "report.json")
    (here.site / "loop.html").symlink_to(here.site / "loop.html")
    (here.site / ".hidden.html").write_text("secret")
    (here.site / ".S46.new" / "fr").mkdir(parents=True)
    (here.site / ".S46.new" / "fr" / "index.html").write_text("secret")
    (here.site / "notes.sqlite").write_text("secret")
    answer = ana.get(f"site/{path}")
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_a_link_within_the_site_is_followed(ana: TestClient, here: Settings) -> None:
    (here.site / "newest").symlink_to(here.site / "2026" / "S46")
    assert ana.get("site/newest/report.json").status_code == 200


PARTS = st.sampled_from(["..", ".", "", "a", "b.html", "index.html", "up", "%2e%2e", "/", "\x00", "x" * 300])


@given(st.lists(PARTS, max_size=6).map("/".join))
def test_no_path_leads_out_of_the_folder(tmp_path_factory: pytest.TempPathFactory, path: str) -> None:
    from dags.plugin.folder import find

    root = tmp_path_factory.getbasetemp() / "walled" / "site"
    if not root.exists():
        (root / "a").mkdir(parents=True)
        for name in ("../index.html", "../b.html", "index.html", "a/b.html"):
            (root / name).write_text("")
        (root / "up").symlink_to(root.parent)
    found = find(root, path)
    assert found is None or (found.is_file() and found.is_relative_to(root.resolve()))


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("fr", "Cette page n’existe pas"),
        ("it, en;q=0.8", "There is no such page"),
        ("de-CH, en;q=0.8", "Diese Seite gibt es nicht"),
    ],
)
def test_a_week_that_is_not_published_is_said_so_in_the_reader_s_language(
    language: str, title: str, ana: TestClient
) -> None:
    answer = ana.get("site/2019/S01/fr/index.html", headers={"Accept-Language": language})
    assert answer.status_code == 404
    assert f"<h1>{title}</h1>" in answer.text


def test_the_entry_in_the_bar_leads_to_the_index_in_the_reader_s_language(ana: TestClient) -> None:
    for language, target in (("fr-CH, fr;q=0.9, en;q=0.8", "site/"), ("en-GB", "site/en/"), ("", "site/")):
        answer = ana.get("", headers={"Accept-Language": language})
        assert answer.headers["Location"] == target
        assert ana.get(target).status_code == 200


def test_before_the_first_report_it_says_so(ana: TestClient, here: Settings) -> None:
    shutil.rmtree(here.site)
    assert "Aucun rapport n’est encore publié" in ana.get("").text
    assert ana.get("summary.json").json()["report"] is None


def test_a_run_whose_report_is_out_leads_to_it(ana: TestClient, make_run: Callable[..., str]) -> None:
    done = make_run("weekly_report", "2026-11-09", "success")
    answer = ana.get(done)
    assert answer.headers["Location"] == f"../../{PAGE}"
    assert ana.get(f"{done}/../{answer.headers['Location']}").status_code == 200
    english = ana.get(done, headers={"Accept-Language": "en"})
    assert english.headers["Location"] == "../../site/2026/S46/en/index.html"


def test_a_run_before_the_report_leads_to_the_report_of_its_week(ana: TestClient, make_run: Callable[..., str]) -> None:
    early = make_run("close_week", "2026-11-09", "success")
    assert ana.get(early).headers["Location"] == f"../../{PAGE}"


def test_a_run_that_waits_leads_to_the_draft_and_to_what_is_out(
    ana: TestClient, here: Settings, make_run: Callable[..., str]
) -> None:
    draft_week(here, LAST, PAGES)
    answer = ana.get(make_run("weekly_report", "2026-11-09", "running", asked=True))
    assert answer.status_code == 200
    assert "une approbation attend" in answer.text
    assert "../../draft/2026/S46/fr/index.html" in answer.text
    assert f"../../{PAGE}" in answer.text
    assert ana.get("draft/2026/S46/fr/index.html").status_code == 200


def test_only_who_may_approve_reads_a_draft(
    sign_in: Callable[[str], TestClient], here: Settings, make_run: Callable[..., str]
) -> None:
    draft_week(here, LAST, PAGES)
    assert sign_in("vic").get("draft/2026/S46/fr/index.html").status_code == 403
    assert sign_in("vic").get(PAGE).status_code == 200
    assert sign_in("vic").get(make_run("weekly_report", "2026-11-09", "success")).status_code == 307


@pytest.mark.parametrize(
    ("dag", "key", "state", "said"),
    [
        ("weekly_report", "2026-11-02", "running", "Rapport de la semaine 45 de 2026\u00a0: en préparation"),
        ("weekly_report", "2026-11-02", "failed", "Rapport de la semaine 45 de 2026\u00a0: le lancement a échoué"),
        ("weekly_report", "2026-11-02", "success", "Rapport de la semaine 45 de 2026\u00a0: introuvable"),
        ("skill_trends", "2026-11-02", "running", "Rapport de la semaine 45 de 2026\u00a0: pas encore"),
        ("weekly_report", "2026-11-03", "success", "Ce lancement n’est d’aucune semaine"),
        ("drain_events", None, "success", "Ce DAG ne fait pas de rapport"),
    ],
)
def test_a_run_whose_report_is_not_out_says_how_far_it_is(
    dag: str, key: str | None, state: str, said: str, ana: TestClient, make_run: Callable[..., str]
) -> None:
    assert f"<h1>{said}</h1>" in ana.get(make_run(dag, key, state)).text


def test_a_run_without_a_partition_is_about_the_week_before_it(ana: TestClient, make_run: Callable[..., str]) -> None:
    assert ana.get(make_run("weekly_report", None, "success")).headers["Location"] == f"../../{PAGE}"


def test_a_run_that_nobody_made_is_not_found(ana: TestClient) -> None:
    assert ana.get("run/weekly_report/none").status_code == 404


@pytest.mark.parametrize("language", PAGES)
def test_the_card_says_what_the_report_says(language: str, ana: TestClient, here: Settings) -> None:
    told = ana.get("summary.json", params={"lang": language}).json()["report"]
    content = msgspec.json.decode((here.site / "2026/S46/report.json").read_bytes(), type=Content)
    words = Words(language)
    sentences = [view.sentence(point, words) for point in content.points]
    assert [(point["tone"], point["mark"], point["lead"], point["rest"]) for point in told["points"]] == [
        (each.tone, each.mark, each.lead.strip(), each.rest.strip()) for each in sentences
    ]
    assert (told["week"], told["monday"], told["to_correct"]) == ("2026-W46", "2026-11-09", False)
    assert told["address"] == f"site/2026/S46/{language}/index.html"


def test_the_card_says_that_a_report_is_to_be_corrected(ana: TestClient, here: Settings) -> None:
    publish_draft(here, draft_week(here, LAST, PAGES), to_correct="le nombre d'ateliers")
    assert ana.get("summary.json").json()["report"]["to_correct"] is True


def test_the_card_tells_when_each_source_was_last_heard(ana: TestClient, here: Settings) -> None:
    with closing(open_log(here.log_url)) as log:
        heard = {each.title: each.last_occurred_at for each in status(log, here.warehouse).sources}
    found = ana.get("summary.json").json()["sources"]
    days = {title: last.astimezone(PARIS).date().isoformat() for title, last in heard.items()}
    assert {each["title"]: each["last_heard"] for each in found} == days


def test_the_sources_that_the_alarm_would_name_are_silent_and_come_first(here: Settings) -> None:
    from dags.plugin.summary import sources

    now, later = (sources(here.snapshot, PRESENT + timedelta(days=days)) or [] for days in (0, 400))
    assert len(now) == len(later) > sum(each.silent for each in now)
    assert sum(each.silent for each in later) > sum(each.silent for each in now)
    assert [each.silent for each in later] == sorted((each.silent for each in later), reverse=True)


def test_the_card_waits_for_the_first_snapshot(ana: TestClient, here: Settings) -> None:
    here.snapshot.unlink()
    assert ana.get("summary.json").json()["sources"] is None
    here.snapshot.write_text("no warehouse")
    assert ana.get("summary.json").json()["sources"] is None


def test_the_card_tells_that_the_newest_week_waits_for_approval(ana: TestClient, make_run: Callable[..., str]) -> None:
    assert ana.get("summary.json").json()["approval"] is None
    make_run("weekly_report", "2026-11-09", "success")
    waiting = make_run("weekly_report", "2026-11-16", "running", asked=True)
    make_run("weekly_report", "2026-11-02", "running")
    approval = ana.get("summary.json").json()["approval"]
    assert (approval["week"], approval["monday"], approval["state"]) == ("2026-W47", "2026-11-16", "waiting")
    assert waiting.endswith(quote(approval["run"]))


def test_the_plugin_knows_the_site_as_the_report_does(dag_of: Callable[[str], Any]) -> None:
    from dags.plugin import shelf
    from dags.plugin.standing import CHAIN

    assert shelf.LANGUAGES == PAGES
    for week in (FIRST, LAST, Week(LAST.monday.replace(year=2027, month=1, day=4))):
        assert Path(shelf.folder(week)) == folder_of(Path(), week.monday)
    assert all(dag_of(name).dag_id == name for name in CHAIN)


@pytest.mark.usefixtures("airflow")
def test_every_case_is_said_in_every_language() -> None:
    from dags.plugin.page import Said, message

    for language in PAGES:
        for said in get_args(Said):
            answer = message(said, language, number="46", year="2026", run="some")
            assert f'<html lang="{language}">' in bytes(answer.body).decode()


@pytest.mark.usefixtures("airflow")
def test_a_value_never_becomes_mark_up() -> None:
    from dags.plugin.page import message

    answer = message("waiting", "fr", number="46", year="2026", run="<img src=x>")
    assert b"<img" not in answer.body
