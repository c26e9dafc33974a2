"""Many people at once on the whole stack: pages and steps of handoffs in the product's own server with its worker.

    python -m benchmarks.load [--database sqlite|postgresql] [--users 50] [--seconds 60] [--think 0.5]
    python -m benchmarks.load --accept [--database sqlite|postgresql] [--clients 8] [--each 100]

The demonstration is loaded into an installation of its own, as durable as in production, and handoffs are entered on
its links with an agreement in force. Half of the users hand over, half accept; each is signed in with a session of his
own and asks over one kept connection, of five requests four for a page (Today, a list, a handoff, a link, the start,
the form of a step) and one for a step (handed over or accepted), and thinks between two of them, at random, ``--think``
seconds in the mean. ``--accept``: so many clients accept one handoff after the other without thinking; their forms are
fetched before. Times are from the request to the last byte, as the client sees them; the client runs on the same
machine. Afterwards every step that was acknowledged is looked for in the records, and the trail is verified. If
anything went wrong, the messages of the server follow.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.pages import PASSWORD, PORT, ROOT, Visitor, _await_health

READS = 4
"""Pages for each step."""
RAMP = 5.0
"""Seconds that are not counted at the beginning."""
LINKS = 5


@dataclass
class Answers:
    """What one user saw: (what, milliseconds) of each request, the steps acknowledged, and what went wrong."""

    spent: list[tuple[str, float]] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)


class User:
    """Somebody with a browser: one session, one kept connection, handoffs that wait for his step."""

    def __init__(self, told: dict[str, Any], seed: int) -> None:
        self.step, self.waiting, self.link = told["step"], list(told["handoffs"]), told["link"]
        self.chance = random.Random(seed)
        self.answers = Answers()
        self.visitor = Visitor(told["name"])
        self.form: dict[str, str] | None = None
        self.since_step = seed % (READS + 1)

    def one_request(self) -> None:
        """The next page, or the step for which the form was read last."""
        self.since_step += 1
        if self.since_step > READS and self.form is not None:
            self.since_step = 0
            return self._take_step()
        if self.since_step == READS and self.waiting:
            return self._read_form()
        path = self.chance.choice(
            ["/", "/handoffs/today/", "/handoffs/today/", "/handoffs/", f"/links/{self.link}/", self._some_handoff()]
        )
        self._ask("GET", path, "page")
        return None

    def read_form(self) -> dict[str, str]:
        """The address and the fields of the form of the next step."""
        public_id = self.waiting.pop()
        path = f"/handoffs/{public_id}/step/{self.step}/"
        text = self._ask("GET", path, "page")
        return {"path": path, "handoff": public_id, **_hidden(text)}

    def take_step(self, form: dict[str, str]) -> None:
        """Send the form; an answer other than back to where he came from is an error."""
        fields = {name: value for name, value in form.items() if name not in ("path", "handoff")}
        began = time.perf_counter()
        status, _text = self.visitor.ask("POST", form["path"], urlencode(fields))
        self.answers.spent.append(("step", 1000 * (time.perf_counter() - began)))
        if status == 302:
            self.answers.acknowledged.append(form["handoff"])
        else:
            self.answers.errors[f"step {status}"] += 1

    def _read_form(self) -> None:
        self.form = self.read_form()

    def _take_step(self) -> None:
        form, self.form = self.form, None
        assert form is not None
        self.take_step(form)

    def _some_handoff(self) -> str:
        return f"/handoffs/{self.chance.choice(self.waiting)}/" if self.waiting else "/handoffs/"

    def _ask(self, method: str, path: str, what: str) -> str:
        began = time.perf_counter()
        status, text = self.visitor.ask(method, path)
        self.answers.spent.append((what, 1000 * (time.perf_counter() - began)))
        if status != 200:
            self.answers.errors[f"{what} {status}"] += 1
        return text


def _hidden(text: str) -> dict[str, str]:
    """The hidden fields of the form of a step."""
    start = text.index('class="form handoff-form"')
    fields = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", text[start:]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is not None:
            fields[name[1]] = html.unescape(value[1]) if value is not None else ""
    return fields


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--think", type=float, default=0.5)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--accept", action="store_true")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--each", type=int, default=100)
    parser.add_argument("--fill", help=argparse.SUPPRESS)
    parser.add_argument("--look", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.fill:
        people, each, accept = json.loads(asked.fill)
        print(json.dumps(fill(people, each, accepting=accept)))
    elif asked.look:
        print(json.dumps(look(json.loads(Path(asked.look).read_text()))))
    else:
        people = asked.clients if asked.accept else asked.users
        each = asked.each if asked.accept else max(int(asked.seconds + RAMP) // 2, 20)
        with _installation(asked.database) as environment:
            told = _said(environment, "--fill", json.dumps([people, each, asked.accept]))
            with _served(environment, asked.workers) as messages:
                users = [User(one, seed) for seed, one in enumerate(told)]
                elapsed = _accept(users) if asked.accept else _mix(users, asked.seconds, asked.think)
            _report(users, elapsed, environment)
            if any(user.answers.errors for user in users):
                print(messages.read_text(errors="replace"), file=sys.stderr)


def _mix(users: list[User], seconds: float, think: float) -> float:
    """All users at once; what the first seconds bring is forgotten. How long was counted."""
    began = time.monotonic()

    def work(user: User) -> None:
        counted = False
        while (now := time.monotonic() - began) < RAMP + seconds:
            if not counted and now >= RAMP:
                counted = True
                user.answers.spent.clear()
            user.one_request()
            time.sleep(user.chance.expovariate(1 / think) if think else 0)

    _together(users, work)
    return seconds


def _accept(users: list[User]) -> float:
    """Each accepts all of his, one after the other. How long it took."""
    forms = {id(user): [user.read_form() for _one in list(user.waiting)] for user in users}
    for user in users:
        user.answers = Answers()
    began = time.monotonic()

    def work(user: User) -> None:
        for form in forms[id(user)]:
            user.take_step(form)

    _together(users, work)
    return time.monotonic() - began


def _together(users: list[User], work: Any) -> None:
    def safe(user: User) -> None:
        try:
            work(user)
        except Exception as problem:  # an answer that never came is counted, whatever its kind
            user.answers.errors[type(problem).__name__] += 1

    threads = [threading.Thread(target=safe, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _report(users: list[User], elapsed: float, environment: dict[str, str]) -> None:
    all_spent = [one for user in users for one in user.answers.spent]
    for kind in ("page", "step"):
        spent = sorted(time for what, time in all_spent if what == kind)
        if spent:
            _line(kind, spent, elapsed)
    if len({what for what, _time in all_spent}) > 1:
        _line("all", sorted(time for _what, time in all_spent), elapsed)
    errors: Counter[str] = sum((user.answers.errors for user in users), Counter())
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump([(user.step, user.answers.acknowledged) for user in users], file)
        file.flush()
        found = _said(environment, "--look", file.name)
    print(json.dumps({"errors": dict(errors), **found}))


def _line(kind: str, spent: list[float], elapsed: float) -> None:
    at = [spent[min(int(share * len(spent)), len(spent) - 1)] for share in (0.95, 0.99)]
    print(
        f"{kind:5} {len(spent):6} requests  {len(spent) / elapsed:6.1f} /s   median {statistics.median(spent):6.1f} ms"
        f"   p95 {at[0]:6.1f} ms   p99 {at[1]:6.1f} ms   longest {spent[-1]:7.1f} ms"
    )


def fill(people: int, each: int, *, accepting: bool) -> list[dict[str, Any]]:
    """People of both sides of some links, each with ``each`` handoffs that wait for his step; for the client."""
    _django()
    from baton.agreements.models import AgreementVersion
    from baton.chain.changes import appoint
    from baton.core.actors import Actor
    from baton.core.changes import add_person
    from baton.handoffs import changes
    from baton.handoffs.rules import Moments

    at, by = datetime.now(UTC), Actor.system("benchmark")
    versions = AgreementVersion.objects.filter(state="active", agreement__link__ended_on=None).order_by("pk")
    links = [one.agreement.link for one in versions.select_related("agreement__link")[:LINKS]]
    told = []
    for place in range(people):
        link, gives = links[place % len(links)], place % 2 == 0 and not accepting
        name = f"load-{place}"
        person = add_person(by=by, at=at, sign_in_name=name, name={"en": f"User {place}"}, password=PASSWORD)
        side = link.supplier if gives else link.customer
        appoint(by=by, at=at, party=side, person=person, capacity="member", began_on=at.date() - timedelta(days=30))
        asked = at - timedelta(hours=3)
        moments = Moments(requested_at=asked, due_at=at + timedelta(hours=2), delivered_at=None if gives else at)
        ids = [
            changes.record_handoff(by=by, at=at, link=link, moments=moments, reference=f"L{place}-{n}").public_id
            for n in range(each)
        ]
        told.append(
            {"name": name, "step": "deliver" if gives else "accept", "handoffs": ids, "link": link.public_id}
        )  # fmt: skip
    return told


def look(acknowledged: list[tuple[str, list[str]]]) -> dict[str, Any]:
    """Whether every step that was acknowledged is in the records, and whether the trail holds."""
    _django()
    from baton.core.audit.verify import verify
    from baton.handoffs.models import Handoff

    lost = 0
    for step, ids in acknowledged:
        field_of = "accepted_at" if step == "accept" else "delivered_at"
        lost += len(ids) - Handoff.objects.filter(public_id__in=ids).exclude(**{field_of: None}).count()
    return {"acknowledged": sum(len(ids) for _step, ids in acknowledged), "lost": lost, "trail holds": verify().holds}


def _django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baton.config.settings")
    django.setup()


@contextmanager
def _installation(database: str) -> Iterator[dict[str, str]]:
    """The environment of an installation with the demonstration."""
    with tempfile.TemporaryDirectory(prefix="baton-load-") as data:
        environment = {**os.environ, "BATON_DATA": data, "BATON_DEMO": "1", "PYTHONPATH": str(ROOT / "src")}
        environment.pop("DATABASE_URL", None)
        server = None
        if database == "postgresql":
            from tests.postgres import PostgresServer

            server = PostgresServer(durable=True)
            environment["DATABASE_URL"] = server.url("postgres")
        try:
            for step in ("migrate", "demo"):
                command = [sys.executable, "-m", "baton.config", step]
                subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
            yield environment
        finally:
            if server is not None:
                server.stop()


@contextmanager
def _served(environment: dict[str, str], workers: int) -> Iterator[Path]:
    """The server runs; what it says is in this file."""
    messages = Path(environment["BATON_DATA"]) / "messages.txt"
    command = [
        sys.executable, "-m", "baton.config", "serve", "--port", str(PORT), "--workers", str(workers), "--with-worker",
    ]  # fmt: skip
    with messages.open("wb") as out:
        server = subprocess.Popen(
            command, env={**environment, "BATON_BASE_URL": f"http://127.0.0.1:{PORT}"},
            stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        _await_health()
        yield messages
    finally:
        server.terminate()
        server.wait(timeout=30)


def _said(environment: dict[str, str], *arguments: str) -> Any:
    """What a process of the installation prints on its last line."""
    command = [sys.executable, "-m", "benchmarks.load", *arguments]
    ran = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, cwd=ROOT)
    return json.loads(ran.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
