"""Calls the API with what schemathesis makes of its OpenAPI document, changes included, against a real server.

    .venv/bin/python -m tests.fuzz_api --minutes 5
    .venv/bin/python -m tests.fuzz_api --minutes 5 --database postgresql

A server is started on a database and data folder of its own, which are removed afterwards. Four passes share the time:
as quality manager, who may change the chain, with ids that schemathesis makes up; the same with ids of records that
exist, so that the calls reach what they do; and both as administrator, who may read people and webhooks. Ends with 1
where an answer was 5xx or not as the document says.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

if TYPE_CHECKING:
    from baton.core.models import Record
    from tests.world import World

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "tests" / "schemathesis.toml"

# How many calls it makes in a minute depends on the machine; a 429 would hide what the call does.
UNLIMITED = {"BATON_API_CALLS_A_MINUTE": "1000000", "BATON_API_WRONG_TOKENS_A_MINUTE": "1000000"}


@dataclass(frozen=True)
class Fuzzed:
    """What one pass found: how it ended, what was written, and the answers of the server by status."""

    code: int
    text: str
    statuses: dict[int, int]

    @property
    def failures(self) -> int:
        """Answers with 5xx."""
        return sum(count for status, count in self.statuses.items() if status >= 500)


@dataclass(frozen=True)
class Pass:
    """One pass: whose token, and by the beginning of a path the id that its calls are made with."""

    role: str
    token: str
    ids: dict[str, str]


def fuzz(url: str, made_as: Pass, *, seconds: int, log: Path, examples: int = 10_000) -> Fuzzed:
    """One pass of schemathesis for ``seconds``; ``log`` is the server's, in which the answers are counted."""
    before = log.stat().st_size
    config = log.parent / "schemathesis.toml"
    config.write_text(
        CONFIG.read_text(encoding="utf-8") + "".join(map(_with_id, made_as.ids.items())), encoding="utf-8"
    )
    # One thread: where two parse sources at once, Python 3.11 fails now and then (python/cpython#106905).
    command = [
        str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(config), "run",
        f"{url}/api/v1/openapi.json", "--url", url, "--header", f"Authorization: Bearer {made_as.token}",
        "--max-time", str(seconds), "--max-examples", str(examples), "--continue-on-failure", "--workers", "1",
        "--no-color", "--generation-database", "none",
    ]  # fmt: skip
    ran = subprocess.run(command, capture_output=True, text=True, cwd=log.parent)
    return Fuzzed(ran.returncode, ran.stdout + ran.stderr, statuses(log, before))


def _with_id(of: tuple[str, str]) -> str:
    path, public_id = of
    return f'\n[[operations]]\ninclude-path-regex = "{path}/\\\\{{"\nparameters = {{ public_id = "{public_id}" }}\n'


def statuses(log: Path, offset: int) -> dict[int, int]:
    """How often each status was answered under /api/v1/, from the server's log behind ``offset``."""
    found: dict[int, int] = {}
    with log.open("rb") as lines:
        lines.seek(offset)
        for line in lines:
            if b'"baton.requests"' not in line or b" /api/v1/" not in line:
                continue
            status = int(json.loads(line)["status"])
            found[status] = found.get(status, 0) + 1
    return found


def passes() -> list[Pass]:
    """The passes; the small hospital is entered first."""
    from baton.chain.models import Membership
    from tests.api import token_for
    from tests.world import build

    world = build()
    manager, administrator = token_for(world.lin_mei), token_for(world.sun_yan)
    records = {
        "parties": world.night_shift, "links": world.laundry_ward, "outputs": world.laundry_ward.output,
        "memberships": Membership.objects.get(person=world.chen_jie), "people": world.chen_jie, **_more(world),
    }  # fmt: skip
    ids = {f"/api/v1/{kind}": record.public_id for kind, record in records.items()}
    ids["/api/v1/monitoring/links"] = world.laundry_ward.public_id
    return [
        Pass("quality manager", manager, {}),
        Pass("quality manager with ids that exist", manager, ids),
        Pass("administrator", administrator, {}),
        Pass("administrator with ids that exist", administrator, ids),
    ]


