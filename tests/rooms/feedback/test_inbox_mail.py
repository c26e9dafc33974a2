"""E-mail becomes feedback: handed over by a mail server or fetched over IMAP, once, with the party that it names."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from baton.core.errors import Refused
from baton.core.models import AuditEntry, Notification
from baton.feedback import changes
from baton.feedback.models import FeedbackItem
from baton.feedback.rules.mail_reading import MOST_BYTES, WhyIgnored
from tests.imap_server import ImapMailbox, mailbox_over_imap
from tests.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db


def mail(
    number: int = 1, *, to: str = "feedback@hospital.example", subject: str = "Linen", body: str = "Damp"
) -> bytes:
    return (
        f"From: Wu Li <wu@example.org>\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{number}@example.org>\r\n"
        f"\r\n{body}\r\n"
    ).encode()


def received(raw: bytes) -> Any:
    return changes.receive_mail(at=datetime.now(UTC), raw=raw)


@pytest.fixture
def mailbox(settings: Any) -> Iterator[ImapMailbox]:
    with mailbox_over_imap() as box:
        box.serve(settings)
        yield box


def test_a_message_is_kept_once_and_told_to_whom_it_concerns(world: World) -> None:
    item = received(mail(to=f"feedback+{world.laundry.number.lower()}@hospital.example"))
    assert received(mail(body="the same, delivered twice")).pk == item.pk
    assert (item.channel, item.party, item.holder, item.teller_name, item.teller_reach) == (
        "email", world.laundry, world.laundry, "Wu Li", "wu@example.org",
    )  # fmt: skip
    assert [one.person for one in Notification.objects.all()] == [world.zhao_lei]
    assert not [one for one in AuditEntry.objects.all() if "wu@example.org" in one.body or "Damp" in one.body]


@pytest.mark.parametrize("code", ["number", "public_id"])
def test_the_subject_names_a_link_and_an_unknown_code_nothing(world: World, code: str) -> None:
    link = world.laundry_ward
    item = received(mail(subject=f"Re: [{getattr(link, code)}] linen"))
    assert (item.link, item.party) == (link, world.laundry)
    unknown = received(mail(2, subject="[XX-1] linen", to="feedback+%@x"))
    assert (unknown.link, unknown.party, unknown.holder) == (None, None, None)


def test_what_was_left_out_stands_on_the_page(world: World) -> None:
    item = received(mail(body="word " * 2_000))
    page = world.client(world.lin_mei).get(f"/inbox/{item.public_id}/").content.decode()
    assert "its end was cut off" in page
    assert "E-mail" in page


def test_hostile_words_stand_inert_on_the_page(world: World) -> None:
    item = received(mail(subject="<script>alert(1)</script>", body="<img src=x onerror=alert(1)>\x00\u202e"))
    page = world.client(world.lin_mei).get(f"/inbox/{item.public_id}/").content.decode()
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page


def test_automatic_and_large_mail_is_no_feedback(world: World) -> None:
    assert received(b"Auto-Submitted: auto-replied\r\n" + mail()) is WhyIgnored.AUTOMATIC
    assert received(b"From: a@b\r\n\r\n\xe2\x80\x8b") is WhyIgnored.EMPTY
    with pytest.raises(Refused):
        received(mail() + b"x" * MOST_BYTES)
    assert not FeedbackItem.objects.exists()


def test_a_mailbox_is_read_once_over_imap(world: World, mailbox: ImapMailbox) -> None:
    mailbox.messages += [mail(1), b"Auto-Submitted: auto-replied\r\n" + mail(2), mail(3), mail(1), mail(5)]
    mailbox.sizes[5] = MOST_BYTES + 1
    at = datetime.now(UTC)
    assert changes.fetch_mail(at=at) == 3
    assert FeedbackItem.objects.count() == 2
    assert (mailbox.seen, mailbox.bodies) == ({1, 2, 3, 4, 5}, [1, 2, 3, 4])
    assert changes.fetch_mail(at=at) == 0
    mailbox.messages.append(mail(6))
    assert changes.fetch_mail(at=at) == 1


def test_a_connection_that_breaks_loses_and_doubles_nothing(world: World, mailbox: ImapMailbox) -> None:
    mailbox.messages += [mail(1), mail(2), mail(3)]
    mailbox.breaks_after = 1
    at = datetime.now(UTC)
    with pytest.raises(ConnectionError):
        changes.fetch_mail(at=at)
    assert FeedbackItem.objects.count() == 1
    mailbox.breaks_after, mailbox.seen = 99, set()
    changes.fetch_mail(at=at)
    assert FeedbackItem.objects.count() == 3


def test_a_wrong_password_is_said_nowhere(
    world: World, mailbox: ImapMailbox, settings: Any, caplog: pytest.LogCaptureFixture, tmp_path: Any
) -> None:
    settings.INBOX_PASSWORD = "canary-secret"
    with pytest.raises(ConnectionError) as failed:
        changes.fetch_mail(at=datetime.now(UTC))
    assert "canary-secret" in mailbox.logins[-1]
    assert "canary-secret" not in f"{failed.value!r} {failed.value.__context__ and ''} {caplog.text}"
    kept = tmp_path / "password"
    kept.write_text(f"{mailbox.password}\n")
    settings.INBOX_PASSWORD_FILE = str(kept)
    assert changes.fetch_mail(at=datetime.now(UTC)) == 0


def test_a_mailbox_of_another_machine_is_read_encrypted_only() -> None:
    asked = {"BATON_INBOX_HOST": "imap.example.org", "BATON_INBOX_TLS": "no"}
    command = [sys.executable, "-c", "import baton.config.settings"]
    ran = subprocess.run(command, env={**os.environ, **asked}, capture_output=True, text=True, check=False)
    assert ran.returncode != 0
    assert "travels encrypted" in ran.stderr


def test_a_mail_server_hands_a_message_over(world: World) -> None:
    from click.testing import CliRunner

    from baton.config.cli import main

    def piped(raw: bytes) -> tuple[int, str]:
        ran = CliRunner().invoke(main, ["receive"], input=raw)
        return ran.exit_code, ran.output

    first, again = piped(mail()), piped(mail())
    assert first == again
    assert first == (0, f"{FeedbackItem.objects.get().number}\n")
    assert piped(b"Auto-Submitted: auto-replied\r\n" + mail(2)) == (0, "passed over: automatic\n")
    code, said = piped(mail(3) + b"x" * MOST_BYTES)
    assert (code, "at most 10 MB" in said) == (1, True)
