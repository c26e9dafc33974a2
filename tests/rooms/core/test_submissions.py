"""A form is carried out once, also when it arrives twice at the same moment; nothing is half saved."""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from baton.core import changes, registries
from baton.core.errors import Refused
from baton.core.models import AuditEntry, Person, Submission
from baton.core.submissions import KEPT, once
from tests.rooms.core.entrance import SYSTEM, now


def add(name: str = "E-1") -> Person:
    return changes.add_person(by=SYSTEM, at=now(), sign_in_name=name, name={"en": "Ann"})


def test_two_submits_at_the_same_moment_make_one_record(committed_db: Any) -> None:
    together, made, failed = threading.Barrier(6), [], []

    def submit() -> None:
        together.wait()
        try:
            made.append(once(by=SYSTEM, at=now(), key="k", sent={"name": "Ann"}, write=add).public_id)
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=submit) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(made) == 6
    assert len(set(made)) == 1
    assert Person.objects.count() == 1
    assert AuditEntry.objects.filter(action="person.added").count() == 1


def test_a_write_that_fails_leaves_neither_record_nor_key(committed_db: Any) -> None:
    def half() -> Person:
        add()
        raise Refused(remedy="no")

    with pytest.raises(Refused):
        once(by=SYSTEM, at=now(), key="k", sent={}, write=half)
    assert not Person.objects.exists()
    assert not Submission.objects.exists()
    assert not AuditEntry.objects.exists()
    assert once(by=SYSTEM, at=now(), key="k", sent={}, write=add).sign_in_name == "e-1"


@pytest.mark.sqlite
def test_every_form_has_a_key_of_its_own(committed_db: Any) -> None:
    first = once(by=SYSTEM, at=now(), key="a", sent={}, write=add)
    second = once(by=SYSTEM, at=now(), key="b", sent={}, write=lambda: add("E-2"))
    assert first != second


@pytest.mark.django_db
def test_keys_are_forgotten_after_a_month_and_the_form_is_then_a_new_one() -> None:
    """The daily job of the registry empties the table; a repetition before that finds the first record."""
    forget = registries.jobs.get("core.forget_finished_forms")
    assert forget.rrule.startswith("FREQ=DAILY")
    sent_at = now()
    made = once(by=SYSTEM, at=sent_at, key="k", sent={"name": "Ann"}, write=add)
    assert forget.run(by=SYSTEM, at=sent_at + KEPT, progress=None) == 0
    assert once(by=SYSTEM, at=now(), key="k", sent={"name": "Ann"}, write=lambda: add("E-2")) == made
    assert forget.run(by=SYSTEM, at=sent_at + KEPT + timedelta(seconds=1), progress=None) == 1
    assert once(by=SYSTEM, at=now(), key="k", sent={"name": "Ann"}, write=lambda: add("E-2")) != made


@pytest.mark.django_db
def test_what_was_sent_cannot_be_guessed_back_from_its_digest(settings: Any) -> None:
    """Whoever sees the table and guesses the contents cannot make sure: the digest hangs on the secret key."""
    sent = {"phone": "13800138000"}
    once(by=SYSTEM, at=now(), key="k", sent=sent, write=add)
    kept = Submission.objects.get().digest
    assert kept != hashlib.sha256(json.dumps(sent, sort_keys=True).encode()).hexdigest()
    settings.SECRET_KEY = "another installation"
    once(by=SYSTEM, at=now(), key="k2", sent=sent, write=lambda: add("E-2"))
    assert Submission.objects.get(key="k2").digest != kept