def _more(world: World) -> dict[str, Record]:
    """A need, a project, a responsibility, an account with a contact, a webhook and an event log, which the hospital
    has none of."""
    from baton.chain import changes
    from baton.core.webhooks.changes import add_webhook
    from tests.world import NOON, SYSTEM

    address, events = "https://receiver.example.org/baton", ["party.renamed"]
    webhook, _secret = add_webhook(
        by=world.actor(world.sun_yan), at=NOON, name="Maintenance", address=address, events=events
    )
    account = changes.add_account(by=SYSTEM, at=NOON, party=world.patient, number="A-1", name="Li household")
    return {
        "accounts": account,
        "event-logs": _log(world),
        "contacts": changes.add_contact(by=SYSTEM, at=NOON, account=account, name="Li Na", phone="13800131234"),
        "needs": changes.add_need(by=SYSTEM, at=NOON, holder=world.patient, words={"en": "A clean bed"}),
        "projects": changes.add_project(
            by=SYSTEM, at=NOON, name={"en": "New dryers"}, owner=world.laundry, ends_on=NOON.date()
        ),
        "responsibilities": changes.give_responsibility(
            by=SYSTEM, at=NOON, output=world.pharmacy_ward.output, party=world.pharmacy, responsible="accountable"
        ),
        "webhooks": webhook,
        "bulk-links": changes.add_links_in_bulk(
            by=SYSTEM,
            at=NOON,
            title="Paper",
            rows=[changes.LinkRow(supplier=world.stores, customer=world.ward, output={"en": "Paper"})],
        ),
    }


def _log(world: World) -> Record:
    """An event log that was read."""
    from baton.chain.changes import event_logs
    from baton.chain.facts import mined_with_activities
    from baton_analysis.facts.mapping import EventMapping
    from tests.world import NOON

    by = world.actor(world.lin_mei)
    content = b"case,time,team\n1,2026-03-02T08:00:00Z,Ward 3\n1,2026-03-02T09:00:00Z,Laboratory\n"
    log = event_logs.bring_event_log(by=by, at=NOON, file_name="specimens.csv", chunks=[content])
    mapping = EventMapping(case="case", party="team", time="time", party_kind="department")
    log = event_logs.choose_columns(by=by, at=NOON, log=log, mapping=mapping, zone="Asia/Shanghai")
    chain, activities = mined_with_activities(log)
    return event_logs.record_chain(by=by, at=NOON, log=log, chain=chain, activities=activities)


def main() -> int:
    """Start a server, make the passes, print what they found."""
    parser = argparse.ArgumentParser(description="Fuzz the API with schemathesis.")
    parser.add_argument("--minutes", type=float, default=5.0, help="of all passes together")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    asked = parser.parse_args()
    with ExitStack() as until_the_end, tempfile.TemporaryDirectory(prefix="baton-fuzz-") as folder:
        for name in [name for name in os.environ if name.startswith("BATON_")]:
            del os.environ[name]
        os.environ |= {
            "BATON_DATA": folder, "DATABASE_URL": _database(asked.database, folder, until_the_end),
            "BATON_SECRET_KEY": "a key for fuzzing, used nowhere else", **UNLIMITED,
            "DJANGO_SETTINGS_MODULE": "baton.config.settings",
        }  # fmt: skip
        return _passes(Path(folder), asked.minutes * 60)


def _database(kind: str, folder: str, until_the_end: ExitStack) -> str:
    """Address of an empty database: a file, or one on a PostgreSQL server that runs until the end."""
    if kind == "sqlite":
        return f"sqlite:///{folder}/baton.sqlite3"
    from tests.postgres import PostgresServer

    server = PostgresServer()
    until_the_end.callback(server.stop)
    return server.url("postgres")


def _passes(folder: Path, seconds: float) -> int:
    import django
    from django.db import connections

    django.setup()
    from baton.core.database.migrating import migrate

    for alias in connections:
        migrate(alias)
    all_passes = passes()
    connections.close_all()

    from tests.databases import Databases
    from tests.servers import serve

    worst = 0
    with serve(Databases(os.environ["DATABASE_URL"], {}), folder) as live:
        # The document is made when it is first asked for, which takes longer than schemathesis waits on a busy machine.
        with urlopen(f"{live.url}/api/v1/openapi.json", timeout=120) as document:
            document.read()
        for made_as in all_passes:
            began = time.monotonic()
            found = fuzz(live.url, made_as, seconds=int(seconds / len(all_passes)), log=live.log)
            print(found.text)
            print(
                f"as {made_as.role}: {time.monotonic() - began:.0f} s, answers {dict(sorted(found.statuses.items()))}"
            )
            worst = max(worst, found.code, int(found.failures > 0))
    return int(worst > 0)


if __name__ == "__main__":
    raise SystemExit(main())
