"""The secure listener of a broker on this machine: a private authority, TLS, and one user with a password."""

from __future__ import annotations

import secrets
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from kafka.admin import KafkaAdminClient
from kafka.admin import UserScramCredentialUpsertion as Credential

from producers.errors import LogError

USERNAME = "maillage"
_DAYS = "3650"


def secure_listener(home: Path, host: str, port: int) -> tuple[str, str]:
    """Return what server.properties needs for a listener with TLS, SCRAM and PLAIN; keys are made on first use."""
    password = _secret(home / "password")
    store = _secret(home / "store-password")
    _make_certificates(home, host)
    user = f'username="{USERNAME}" password="{password}" user_{USERNAME}="{password}"'
    prefix, modules = "listener.name.sasl_ssl", "org.apache.kafka.common.security"
    lines = {
        "sasl.enabled.mechanisms": "SCRAM-SHA-512,PLAIN",
        f"{prefix}.plain.sasl.jaas.config": f"{modules}.plain.PlainLoginModule required {user};",
        f"{prefix}.scram-sha-512.sasl.jaas.config": f"{modules}.scram.ScramLoginModule required;",
        "ssl.keystore.location": home / "broker.p12",
        "ssl.keystore.type": "PKCS12",
        "ssl.keystore.password": store,
    }
    return f",SASL_SSL://{host}:{port}", "".join(f"{name}={value}\n" for name, value in lines.items())


def store_credentials(home: Path, address: str) -> None:
    """Tell the running broker the user's password for SCRAM; it keeps no more than a salted hash."""
    password = (home / "password").read_text().strip()
    with closing(KafkaAdminClient(bootstrap_servers=address)) as admin:
        refused = admin.alter_user_scram_credentials([Credential(USERNAME, "SCRAM-SHA-512", password)])[USERNAME]
    if refused:
        raise LogError(f"the broker refused the credentials: {refused}")


def program(name: str) -> str:
    """Return the path of an installed program.

    Raises:
        LogError: when it is not installed.
    """
    path = shutil.which(name)
    if path is None:
        raise LogError(f"{name} is not installed", expected="a JDK 17 and mvn", remedy="install it, or use Docker")
    return path


def run(command: Sequence[str], failure: str) -> None:
    """Run a program to its end.

    Raises:
        LogError: with ``failure`` and the program's last words.
    """
    finished = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own command
    if finished.returncode:
        words = [line for line in (finished.stdout + finished.stderr).splitlines() if line.strip()]
        raise LogError(f"{failure}: {(words or ['without a word'])[-1]}")


def _secret(file: Path) -> str:
    if not file.is_file():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(24) + "\n")
    return file.read_text().strip()


def _make_certificates(home: Path, host: str) -> None:
    if (home / "ca.pem").is_file():
        return
    keytool = [program("keytool")]
    store = ["-keystore", str(home / "broker.p12"), "-storepass:file", str(home / "store-password")]
    key = ["-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-validity", _DAYS]
    authority = [
        "-alias",
        "authority",
        "-dname",
        "CN=Maillage on this machine",
        "-ext",
        "bc:c",
        "-ext",
        "ku:c=keyCertSign",
    ]
    broker = ["-alias", "broker", "-signer", "authority", "-dname", "CN=broker", "-ext", f"san=ip:{host},dns:localhost"]
    failure = "the broker's certificate could not be made"
    run([*keytool, *key, *authority, *store], failure)
    run([*keytool, *key, *broker, *store], failure)
    run([*keytool, "-exportcert", "-rfc", "-alias", "authority", "-file", str(home / "ca.pem"), *store], failure)
    # The broker would present the first key of its store; and this authority has nothing more to sign.
    run([*keytool, "-delete", "-alias", "authority", *store], failure)
    (home / "broker.p12").chmod(0o600)
