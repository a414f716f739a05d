"""The site on this machine: what is served, what is not, and what a page may do."""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from click.testing import CliRunner

from analytics.command.site import serve_command
from analytics.disclosure import Thresholds
from analytics.map import map_page
from analytics.map.build import arranged
from analytics.map.reading import Facts
from analytics.policy import policy
from analytics.report.serve import find, server
from producers.errors import UsageError
from producers.settings import Settings

INSIDE = {
    "index.html": "<p>index",
    "2026/S46/fr/index.html": "<p>semaine 46",
    "2026/S46/report.json": "{}",
    "2026/S46/tables/places.csv": "a\r\n",
    "feed.xml": "<feed/>",
    ".lock": "hidden",
    "2026/.S46.new/fr/index.html": "hidden",
    "notes.py": "no page",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name, text in INSIDE.items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, newline="")
    (tmp_path / "secret.html").write_text("secret")
    (tmp_path / "site-of-others").mkdir()
    (tmp_path / "site-of-others/index.html").write_text("secret")
    (tmp_path / "site/out.html").symlink_to(tmp_path / "secret.html")
    return tmp_path / "site"


@pytest.fixture
def port(site: Path) -> Iterator[int]:
    with server(site, 0) as serving:
        thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield serving.server_port
        serving.shutdown()
        thread.join()


def ask(port: int, address: str, method: str = "GET", host: str | None = None) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.putrequest(method, address, skip_host=True)
        connection.putheader("Host", host or f"127.0.0.1:{port}")
        connection.endheaders()
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/2026/S46/fr/", "text/html; charset=utf-8"),
        ("/2026/S46/fr/index.html?x=1#y", "text/html; charset=utf-8"),
        ("/2026/S46/report.json", "application/json"),
        ("/2026/S46/tables/places.csv", "text/csv; charset=utf-8"),
        ("/feed.xml", "application/atom+xml; charset=utf-8"),
    ],
)
def test_what_stands_in_the_site_is_served_as_what_it_is(port: int, address: str, kind: str) -> None:
    answer, body = ask(port, address)
    assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
    assert len(body) == int(answer.headers["Content-Length"])


@pytest.mark.parametrize(
    "address",
    [
        "/../secret.html",
        "/..%2fsecret.html",
        "/%2e%2e/secret.html",
        "/2026/../../secret.html",
        "/../site-of-others/index.html",
        "/..%5csecret.html",
        "//etc/index.html",
        "/out.html",
        "/.lock",
        "/2026/.S46.new/fr/index.html",
        "/notes.py",
        "/absent.html",
        "/index.html%00",
        "/" + "a" * 5000 + ".html",
    ],
)
def test_nothing_beside_the_site_is_served(port: int, address: str) -> None:
    answer, body = ask(port, address)
    assert answer.status == 404
    assert b"secret" not in body


def test_a_page_may_run_no_script_and_fetch_nothing_whatever_the_answer(port: int) -> None:
    for address in ("/", "/absent.html", "/2026/S46"):
        answer, _ = ask(port, address)
        told = answer.headers["Content-Security-Policy"]
        assert told.startswith("default-src 'none'; ")
        assert "script-src" not in told
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_map_may_run_its_own_script_and_no_other(port: int, site: Path) -> None:
    map_ = map_page(arranged(Facts((date(2026, 11, 9),), (), (), ()), Thresholds()), "fr", ["fr"])
    (site / "2026/S46/fr/map.html").write_text(map_, encoding="utf-8")
    told = ask(port, "/2026/S46/fr/map.html")[0].headers["Content-Security-Policy"]
    (script,) = [each for each in told.split("; ") if each.startswith("script-src")]
    inside = map_.rpartition("<script>")[2].partition("</script>")[0]
    assert script == f"script-src 'sha256-{b64encode(sha256(inside.encode()).digest()).decode()}'"
    assert "script-src" not in ask(port, "/2026/S46/fr/index.html")[0].headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "said",
    [
        "script-src 'unsafe-inline'",
        "script-src 'sha256-short='",
        "script-src 'self'",
        f"script-src 'sha256-{'A' * 43}=' 'unsafe-inline'",
        f"script-src 'sha256-{'A' * 43}=' evil.example",
    ],
)
def test_a_page_cannot_say_that_it_may_do_more(said: str) -> None:
    page = f'<meta http-equiv="Content-Security-Policy" content="{said}">'.encode()
    assert "script-src" not in policy("'none'", page)
    assert "script-src" not in policy("'none'", b" " * 1024 + page)


def test_a_folder_without_its_slash_leads_to_itself_and_never_elsewhere(port: int) -> None:
    answer, _ = ask(port, "/2026/S46/fr")
    assert (answer.status, answer.headers["Location"]) == (301, "/2026/S46/fr/")
    assert ask(port, "//evil.example/2026")[0].status == 404


def test_a_page_from_elsewhere_that_leads_its_own_name_here_gets_nothing(port: int) -> None:
    assert ask(port, "/", host="evil.example")[0].status == 421
    assert ask(port, "/", host=f"evil.example:{port}")[0].status == 421
    assert ask(port, "/", host=f"localhost:{port}")[0].status == 200


def test_nothing_can_be_sent_to_it(port: int) -> None:
    assert ask(port, "/", method="POST")[0].status == 501


def test_a_head_has_no_body(port: int) -> None:
    answer, body = ask(port, "/", method="HEAD")
    assert (answer.status, body) == (200, b"")


def test_only_this_machine_is_listened_to(site: Path) -> None:
    with server(site, 0) as serving:
        assert serving.server_address[0] == "127.0.0.1"


def test_a_port_that_is_taken_is_said_in_one_line(site: Path) -> None:
    with server(site, 0) as serving, pytest.raises(UsageError, match="cannot be taken: Address already in use"):
        server(site, serving.server_port)


def test_without_a_site_the_command_says_what_to_do(tmp_path: Path) -> None:
    result = CliRunner().invoke(serve_command, [], obj=Settings(home=tmp_path))
    assert isinstance(result.exception, UsageError)
    assert "maillage report" in str(result.exception)


def test_a_loop_of_links_leads_nowhere(site: Path) -> None:
    (site / "loop.html").symlink_to(site / "loop.html")
    assert find(site, "/loop.html") is None
