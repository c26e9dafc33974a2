"""The program's log: whole lines, without secrets, each with its request (B087)."""

from __future__ import annotations

import json
import logging
import time
from typing import Any

import pytest
from django.test import Client

from baton.core.logs import JsonFormatter, masked, request_id
from tests.rooms.core.entrance import PASSWORD, ann, sign_in


def line(message: str, *args: object, level: int = logging.INFO, exc: BaseException | None = None) -> dict[str, Any]:
    info = (type(exc), exc, exc.__traceback__) if exc else None
    record = logging.LogRecord("baton.test", level, __file__, 1, message, args, info)
    text = JsonFormatter().format(record)
    assert "\n" not in text
    assert text.isprintable()
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize(
    "forged",
    ["a\r\n2026 INFO signed in", "\x1b[2J\x1b]0;title\x07", "\u2028x\u202etxt", "\x00\x85", "\ud800"],
)
def test_b087_a_message_cannot_forge_a_line_or_drive_a_terminal(forged: str) -> None:
    said = line("name %s", forged)["message"]
    assert said.isprintable()
    assert said.startswith("name ")


def test_b087_a_traceback_stays_in_its_line() -> None:
    try:
        raise ValueError("a\r\nb \x1b[31m password=hunter2")
    except ValueError as error:
        found = line("failed", exc=error)
    assert any("ValueError" in part for part in found["traceback"])
    assert "hunter2" not in json.dumps(found)
    assert all(part.isprintable() for part in found["traceback"])


@pytest.mark.django_db
def test_b087_a_forged_path_makes_one_line(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="baton.requests"):
        client.get("/x%0d%0aINFO%1b[2J")
    records = [record for record in caplog.records if record.name == "baton.requests"]
    assert len(records) == 1
    text = JsonFormatter().format(records[0])
    assert "\n" not in text
    assert "\x1b" not in text


@pytest.mark.parametrize(
    "secret",
    [
        "password=hunter2", "Password: hunter2", '"new_password": "hunter2"', "Authorization: Bearer hunter2",
        "Cookie: baton=hunter2", "csrf_token=hunter2&x=1", "api-key=hunter2", "BATON_SECRET_KEY=hunter2",
        "GET /accounts/password/reset/key/hunter2/ 200", "postgresql://baton:hunter2@db/baton", "X-CSRFToken: hunter2",
    ],
)  # fmt: skip
def test_secrets_are_masked(secret: str) -> None:
    assert "hunter2" not in masked(f"before {secret} after")
    assert masked(f"before {secret} after").startswith("before ")


def test_a_line_names_its_request() -> None:
    token = request_id.set("abc123")
    try:
        assert line("x")["request"] == "abc123"
    finally:
        request_id.reset(token)
    assert "request" not in line("x")


@pytest.mark.django_db
def test_a_sign_in_leaves_no_password_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    ann()
    with caplog.at_level(logging.DEBUG):
        sign_in()
        sign_in(password="wrong " + PASSWORD)
    assert PASSWORD not in caplog.text


@pytest.mark.parametrize(
    "part", ["x", "token", "token ", "token-", "-", " ", "a://b:", "password=", "/password/reset/key/"]
)
def test_no_address_keeps_the_log_busy(part: str) -> None:
    """Ten times the text takes about ten times the work, not a hundred times: no pattern goes back over what it read.

    Measured as the quickest of several tries in processor time of this thread, so that a busy machine does not count.
    """

    def work(length: int) -> float:
        text = (part * length)[:length]

        def once() -> float:
            began = time.thread_time_ns()
            masked(text)
            return time.thread_time_ns() - began

        return min(once() for _ in range(5))

    work(1_000)
    assert work(40_000) < 40 * max(work(4_000), 100_000)
