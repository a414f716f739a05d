from __future__ import annotations

import gc
import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from itertools import count
from pathlib import Path

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from producers.errors import LogError, SettingError, TrimmedOffset
from producers.event import MAX_BYTES
from producers.log.client import BrokerUnreachable
from producers.log.kafka import GROUP, KafkaLog
from producers.log.opening import open_log
from producers.log.security import client_security
from producers.log.topic import TOPIC_SETTINGS, Difference, TopicState, ensure_topic
from tests.kafka_broker import free_port, started_broker
from tests.producers.log_conformance import FreshLog, LogConformance, Open, entries, values

NewTopic = Callable[..., str]
numbers = count()
on_a_broker = [pytest.mark.kafka]


@pytest.fixture
def new_topic(kafka_broker: str) -> Iterator[NewTopic]:
    """Give a function that makes an empty topic and returns its name."""
    made: list[str] = []

    def make(partitions: int = 1) -> str:
        made.append(f"test.{time.time_ns()}.{next(numbers)}")
        assert ensure_topic(kafka_broker, made[-1], partitions=partitions) == TopicState(created=True)
        return made[-1]

    yield make
    with closing(KafkaAdminClient(bootstrap_servers=kafka_broker)) as admin:
        admin.delete_topics(made)


@pytest.fixture
def fresh_log(kafka_broker: str, new_topic: NewTopic) -> FreshLog:
    def fresh(partitions: int) -> Open:
        topic = new_topic(partitions)
        return lambda: open_log(f"kafka://{kafka_broker}/{topic}")

    return fresh


@pytest.fixture
def topic(new_topic: NewTopic) -> str:
    return new_topic()


@pytest.fixture
def log(kafka_broker: str, topic: str) -> Iterator[KafkaLog]:
    with closing(KafkaLog(kafka_broker, topic)) as made:
        yield made


@pytest.fixture
def producer(kafka_broker: str) -> Iterator[KafkaProducer]:
    with closing(KafkaProducer(bootstrap_servers=kafka_broker)) as made:
        yield made


class TestConformance(LogConformance):
    """Kafka passes what every log must pass."""

    pytestmark = on_a_broker


class TestProgress:
    pytestmark = on_a_broker

    def test_how_far_the_log_was_taken_shows_in_a_group(self, log: KafkaLog, topic: str, kafka_broker: str) -> None:
        log.append(entries(b"a", b"b", b"c"))
        place, deadline = TopicPartition(topic, 0), time.monotonic() + 20
        with closing(KafkaAdminClient(bootstrap_servers=kafka_broker)) as admin:
            while time.monotonic() < deadline:
                log.acknowledge({0: 3})
                with suppress(KafkaError):  # at first: the broker makes the groups' own topic now
                    if place in (shown := admin.list_group_offsets([GROUP])[GROUP]):
                        break
        assert shown[place].offset == 3


