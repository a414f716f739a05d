"""Settings: read once at the edge, from the environment over ``maillage.toml`` over the defaults."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, get_args

import msgspec
from msgspec import Meta, Struct

from producers.errors import SettingError, unknown

FILE = "maillage.toml"
PREFIX = "MAILLAGE_"
ALIKE = 0.9
"""From which likeness on a variable is taken for a misspelt setting."""


class Settings(Struct, frozen=True, kw_only=True):
    """Everything that can be set; the environment names are these in capitals after ``MAILLAGE_``."""

    home: Path = Path("var")
    log: str = ""
    window_weeks: Annotated[int, Meta(ge=1, le=104)] = 13
    half_life_weeks: Annotated[float, Meta(gt=0, le=520)] = 6.0
    facilitators: bool = True
    """False leaves facilitators out of every network: they stand on every request of some guichets."""
    threshold_persons: Annotated[int, Meta(ge=3, le=11)] = 5
    threshold_organisations: Annotated[int, Meta(ge=3, le=11)] = 3
    metrics_port: Annotated[int, Meta(ge=0, le=65535)] = 0
    publish_seconds: Annotated[float, Meta(ge=1, le=86_400)] = 60.0
    workers: Annotated[int, Meta(ge=1, le=64)] = 2

    @property
    def log_url(self) -> str:
        """Return where the event log is: the setting, or the folder in the home."""
        return self.log or f"file://{self.home.resolve() / 'log'}"

    @property
    def warehouse(self) -> Path:
        """Return the path of the live warehouse file."""
        return self.home / "warehouse.duckdb"

    @property
    def snapshot(self) -> Path:
        """Return the path of the published read-only copy."""
        return self.home / "published.duckdb"

    @property
    def staged(self) -> Path:
        """Return the folder of results on their way into the warehouse."""
        return self.home / "staged"

    @property
    def drafts(self) -> Path:
        """Return the folder of the pages that nobody has published yet."""
        return self.home / "drafts"

    @property
    def site(self) -> Path:
        """Return the folder of the published pages."""
        return self.home / "site"


def read_settings(environment: Mapping[str, str] | None = None, *, folder: Path = Path()) -> Settings:
    """Return the settings in force.

    Raises:
        SettingError: naming the setting, where it was read, and what it may be.
    """
    environment = os.environ if environment is None else environment
    found = {**_from_file(folder / FILE), **_from_environment(environment)}
    values: dict[str, object] = {}
    for name, (value, origin) in found.items():
        values[name] = _converted(name, value, origin)
    return msgspec.convert(values, Settings)


def _from_file(path: Path) -> dict[str, tuple[object, str]]:
    if not path.is_file():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingError(f"{path} can't be read ({error.strerror})", remedy="give this user the right to") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingError(f"{path} is not TOML: {error}", remedy="mend or remove the file") from error
    return {name: (value, str(path)) for name, value in table.items()}


def _from_environment(environment: Mapping[str, str]) -> dict[str, tuple[object, str]]:
    names = Settings.__struct_fields__
    variables = [f"{PREFIX}{name.upper()}" for name in names]
    for variable in sorted(environment.keys() - set(variables)):
        # Not every other one is refused: adapters and tests have theirs.
        if variable.startswith(PREFIX) and (meant := get_close_matches(variable, variables, 1, ALIKE)):
            raise SettingError(f"unknown environment variable {variable}", remedy=f"did you mean {meant[0]}?")
    return {
        name: (environment[variable], f"the environment variable {variable}")
        for name in names
        if (variable := f"{PREFIX}{name.upper()}") in environment
    }


def _converted(name: str, value: object, origin: str) -> object:
    fields = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    if name not in fields:
        raise SettingError(f"{origin}: {unknown('setting', name, fields)}", remedy="correct or remove it")
    try:
        return msgspec.convert(value, fields[name], strict=False, dec_hook=_decoded)
    except (msgspec.ValidationError, TypeError) as error:
        found = f"{origin} gives {name} = {value!r}"
        raise SettingError(found, expected=_wanted(fields[name]), remedy="correct it there") from error


def _decoded(kind: type, raw: object) -> object:
    if kind is Path and not raw:  # would be the folder that happens to be the current one
        raise TypeError
    return kind(raw)


def _wanted(kind: object) -> str:
    """Return in words what a setting may be."""
    (bare, *marks) = get_args(kind) or (kind,)
    words = {Path: "a folder", str: "text", int: "a whole number", float: "a number"}[bare]
    for mark in marks:
        least = f"over {mark.gt}" if mark.gt is not None else f"from {mark.ge}"
        words += f" {least} to {mark.le}"
    return words
