"""How long it takes to publish a large survey: which of its figures may be shown is worked out for all of its links.

    python -m benchmarks.survey_publishing [--database sqlite|postgresql] [--suppliers 25] [--customers 12]
        [--answers 12] [--questions 10]

Every supplier serves every customer. In each customer so many people answer about the links of five suppliers, so that
each link has ``--answers``; they are asked and answer through the doors that everybody uses, and the survey is closed.
Told are the seconds of working out, of which nothing is locked, and of writing it all down, by the clock and of the
processor, and what became of the cells. Afterwards the cells of every question are audited: nothing about fewer people
than were promised may be computed from those that are shown.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.load import _django
from benchmarks.pages import ROOT

A_SHEET = 5
"""Links that one person is asked about."""
FIGURES = ("suppliers", "customers", "answers", "questions")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    for name, usual in zip(FIGURES, (25, 12, 12, 10), strict=True):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    sizes = {name: getattr(asked, name) for name in FIGURES}
    if asked.inside:
        print(json.dumps(measured(**sizes)))
        return
    with tempfile.TemporaryDirectory(prefix="baton-publishing-") as folder:
        environment = {**os.environ, "BATON_DATA": f"{folder}/data", "BATON_DEMO": "1", "PYTHONPATH": str(ROOT / "src")}
        environment.pop("DATABASE_URL", None)
        server = None
        if asked.database == "postgresql":
            from tests.postgres import PostgresServer

            server = PostgresServer(durable=True)
            environment["DATABASE_URL"] = server.url("postgres")
        try:
            migrate = [sys.executable, "-m", "baton.config", "migrate"]
            subprocess.run(migrate, env=environment, check=True, stdout=subprocess.DEVNULL)
            again = [sys.executable, "-m", "benchmarks.survey_publishing", "--inside"]
            again += [part for name, size in sizes.items() for part in (f"--{name}", str(size))]
            ran = subprocess.run(again, env=environment, check=True, stdout=subprocess.PIPE, cwd=ROOT)
            print(json.dumps(json.loads(ran.stdout.splitlines()[-1]), indent=2))
        finally:
            if server is not None:
                server.stop()


def measured(suppliers: int, customers: int, answers: int, questions: int) -> dict[str, Any]:
    """Make the survey, have it answered and closed, and publish it."""
    _django()
    from baton.core.actors import Actor
    from baton.feedback import changes
    from baton.feedback.models import PublishedCell

    by, at = Actor.system("benchmark"), datetime.now(UTC)
    began = time.perf_counter()
    wave = _answered(by, at, suppliers, customers, answers, questions)
    told: dict[str, Any] = {
        "links": wave.links.count(), "sheets": wave.answered, "made_s": round(time.perf_counter() - began, 1),
    }  # fmt: skip
    clock, processor = time.perf_counter(), time.process_time()
    ready = changes.work_out(by=by, wave=wave)
    told |= {
        "work_out_s": round(time.perf_counter() - clock, 1),
        "work_out_processor_s": round(time.process_time() - processor, 1),
    }
    clock = time.perf_counter()
    changes.publish_wave(by=by, at=datetime.now(UTC), wave=wave, worked_out=ready)
    cells = PublishedCell.objects.filter(wave=wave)
    shown = cells.filter(why="").count()
    return {**told, "write_s": round(time.perf_counter() - clock, 1), "cells": cells.count(), "shown": shown}


def _answered(by: Any, at: datetime, suppliers: int, customers: int, answers: int, questions: int) -> Any:
    from baton.chain.changes import add_link, add_party
    from baton.chain.rules import PartyKind
    from baton.core.changes import add_person
    from baton.feedback import changes
    from baton.feedback.changes import Asked
    from baton.feedback.queries import slip_of
    from baton.feedback.rules import Band, Way, contents_of

    def parties(prefix: str, count: int) -> list[Any]:
        kind = PartyKind.DEPARTMENT
        return [add_party(by=by, at=at, party_kind=kind, name={"en": f"{prefix} {one}"}) for one in range(count)]

    serves, gets = parties("Supplier", suppliers), parties("Customer", customers)
    links = {
        (first, second): add_link(by=by, at=at, supplier=one, customer=other, output={"en": f"Output {first}"})
        for first, one in enumerate(serves)
        for second, other in enumerate(gets)
    }
    title = {"en": "Large", "zh-hans": "大型"}
    ends = {"1": {"en": "Never"}, "5": {"en": "Always"}}
    rated = [
        {"key": f"q{one}", "kind": "rating", "words": {"en": f"Question {one}"}, "anchors": ends}
        for one in range(questions)
    ]
    contents = contents_of({"sections": [{"key": "all", "title": title, "questions": rated}]})
    wave = changes.prepare_wave(
        by=by, at=at, questionnaire=changes.write_questionnaire(by=_manager(at), at=at, name=title, contents=contents),
        title=title, closes_at=at + timedelta(days=7), links=list(links.values()),
    )  # fmt: skip
    of_link = {one.link_id: one for one in wave.links.all()}
    asked, chance = [], random.Random(7)
    for customer in range(customers):
        own = [of_link[links[supplier, customer].pk] for supplier in range(suppliers)]
        for number in range(-(-suppliers * answers // A_SHEET)):
            name = f"p{customer}x{number}"
            person = add_person(by=by, at=at, sign_in_name=name, name={"en": name}, email=f"{name}@example.org")
            mine = {own[(number * A_SHEET + place) % suppliers] for place in range(A_SHEET)}
            band = Band.LEAD if number % 6 == 0 else Band.STAFF
            asked.append(Asked(person, dict.fromkeys(mine, band), Way.MAIL))
    changes.invite_people(by=by, at=at, wave=wave, asked=asked)
    wave = changes.open_wave(by=by, at=at, wave=wave)
    for letter in list(changes.hand_out(by=by, at=at, wave=wave)):
        slip = slip_of(wave=wave, typed=letter.token)
        assert slip is not None
        given = {
            link.public_id: {f"q{one}": chance.randint(1, 5) for one in range(questions)} for link, _band in slip.links
        }
        changes.cast_sheet(at=at, slip=slip, answers=given)
    return changes.close_wave(by=by, at=datetime.now(UTC), wave=wave)


def _manager(at: datetime) -> Any:
    from baton.core.actors import Actor
    from baton.core.changes import add_person, give_role
    from baton.core.queries import roles_of
    from baton.core.rules import Role

    by = Actor.system("benchmark")
    person = add_person(by=by, at=at, sign_in_name="quality", name={"en": "Quality"})
    give_role(by=by, at=at, person=person, role=Role.QUALITY_MANAGER)
    return Actor(person, roles_of(person, at))


if __name__ == "__main__":
    main()