class TestRecords:
    pytestmark = on_a_broker

    def test_other_consumers_find_key_and_content_type(self, log: KafkaLog, kafka_broker: str, topic: str) -> None:
        log.append(entries(b"{}", key="montbéliard"))
        with closing(KafkaConsumer(topic, bootstrap_servers=kafka_broker, auto_offset_reset="earliest")) as consumer:
            record = next(consumer)
        assert record.key == "montbéliard".encode()
        assert record.headers == [("content-type", b"application/cloudevents+json; charset=UTF-8")]
        assert record.timestamp_type == 1

    def test_binary_mode_becomes_the_structured_line(self, log: KafkaLog, producer: KafkaProducer, topic: str) -> None:
        attributes = {"specversion": "1.0", "id": "1", "source": "x", "type": "t.v1", "subject": "é"}
        headers = [(f"ce_{name}", value.encode()) for name, value in attributes.items()]
        producer.send(
            topic, b'{\n "big": 9007199254740993\n}', headers=[*headers, ("content-type", b"application/json")]
        )
        producer.flush()
        line = log.read(0, 0).values[0]
        assert line is not None
        assert b"\n" not in line
        expected = attributes | {"datacontenttype": "application/json", "data": {"big": 9007199254740993}}
        assert json.loads(line) == expected

    def test_what_is_no_event_is_passed_on_as_it_is(self, log: KafkaLog, producer: KafkaProducer, topic: str) -> None:
        binary = [("ce_specversion", b"1.0"), ("ce_id", b"1")]
        producer.send(topic, b"no JSON", headers=binary)
        producer.send(topic, b"no headers")
        producer.send(topic, None, key=b"tombstone", headers=binary)
        producer.send(topic, b"", headers=[("other", b"")])
        producer.flush()
        assert log.read(0, 0).values == [b"no JSON", b"no headers", None, b""]

    def test_an_entry_beyond_the_limit_is_refused_before_sending(self, log: KafkaLog) -> None:
        with pytest.raises(LogError, match=f"entry 1 has {MAX_BYTES + 1} bytes; expected at most {MAX_BYTES}"):
            log.append(entries(b"small", b"x" * (MAX_BYTES + 1)))
        assert log.ends() == {0: 0}

    def test_transactions_leave_gaps_that_reading_passes(self, log: KafkaLog, kafka_broker: str, topic: str) -> None:
        with closing(KafkaProducer(bootstrap_servers=kafka_broker, transactional_id=topic)) as producer:
            producer.init_transactions()
            for text, outcome in ((b"one", "commit"), (b"never", "abort"), (b"two", "commit")):
                producer.begin_transaction()
                producer.send(topic, text)
                producer.flush()
                getattr(producer, f"{outcome}_transaction")()
        log.append(entries(b"three"))
        assert values(log) == [b"one", b"two", b"three"]
        assert values(log, limit=1) == [b"one", b"two", b"three"]
        assert log.read(0, 1, limit=1).positions == [4]

    def test_a_partition_that_nobody_reads_does_not_hold_up_the_others(self, fresh_log: FreshLog) -> None:
        with closing(fresh_log(2)()) as log:
            for number in range(40):
                log.append(entries(*[b"x" * 500] * 50, key=f"place-{number}"))
            log.read(1, 0, limit=1)
            assert len(values(log, 0, limit=10)) == log.ends()[0]
            assert len(values(log, 1)) == log.ends()[1]


class TestRetention:
    pytestmark = on_a_broker

    def test_a_removed_position_is_an_error_that_names_the_range(
        self, log: KafkaLog, kafka_broker: str, topic: str
    ) -> None:
        log.append(entries(*(b"%d" % number for number in range(10))))
        after = log.read(0, 0, limit=2).next_position
        with closing(KafkaAdminClient(bootstrap_servers=kafka_broker)) as admin:
            admin.delete_records({TopicPartition(topic, 0): 7})
        assert log.starts() == {0: 7}
        with closing(KafkaLog(kafka_broker, topic)) as reader:
            with pytest.raises(TrimmedOffset, match=rf"no record {after} in partition 0; expected 7 to 10; retention"):
                reader.read(0, after)
            assert reader.read(0, 7).values == [b"7", b"8", b"9"]

    def test_retention_that_overtakes_a_reader_is_an_error_too(
        self, log: KafkaLog, kafka_broker: str, topic: str
    ) -> None:
        log.append(entries(b"0"))
        position = log.read(0, 0).next_position
        with closing(KafkaLog(kafka_broker, topic)) as writer:
            writer.append(entries(*[b"x"] * 9))
        with closing(KafkaAdminClient(bootstrap_servers=kafka_broker)) as admin:
            admin.delete_records({TopicPartition(topic, 0): 5})
        with pytest.raises(TrimmedOffset, match="expected 5 to 10"):
            log.read(0, position)
        assert len(log.read(0, 5).values) == 5


