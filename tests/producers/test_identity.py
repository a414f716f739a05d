from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.errors import InputError
from producers.identity import pseudonym, read_key


def test_the_key_is_made_on_first_use_and_stays(tmp_path: Path) -> None:
    key = read_key(tmp_path / "home")
    assert len(key) == 32
    assert read_key(tmp_path / "home") == key


def test_only_the_owner_can_read_the_key_and_nothing_else_is_left_behind(tmp_path: Path) -> None:
    read_key(tmp_path)
    assert stat.S_IMODE((tmp_path / "identity.key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["identity.key"]


def test_two_homes_have_two_keys(tmp_path: Path) -> None:
    assert read_key(tmp_path / "a") != read_key(tmp_path / "b")


def test_all_who_come_first_at_once_get_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: read_key(tmp_path), range(32)))
    assert len(keys) == 1


def test_a_key_that_others_can_read_is_refused_with_the_remedy(tmp_path: Path) -> None:
    read_key(tmp_path)
    (tmp_path / "identity.key").chmod(0o644)
    with pytest.raises(InputError, match=r"mode 644.*chmod 600"):
        read_key(tmp_path)


def test_a_key_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "identity.key"
    path.touch(mode=0o600)
    with pytest.raises(InputError, match="0 bytes; expected a key of 32 bytes"):
        read_key(tmp_path)


def test_a_pseudonym_is_known_for_a_known_key() -> None:
    # openssl dgst -sha256 -mac HMAC of "member\0urn:maillage:lab#12" under 32 zero bytes
    assert pseudonym(bytes(32), "urn:maillage:lab#12") == "m_6d81ea6273feed8ed0f1d977"
    assert pseudonym(bytes(32), "urn:maillage:lab#12", kind="organisation").startswith("o_")


@given(st.text(), st.text(), st.binary(min_size=32, max_size=32))
def test_a_pseudonym_depends_on_identity_key_and_kind_and_on_nothing_else(one: str, other: str, key: bytes) -> None:
    assert pseudonym(key, one) == pseudonym(key, one)
    assert (pseudonym(key, one) == pseudonym(key, other)) == (one == other)
    assert pseudonym(key, one) != pseudonym(key[::-1] + b"x", one)
    assert pseudonym(key, one)[2:] != pseudonym(key, one, kind="organisation")[2:]


def test_a_pseudonym_does_not_hold_the_name(key: bytes) -> None:
    assert "ada" not in pseudonym(key, "urn:maillage:lab#ada")
