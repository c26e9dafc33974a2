"""Addresses that people enter make this machine call nothing but what is on the internet (bad inputs B057-B064)."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from baton.core.errors import Refused
from baton.core.outgoing.addresses import Target, is_allowed, parsed
from baton.core.outgoing.calls import MOST_BYTES, Failure, post
from tests.receivers import OK, PUBLIC, Receiver, Recorded, Speak, certificate, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving(Receiver()) as listening:
        yield listening


PLAIN = Target("http", "receiver.example.org", 80, "/hook")


def call(receiver: Receiver, *, target: Target = PLAIN, headers: dict[str, str] | None = None, **wire: Any) -> Any:
    recorded = Recorded(receiver, **wire)
    return post(target, b"{}", headers or {}, wire=recorded.wire), recorded


@pytest.mark.parametrize("address", [
    # B057
    "https://127.0.0.1/", "https://0.0.0.0/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://2130706433/",
    "https://0177.0.0.1/", "https://0x7f.0.0.1/", "https://0x7f000001/", "https://127.1/", "https://169.254.169.254/",
    "https://metadata.google.internal/", "https://localhost/", "https://a.localhost/", "https://10.0.0.1/",
    "https://100.64.0.1/", "https://100.100.100.200/", "https://192.168.1.1/", "https://[fd00::1]/",
    "https://[fe80::1]/", "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/",
    "https://[::]/", "https://168.63.129.16/", "https://[fe80::1%25eth0]/", "https://[::1",
    # B060
    "file:///etc/passwd", "gopher://a.example.org/", "ftp://a.example.org/", "//a.example.org/", "a.example.org",
    # B061
    "https://ok@a.example.org/", "https://ok:no@a.example.org/", "https://a.example.org\\@127.0.0.1/",
    "https://a.example.org/#b", "https://a.example.org#@127.0.0.1/", "https://例子.example.org/",
    "https://xn--fsqu00a.example.org/", "https://a.example.org./", "https://a_b.example.org/", "https://intranet/",
    "https://a..example.org/", "https:///path", "https://", "",
    # B062
    "https://a.example.org:25/", "https://a.example.org:6379/", "https://a.example.org:8443/", "http://a.example.org/",
    "https://a.example.org:99999/", "https://a.example.org:x/",
    # B064
    "https://a.example.org/\r\nX: 1", "https://a.example.org/a b", "https://a.example.org/\t", "https://a.example.org/\0",
    "https://a.example.org/" + "a" * 500,
])  # fmt: skip
def test_addresses_that_are_refused(address: str) -> None:
    with pytest.raises(Refused) as refused:
        parsed(address)
    assert refused.value.field == "address"


@pytest.mark.parametrize(("address", "target"), [
    ("https://a.example.org", Target("https", "a.example.org", 443, "/")),
    ("https://A.Example.ORG:443/x?y=1", Target("https", "a.example.org", 443, "/x?y=1")),
    (f"https://{PUBLIC}/", Target("https", PUBLIC, 443, "/")),
    ("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
     Target("https", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", 443, "/")),
])  # fmt: skip
def test_addresses_that_are_accepted(address: str, target: Target) -> None:
    assert parsed(address) == target


def test_other_ports_and_networks_are_settings(settings: Any) -> None:
    settings.WEBHOOK_PORTS = [443, 8443, 80]
    assert parsed("https://a.example.org:8443/").port == 8443
    assert parsed("http://a.example.org/").port == 80
    with pytest.raises(Refused):
        parsed("http://a.example.org:443/")
    settings.OUTGOING_NETWORKS = ["10.20.0.0/16", "127.0.0.0/8", "fd00::/8"]
    assert is_allowed("10.20.1.1")
    assert is_allowed("fd12::1")
    assert not is_allowed("10.21.1.1")
    assert not is_allowed("127.0.0.1")
    assert not is_allowed("fd00:ec2::254")


def test_only_named_hosts() -> None:
    with pytest.raises(Refused):
        parsed("https://a.example.org/", hosts={"b.example.org"})
    assert parsed("https://b.example.org/", hosts={"b.example.org"})


@pytest.mark.parametrize("addresses", [
    ["127.0.0.1"], ["10.1.2.3"], ["169.254.169.254"], ["::1"], ["fd00::1"], ["::ffff:127.0.0.1"], ["fe80::1%eth0"],
    [PUBLIC, "10.1.2.3"], ["224.0.0.1"], ["64:ff9b::a00:1"], ["nonsense"],
])  # fmt: skip
def test_b058_a_public_name_that_leads_inside(receiver: Receiver, addresses: list[str]) -> None:
    answer, recorded = call(receiver, names={PLAIN.host: addresses})
    assert answer.failure is Failure.INNER
    assert recorded.connected == []


def test_b059_a_name_is_resolved_once_and_its_address_kept(receiver: Receiver) -> None:
    answer, recorded = call(receiver)
    assert answer.failure is None
    assert (recorded.resolved, recorded.connected) == ([PLAIN.host], [(PUBLIC, 80)])
    assert receiver.headers()["host"] == PLAIN.host


def test_unknown_name(receiver: Receiver) -> None:
    assert call(receiver, names={PLAIN.host: []})[0].failure is Failure.NAME


def test_nobody_answers(receiver: Receiver) -> None:
    with socket.socket() as held:  # bound and deaf, so that nobody else gets the port meanwhile
        held.bind(("127.0.0.1", 0))
        assert call(Receiver(port=held.getsockname()[1]))[0].failure is Failure.CONNECT


@pytest.mark.parametrize("place", ["http://localhost/", "file:///etc/passwd", "gopher://127.0.0.1:6379/_SET"])
def test_b060_redirects_are_not_followed(receiver: Receiver, place: str) -> None:
    receiver.answers = [f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode()]
    answer, recorded = call(receiver)
    assert (answer.failure, answer.status) == (Failure.REDIRECT, 302)
    assert len(recorded.connected) == 1


def drip(connection: socket.socket, request: bytes) -> None:
    """A byte now and then, for ever: each comes long before a timeout of the socket."""
    while True:
        connection.sendall(b"H")
        time.sleep(0.02)


def drip_body(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    drip(connection, request)


def say_nothing(connection: socket.socket, request: bytes) -> None:
    connection.recv(1)


@pytest.mark.parametrize("speak", [drip, drip_body, say_nothing])
def test_b063_the_time_counts_from_the_beginning(receiver: Receiver, speak: Speak) -> None:
    receiver.speak = speak
    began = time.monotonic()
    answer, _recorded = call(receiver, seconds=0.5)
    assert answer.failure in {Failure.TIME, Failure.ANSWER}
    assert time.monotonic() - began < 30  # half a second on a machine that does nothing else


def test_b063_an_endless_body_is_cut(receiver: Receiver) -> None:
    def endless(connection: socket.socket, request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    receiver.speak = endless
    answer, _recorded = call(receiver)
    assert (answer.failure, len(answer.body)) == (None, MOST_BYTES)


def test_b063_a_bomb_is_not_unpacked(receiver: Receiver) -> None:
    bomb = gzip.compress(b"0" * 10_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n".encode()
    receiver.answers = [head + bomb]
    answer, _recorded = call(receiver)
    assert answer.body == bomb
    assert receiver.headers()["accept-encoding"] == "identity"


@pytest.mark.parametrize("raw", [
    b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 100_000 + b"\r\n", b"HTTP/1.1 200 OK\r\nA: " + b"b" * 70_000 + b"\r\n\r\n",
    b"SSH-2.0-OpenSSH\r\n\r\n", b"", b"\x00" * 500 + b"\r\n\r\n", b"HTTP/1.1 999999 X\r\n\r\n",
])  # fmt: skip
def test_b063_answers_that_are_none(receiver: Receiver, raw: bytes) -> None:
    def speak(connection: socket.socket, request: bytes) -> None:
        connection.sendall(raw)

    receiver.speak = speak
    answer, _recorded = call(receiver)
    assert answer.failure in {Failure.ANSWER, Failure.CONNECT}
    assert answer.status == 0


def test_chunks_are_put_together(receiver: Receiver) -> None:
    receiver.answers = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"]
    assert call(receiver)[0].body == b"abcde"


@pytest.mark.parametrize("headers", [{"X-A": "b\r\nX-C: d"}, {"X-A\r\nX-C": "d"}, {"X-A": "b\n"}, {"X-A": "\0"}])
def test_b064_a_header_stays_on_its_line(receiver: Receiver, headers: dict[str, str]) -> None:
    recorded = Recorded(receiver)
    with pytest.raises(ValueError, match="is not a header"):
        post(PLAIN, b"{}", headers, wire=recorded.wire)
    assert (recorded.resolved, recorded.connected) == ([], [])


def test_the_certificate_is_checked_for_the_name_though_the_address_is_pinned(
    receiver: Receiver, tmp_path: Path
) -> None:
    receiver.context, authority = certificate(tmp_path, "receiver.example.org")
    right = Target("https", "receiver.example.org", 443, "/")
    answer, recorded = call(receiver, target=right, authority=authority)
    assert (answer.failure, answer.body) == (None, b"ok")
    assert recorded.connected == [(PUBLIC, 443)]
    other = Target("https", "other.example.org", 443, "/")
    assert call(receiver, target=other, authority=authority)[0].failure is Failure.TLS
    assert call(receiver, target=right)[0].failure is Failure.TLS
    assert len(receiver.requests) == 1


def test_a_handshake_that_never_ends_is_cut() -> None:
    def mute(connection: socket.socket, request: bytes) -> None:
        while True:
            time.sleep(0.02)
            connection.sendall(b"")

    with receiving(Receiver(speak=mute)) as receiver:
        began = time.monotonic()
        target = Target("https", "receiver.example.org", 443, "/")
        answer, _recorded = call(receiver, target=target, seconds=0.4)
    assert answer.failure is Failure.TIME
    assert time.monotonic() - began < 30  # less than half a second on a machine that does nothing else


def test_what_is_answered_when_all_is_well(receiver: Receiver) -> None:
    receiver.answers = [OK, b"HTTP/1.1 503 Later\r\nContent-Length: 5\r\n\r\nlater"]
    answer, _recorded = call(receiver)
    assert (answer.failure, answer.status, answer.body) == (None, 200, b"ok")
    answer, _recorded = call(receiver)
    assert (answer.failure, answer.status, answer.body) == (Failure.STATUS, 503, b"later")
