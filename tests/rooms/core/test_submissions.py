"""A form is carried out once, also when it arrives twice at the same moment; nothing is half saved."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections

from baton.core import changes
from baton.core.errors import Refused
from baton.core.models import AuditEntry, Person, Submission
from baton.core.submissions import once
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


def test_every_form_has_a_key_of_its_own(committed_db: Any) -> None:
    first = once(by=SYSTEM, at=now(), key="a", sent={}, write=add)
    second = once(by=SYSTEM, at=now(), key="b", sent={}, write=lambda: add("E-2"))
    assert first != second
