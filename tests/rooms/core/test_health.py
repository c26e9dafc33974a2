"""What a monitor reads: whether the installation is well, and of what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db.utils import OperationalError
from django.test import Client

from tests.rooms.core.entrance import now


@pytest.mark.django_db
def test_health_is_well_and_says_of_what(client: Client) -> None:
    answer = client.get("/health")
    names = [finding["name"] for finding in answer.json()["findings"]]
    assert answer.status_code == 200
    assert {"migrations", "disk", "worker"} <= set(names)


@pytest.mark.django_db
def test_health_is_503_when_the_worker_fell_silent_or_a_migration_is_open(client: Client) -> None:
    from datetime import timedelta

    from django.db.migrations.recorder import MigrationRecorder

    from baton.core.worker import Worker

    Worker().beat(now() - timedelta(hours=1))
    answer = client.get("/health")
    assert answer.status_code == 503
    assert "baton worker" in str(answer.json())
    Worker().beat(now())
    assert client.get("/health").status_code == 200
    MigrationRecorder.Migration.objects.filter(app="mfa").delete()
    answer = client.get("/health")
    assert answer.status_code == 503
    assert "baton migrate" in str(answer.json())


def test_health_is_503_without_a_database(tmp_path: Path, committed_db: Any, client: Client) -> None:
    def refuse(*_arguments: object) -> None:
        raise OperationalError("no database")

    with connections["default"].execute_wrapper(refuse):
        answer = client.get("/health")
    assert answer.status_code == 503
