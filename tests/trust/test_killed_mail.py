"""A worker killed after an e-mail is sent, and before that is written down, sends it once more and only once."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as here
from django.utils import timezone

from baton.chain.changes.gaps import ASSIGNED_TOPIC
from baton.core import changes, jobs
from baton.core.actors import Actor
from baton.core.models import Mail
from baton.core.rules import MailState
from baton.core.worker import Worker
from tests.databases import Databases
from tests.mailboxes import Mailbox, receiving

BY = Actor.system("test")


@pytest.mark.sqlite
def test_sent_and_not_written_down(committed_db: Databases, settings: Any) -> None:
    with receiving(Mailbox()) as mailbox:
        mailbox.serve(settings)
        at = timezone.now()
        person = changes.add_person(
            by=BY, at=at, sign_in_name="ann", name={"en": "Ann"}, email="ann@example.org", time_zone="UTC"
        )
        changes.choose_mail(by=Actor(person), at=at, rhythms={}, quiet_from=0, quiet_until=0, daily_at=8)
        changes.notify(
            by=BY, at=at, person=person, topic=ASSIGNED_TOPIC, address="/gaps/", values={"gap": "A gap", "about": "B"}
        )
        jobs.enqueue("core.deliver_mail")
        environment = {**os.environ, **mailbox.environment, "DATABASE_URL": committed_db.url,
                       "BATON_DATA": str(here.DATA_DIR)}  # fmt: skip
        worker = subprocess.Popen(
            [sys.executable, "-m", "baton.config", "worker", "--once"],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        # Before the worker learns that it was taken.
        mailbox.arrived = worker.kill
        try:
            worker.wait(timeout=60)
        finally:
            worker.kill()
            worker.wait()
        mailbox.arrived = None
        assert len(mailbox.messages) == 1
        assert Mail.objects.get().state == MailState.WAITING

        for minutes in (0, 3, 6, 9):
            Worker().drain(timezone.now() + timedelta(minutes=minutes))
        assert len(mailbox.messages) == 2
        first, again = mailbox.messages
        assert first["Message-ID"] == again["Message-ID"]
        assert (Mail.objects.get().state, Mail.objects.get().attempts) == (MailState.SENT, 2)
