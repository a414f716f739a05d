"""Connections to Kafka: made so that they end cleanly, and failing with errors that say what to do."""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from kafka.errors import KafkaError
from kafka.net.compat import KafkaNetClient

from producers.errors import LogError
from producers.log.security import ClientSettings

PATIENCE = 5.0
"""How many seconds to wait for a broker that does not answer."""

# Its debug lines hold keys, values and passwords; what its warnings say comes back as our errors, once.
logging.getLogger("kafka").setLevel(logging.CRITICAL)

Client = TypeVar("Client")


class BrokerUnreachable(LogError):
    """No broker answers."""

    retryable = True


def client_settings(servers: str, security: ClientSettings) -> ClientSettings:
    """Return what every client of these servers is made with."""
    return {
        "bootstrap_servers": servers,
        "bootstrap_timeout_ms": int(PATIENCE * 1000),
        "reconnect_backoff_max_ms": 1000,
        **security,
    }


def connected(kind: Callable[..., Client], settings: ClientSettings) -> Client:
    """Return a client of this kind; one that cannot connect leaves no thread behind, as kafka-python's would."""
    networks: list[KafkaNetClient] = []

    def network(**configuration: object) -> KafkaNetClient:
        networks.append(KafkaNetClient(**configuration))
        return networks[-1]

    try:
        return kind(kafka_client=network, **settings)
    except KafkaError as error:
        for each in networks:
            each.close()
        raise _diagnosis(settings, error) from error


def _diagnosis(settings: ClientSettings, error: KafkaError) -> LogError:
    """Return why there is no connection; the client itself says no more than that there is none."""
    server = str(settings["bootstrap_servers"]).partition(",")[0]
    host, _, port = server.rpartition(":")
    context = settings.get("ssl_context")
    try:
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as plain:
            if isinstance(context, ssl.SSLContext):
                context.wrap_socket(plain, server_hostname=host).close()
    except ssl.SSLError as refusal:
        remedy = "check that MAILLAGE_KAFKA_CA is the broker's authority and that the broker speaks TLS there"
        return LogError(f"{server}: no encrypted connection ({refusal.reason})", remedy=remedy)
    except OSError as refusal:
        found = f"{server}: no broker answers ({refusal.strerror or refusal})"
        return BrokerUnreachable(found, remedy="start the broker or correct MAILLAGE_LOG, then try again")
    if "sasl_mechanism" in settings:
        remedy = "check MAILLAGE_KAFKA_USERNAME and its password, or wait until the broker is ready"
    else:
        remedy = "set MAILLAGE_KAFKA_USERNAME or MAILLAGE_KAFKA_CA if it wants TLS, or wait until it is ready"
    return BrokerUnreachable(f"{server}: something listens but lets nobody in ({error})", remedy=remedy)


@contextmanager
def reaching(address: str) -> Iterator[None]:
    """Turn what the client raises into an error that says what to do."""
    try:
        yield
    except KafkaError as error:
        if error.retriable:
            remedy = "start the broker or correct MAILLAGE_LOG, then try again"
            raise BrokerUnreachable(f"{address}: no broker answers ({error})", remedy=remedy) from error
        raise LogError(f"{address}: {error}", remedy=_remedy(error)) from error


def _remedy(error: KafkaError) -> str:
    if "Authentication" in type(error).__name__ or "Sasl" in type(error).__name__:
        return "check MAILLAGE_KAFKA_USERNAME and its password"
    return "let this user read and write the topic" if "Authorization" in type(error).__name__ else ""