class TestTopic:
    pytestmark = on_a_broker

    def test_an_existing_topic_is_compared_and_left_alone(self, kafka_broker: str, topic: str) -> None:
        assert ensure_topic(kafka_broker, topic, partitions=1) == TopicState(created=False)
        other = ensure_topic(kafka_broker, topic, partitions=6)
        assert other == TopicState(created=False, differences=(Difference("partitions", "1", "6"),))

    def test_a_foreign_topic_shows_all_that_would_change(self, kafka_broker: str, new_topic: NewTopic) -> None:
        name = f"{new_topic()}.foreign"
        with closing(KafkaAdminClient(bootstrap_servers=kafka_broker)) as admin:
            admin.create_topics({name: {"num_partitions": 1, "replication_factor": 1}}, wait_for_metadata=True)
            found = ensure_topic(kafka_broker, name, partitions=1)
            admin.delete_topics([name])
        assert {each.name for each in found.differences} == TOPIC_SETTINGS.keys() - {"cleanup.policy"}
        assert Difference("message.timestamp.type", "CreateTime", "LogAppendTime") in found.differences

    def test_a_missing_topic_names_the_command_that_makes_it(self, kafka_broker: str) -> None:
        with pytest.raises(LogError, match="no such topic; make it with: maillage log init"):
            KafkaLog(kafka_broker, "nowhere")


@pytest.fixture
def _sockets_closed() -> Iterator[None]:
    """Collect, while the warning is off, the sockets that kafka-python leaves open when it cannot connect."""
    yield
    gc.collect()


leaves_sockets = [
    pytest.mark.usefixtures("_sockets_closed"),
    pytest.mark.filterwarnings("ignore:unclosed <s:ResourceWarning"),
]


class TestOutage:
    pytestmark = leaves_sockets

    @pytest.mark.integration
    def test_nobody_at_the_address_is_said_within_ten_seconds(self) -> None:
        begun = time.monotonic()
        with pytest.raises(BrokerUnreachable, match="no broker answers") as failure:
            KafkaLog(f"127.0.0.1:{free_port()}", "events")
        assert failure.value.retryable
        assert time.monotonic() - begun < 12

    @pytest.mark.kafka
    def test_a_broker_that_goes_away_and_comes_back(self, tmp_path: Path) -> None:
        port = free_port()
        with ExitStack() as life:
            address = started_broker(life, tmp_path, port=port)
            ensure_topic(address, "events", partitions=1)
            log = KafkaLog(address, "events")
            log.append(entries(b"one"))
            assert values(log) == [b"one"]
        with closing(log):
            for attempt in (lambda: log.append(entries(b"lost?")), log.ends, lambda: log.read(0, 1)):
                begun = time.monotonic()
                with pytest.raises(BrokerUnreachable):
                    attempt()
                assert time.monotonic() - begun < 12
            with ExitStack() as life:
                started_broker(life, tmp_path, port=port)
                log.append(entries(b"two"))
                assert values(log) == [b"one", b"two"]


@pytest.fixture(scope="module")
def secure_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("secure")


@pytest.fixture(scope="module")
def secure(secure_home: Path) -> Iterator[str]:
    with ExitStack() as stack:
        yield started_broker(stack, secure_home, sasl=True)


