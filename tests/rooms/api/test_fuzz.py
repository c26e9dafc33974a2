"""Schemathesis against a real server, 12 seconds; ``python -m tests.fuzz_api --minutes 5`` is the longer form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connections

from tests.databases import Databases
from tests.fuzz_api import UNLIMITED, fuzz, passes, statuses
from tests.servers import serve

# Of each pass: how far it gets depends on what else the machine does.
SECONDS = 4


@pytest.mark.slow
@pytest.mark.sqlite
def test_no_answer_is_5xx_or_other_than_the_reference_says(committed_db: Databases, tmp_path: Path) -> None:
    # As administrator only where records are reached; the longer form makes every pass.
    all_passes = [passes_made for passes_made in passes() if passes_made.ids or passes_made.role == "quality manager"]
    connections.close_all()
    with serve(committed_db, tmp_path / "served", settings=UNLIMITED) as live:
        for made_as in all_passes:
            found = fuzz(live.url, made_as, seconds=SECONDS, log=live.log)
            assert found.code == 0, f"as {made_as.role}: {found.text}"
            assert found.failures == 0, found.statuses
            assert found.statuses.get(200, 0) > 0, found.statuses


def test_answers_are_counted_from_the_servers_log(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    lines = [
        {"logger": "baton.requests", "message": "GET /api/v1/me 200", "status": 200},
        {"logger": "baton.requests", "message": "GET /api/v1/me 500", "status": 500},
        {"logger": "baton.requests", "message": "GET /parties/ 200", "status": 200},
    ]
    log.write_text("\n".join(json.dumps(line) for line in lines))
    assert statuses(log, 0) == {200: 1, 500: 1}
