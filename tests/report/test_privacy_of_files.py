"""Nobody stands in any file of the site: every file of every kind is opened and read as its readers can."""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from producers.settings import Settings
from warehouse.connection import read

ADDRESS = re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+\.[a-z]{2,}")
PSEUDONYM = re.compile(r"\b[mo]_[0-9a-f]{24}\b")


def plain(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def rows_of_csv(path: Path) -> str:
    return "\n".join("\t".join(row) for row in csv.reader(io.StringIO(plain(path), newline="")))


def rows_of_parquet(path: Path) -> str:
    """Return the values and what the file says of itself."""
    table = pq.read_table(path)
    return f"{table.schema.to_string(show_schema_metadata=True)}\n{table.to_pylist()}"


def words_of_png(path: Path) -> str:
    """Return the texts that a picture carries beside its points."""
    data, found, place = path.read_bytes(), [], 8
    while place < len(data):
        size, kind = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8]
        body = data[place + 8 : place + 8 + size]
        if kind in (b"tEXt", b"iTXt", b"zTXt", b"eXIf"):
            found.append(zlib.decompress(body.split(b"\0", 1)[1][1:]) if kind == b"zTXt" else body)
        place += 12 + size
    return b"\n".join(found).decode("utf-8", "replace")


READERS: dict[str, Callable[[Path], str]] = {
    ".html": plain,
    ".json": plain,
    ".xml": plain,
    ".csv": rows_of_csv,
    ".parquet": rows_of_parquet,
    ".png": words_of_png,
}


def files(site: Path) -> Iterator[Path]:
    """Give every file but the lock, which is empty."""
    return (path for path in sorted(site.rglob("*")) if path.is_file() and path.name != ".lock")


@pytest.fixture(scope="module")
def known(small_site: Settings) -> set[str]:
    """Give every name that somebody has in the warehouse: people and organisations."""
    asked = "SELECT member FROM member UNION SELECT organisation FROM membership WHERE organisation IS NOT NULL"
    with read(small_site.snapshot if small_site.snapshot.exists() else small_site.warehouse) as connection:
        return {row[0] for row in connection.execute(asked).fetchall()}


def test_every_kind_of_file_of_the_site_is_one_that_is_read_here(small_site: Settings) -> None:
    kinds = Counter(path.suffix for path in files(small_site.site))
    assert kinds.keys() <= READERS.keys()
    assert {".html", ".json", ".xml", ".csv", ".parquet"} <= kinds.keys()


def test_nobody_stands_in_any_file_of_the_site(small_site: Settings, known: set[str]) -> None:
    assert len(known) > 50
    names = re.compile("|".join(sorted(re.escape(name) for name in known)))
    for path in files(small_site.site):
        text = READERS[path.suffix](path)
        for pattern in (names, PSEUDONYM, ADDRESS):
            assert pattern.search(text) is None, f"{path.relative_to(small_site.site)}: {pattern.pattern[:40]}"


def test_nobody_stands_in_the_bytes_of_a_file_or_in_its_name(small_site: Settings, known: set[str]) -> None:
    found = [
        str(path.relative_to(small_site.site))
        for path in files(small_site.site)
        if PSEUDONYM.search(path.read_bytes().decode("latin-1")) or any(name in str(path) for name in known)
    ]
    assert found == []


def test_a_member_who_does_stand_in_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("a,b\r\nm_0123456789abcdef01234567,1\r\n", newline="")
    assert PSEUDONYM.search(READERS[".csv"](tmp_path / "bad.csv"))