class TestSecurity:
    pytestmark = on_a_broker + leaves_sockets

    @pytest.fixture
    def environment(self, secure_home: Path) -> dict[str, str]:
        return {
            "MAILLAGE_KAFKA_USERNAME": "maillage",
            "MAILLAGE_KAFKA_PASSWORD_FILE": str(secure_home / "password"),
            "MAILLAGE_KAFKA_CA": str(secure_home / "ca.pem"),
        }

    @pytest.mark.parametrize("mechanism", ["SCRAM-SHA-512", "PLAIN"])
    def test_the_right_password_comes_in_and_is_never_logged(
        self, secure: str, environment: dict[str, str], mechanism: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        environment["MAILLAGE_KAFKA_MECHANISM"] = mechanism
        ensure_topic(secure, "events", partitions=1, environment=environment)
        with closing(KafkaLog(secure, "events", environment=environment)) as log:
            log.append(entries(mechanism.encode()))
            assert mechanism.encode() in values(log)
        password = Path(environment["MAILLAGE_KAFKA_PASSWORD_FILE"]).read_text().strip()
        assert password not in caplog.text

    @pytest.mark.parametrize("mechanism", ["SCRAM-SHA-512", "PLAIN"])
    def test_a_wrong_password_stays_out(
        self, secure: str, environment: dict[str, str], mechanism: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        del environment["MAILLAGE_KAFKA_PASSWORD_FILE"]
        environment |= {"MAILLAGE_KAFKA_PASSWORD": "not-the-password", "MAILLAGE_KAFKA_MECHANISM": mechanism}
        with pytest.raises(LogError, match="check MAILLAGE_KAFKA_USERNAME and its password") as failure:
            KafkaLog(secure, "events", environment=environment)
        assert "not-the-password" not in caplog.text + str(failure.value)

    def test_an_unencrypted_client_stays_out(self, secure: str) -> None:
        with pytest.raises(LogError, match="if it wants TLS"):
            KafkaLog(secure, "events", environment={})

    def test_an_unknown_authority_is_not_trusted(self, secure: str, environment: dict[str, str]) -> None:
        del environment["MAILLAGE_KAFKA_CA"]
        with pytest.raises(LogError, match=r"CERTIFICATE_VERIFY_FAILED.*check that MAILLAGE_KAFKA_CA") as failure:
            KafkaLog(secure, "events", environment=environment)
        assert not failure.value.retryable


class TestSettings:
    def test_nothing_set_means_a_plain_connection(self) -> None:
        assert client_security({"PATH": "/bin"}) == {}

    def test_a_username_always_means_tls(self) -> None:
        found = client_security({"MAILLAGE_KAFKA_USERNAME": "u", "MAILLAGE_KAFKA_PASSWORD": "secret"})
        assert (found["security_protocol"], found["sasl_mechanism"]) == ("SASL_SSL", "SCRAM-SHA-512")

    def test_the_password_file_gives_its_first_line(self, tmp_path: Path) -> None:
        (tmp_path / "password").write_text("sécret\nmore\n", encoding="utf-8")
        found = client_security(
            {"MAILLAGE_KAFKA_USERNAME": "u", "MAILLAGE_KAFKA_PASSWORD_FILE": str(tmp_path / "password")}
        )
        assert "sécret" in found.values()

    @pytest.mark.parametrize(
        ("environment", "message"),
        [
            ({"USERNAME": "u"}, "neither is set"),
            ({"USERNAME": "u", "PASSWORD": "secret", "PASSWORD_FILE": "/x"}, "both are set"),
            ({"USERNAME": "u", "PASSWORD_FILE": "/nowhere/password"}, "cannot be read"),
            ({"USERNAME": "u", "PASSWORD_FILE": "/dev/null"}, "is empty"),
            ({"USERNAME": "u", "PASSWORD": "secret", "MECHANISM": "GSSAPI"}, r"known: PLAIN, SCRAM-SHA-256"),
            ({"USERNAME": "u", "PASSWORD": "secret", "CA": "/dev/null"}, "expected the certificate"),
            ({"PASSWORD": "secret"}, "expected MAILLAGE_KAFKA_USERNAME"),
        ],
    )
    def test_what_is_missing_is_named_and_no_secret_is_shown(self, environment: dict[str, str], message: str) -> None:
        with pytest.raises(SettingError, match=message) as failure:
            client_security({f"MAILLAGE_KAFKA_{name}": value for name, value in environment.items()})
        assert "secret" not in str(failure.value)
