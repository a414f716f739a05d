"""How to reach a broker: the client's security settings, from the environment and files only.

    MAILLAGE_KAFKA_USERNAME        switches SASL over TLS on; a password never travels unencrypted
    MAILLAGE_KAFKA_PASSWORD        or MAILLAGE_KAFKA_PASSWORD_FILE, whose first line it is
    MAILLAGE_KAFKA_MECHANISM       SCRAM-SHA-512 (the default), SCRAM-SHA-256 or PLAIN
    MAILLAGE_KAFKA_CA              the PEM file of a private authority; alone it switches TLS on

No value of these ever stands in an error or a log line.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path

from producers.errors import SettingError, unknown

_PREFIX = "MAILLAGE_KAFKA_"
_MECHANISMS = ("SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN")

ClientSettings = dict[str, object]


def client_security(environment: Mapping[str, str]) -> ClientSettings:
    """Return the keyword arguments of a Kafka client that make it as secure as ``environment`` asks.

    Raises:
        SettingError: naming the variable that is missing or wrong, never its value.
    """
    username, authority = (environment.get(_PREFIX + name, "") for name in ("USERNAME", "CA"))
    if not username:
        _refuse_lone_password(environment)
        return {"security_protocol": "SSL", "ssl_context": _context(authority)} if authority else {}
    return {
        "security_protocol": "SASL_SSL",
        "ssl_context": _context(authority),
        "sasl_mechanism": _mechanism(environment),
        "sasl_plain_username": username,
        "sasl_plain_password": _password(environment),
    }


def _refuse_lone_password(environment: Mapping[str, str]) -> None:
    for name in ("PASSWORD", "PASSWORD_FILE"):
        if environment.get(_PREFIX + name):
            raise SettingError(f"{_PREFIX}{name} is set", expected=f"{_PREFIX}USERNAME beside it")


def _context(authority: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=authority or None)
    except (OSError, ssl.SSLError) as error:
        raise SettingError(
            f"{_PREFIX}CA names a file that cannot be used ({error})",
            expected="the certificate of the broker's authority, in PEM",
        ) from error


def _mechanism(environment: Mapping[str, str]) -> str:
    name = environment.get(_PREFIX + "MECHANISM", _MECHANISMS[0]).upper()
    if name not in _MECHANISMS:
        raise SettingError(unknown(_PREFIX + "MECHANISM", name[:40], _MECHANISMS), remedy="correct or remove it")
    return name


def _password(environment: Mapping[str, str]) -> str:
    password, file = (environment.get(_PREFIX + name, "") for name in ("PASSWORD", "PASSWORD_FILE"))
    if bool(password) == bool(file):
        found = "both are set" if password else "neither is set"
        raise SettingError(f"{_PREFIX}PASSWORD or {_PREFIX}PASSWORD_FILE: {found}", expected="one of them")
    return password or _first_line(Path(file))


def _first_line(file: Path) -> str:
    try:
        line = file.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        found = f"{_PREFIX}PASSWORD_FILE names {file}, which cannot be read"
        raise SettingError(found, remedy="let this user read it, and nobody else") from error
    if not line:
        raise SettingError(f"{_PREFIX}PASSWORD_FILE names {file}, which is empty", expected="the password")
    return line
