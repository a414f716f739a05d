"""Settings: what makes no sense is refused with the place it was read and what it may be."""

from __future__ import annotations

from pathlib import Path

import pytest

from producers.errors import SettingError
from producers.settings import Settings, read_settings

EMPTY = Path("/nowhere")


def test_the_environment_counts_before_the_file_and_the_file_before_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "maillage.toml").write_text("window_weeks = 20\nworkers = 3\n")
    found = read_settings({"MAILLAGE_WINDOW_WEEKS": "26"}, folder=tmp_path)
    assert found == Settings(window_weeks=26, workers=3)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        *(
            ("WINDOW_WEEKS", value, "expected a whole number from 1 to 104")
            for value in ("", "0", "1.5", "x", "٣", "105")
        ),
        *(("HALF_LIFE_WEEKS", value, "expected a number over 0 to 520") for value in ("0", "nan", "inf", "-inf", "x")),
        *(("THRESHOLD_PERSONS", value, "expected a whole number from 3 to 11") for value in ("2", "12", "five")),
        *(("PUBLISH_SECONDS", value, "expected a number from 1 to 86400") for value in ("0", "nan", "1e9")),
        *(("METRICS_PORT", value, "expected a whole number from 0 to 65535") for value in ("-1", "65536")),
        ("HOME", "", "expected a folder"),
    ],
)
def test_nonsense_in_the_environment_is_refused(name: str, value: str, expected: str) -> None:
    with pytest.raises(SettingError) as caught:
        read_settings({f"MAILLAGE_{name}": value}, folder=EMPTY)
    assert f"MAILLAGE_{name} gives {name.lower()} = {value!r}; {expected}; correct it there" in str(caught.value)


def test_a_misspelt_variable_is_refused_and_a_strange_one_is_not() -> None:
    with pytest.raises(SettingError, match="MAILLAGE_WINDOW_WEEK; did you mean MAILLAGE_WINDOW_WEEKS"):
        read_settings({"MAILLAGE_WINDOW_WEEK": "26"}, folder=EMPTY)
    others = ("MAILLAGE_KAFKA_USERNAME", "MAILLAGE_KAFKA_CA", "MAILLAGE_TEST_KAFKA", "MAILLAGE_TEST_SEED", "HOME")
    assert read_settings(dict.fromkeys(others, "x"), folder=EMPTY) == Settings()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"window_weeks = ", "is not TOML"),
        (b"\xff\xfe", "is not TOML"),
        (b"windows = 3", "unknown setting 'windows'"),
        (b"home = 3", "expected a folder"),
        (b"workers = [1]", "expected a whole number from 1 to 64"),
    ],
)
def test_nonsense_in_the_file_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "maillage.toml").write_bytes(content)
    with pytest.raises(SettingError, match=says) as caught:
        read_settings({}, folder=tmp_path)
    assert "maillage.toml" in str(caught.value)
    assert "\n" not in str(caught.value)
