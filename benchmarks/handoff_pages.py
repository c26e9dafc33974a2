"""How long the server takes for the page of a link with a hundred thousand handoffs behind it.

    python -m benchmarks.handoff_pages [--handoffs 100000] [--rounds 40] [--user quality]

The demonstration is loaded into an installation of its own on SQLite. On one of its links with an agreement in force so
many handoffs of a year are written, most in time and some sent back, without an entry each in the trail, which pages do
not read; then all facts, measures and signals are built anew from the records. It prints how long that took, with the
most memory of the process and the rows of facts; and of the pages (the link, one of its clauses, the list of handoffs)
medians and 95th percentiles over the rounds, asked for one after the other over one kept connection, from the request
to the last byte. The bar is a median of 150 ms for the page of the link; the peers are /health and the page of another
link of the demonstration, which has no handoffs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.pages import ROOT, Visitor, served

BAR = 150
"""Longest median of the page of the link, in milliseconds."""
SLICE = 5_000
DAYS = 360


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--handoffs", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--user", default="quality")
    parser.add_argument("--fill", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.fill:
        print(json.dumps(fill(asked.handoffs)))
        return
    with tempfile.TemporaryDirectory(prefix="baton-handoffs-") as data:
        environment = {**os.environ, "BATON_DATA": data, "BATON_DEMO": "1", "PYTHONPATH": str(ROOT / "src")}
        environment.pop("DATABASE_URL", None)
        for step in ("migrate", "demo"):
            command = [sys.executable, "-m", "baton.config", step]
            subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        command = [sys.executable, "-m", "benchmarks.handoff_pages", "--fill", "--handoffs", str(asked.handoffs)]
        filled = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, cwd=ROOT)
        told = json.loads(filled.stdout.splitlines()[-1])
        print(told)
        with served(environment):
            visitor = Visitor(asked.user)
            for name, path in told["pages"].items():
                spent = sorted(_milliseconds(visitor, path) for _round in range(asked.rounds))
                print(
                    f"{name:20} median {statistics.median(spent):6.1f} ms   "
                    f"p95 {spent[int(0.95 * len(spent))]:6.1f} ms"
                )  # fmt: skip
    print(f"bar: a median of {BAR} ms for the page of the link")


def fill(handoffs: int) -> dict[str, Any]:
    """Write the handoffs, build everything anew, and say what was measured and which pages to ask for."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baton.config.settings")
    django.setup()
    from baton.agreements.models import AgreementVersion
    from baton.agreements.queries import clauses_by_version
    from baton.core.actors import Actor
    from baton.handoffs import facts
    from baton.handoffs.changes.figures import refresh_figures
    from baton.monitoring import changes
    from baton.monitoring.models import FactFile, StoredMeasure

    at, by = datetime.now(UTC), Actor.system("benchmark")
    versions = list(AgreementVersion.objects.filter(state="active").select_related("agreement__link"))
    held = clauses_by_version(viewer=by, versions=versions)
    version = max(versions, key=lambda one: sum(clause.source == "handoffs" for clause in held[one.pk]))
    link = version.agreement.link
    AgreementVersion.objects.filter(pk=version.pk).update(activated_at=at - timedelta(days=DAYS + 10))
    _write(link, handoffs, at)
    began = time.perf_counter()
    rows = sum(
        frame.height
        for source in facts.sources()
        for build in (facts.clause_facts, facts.link_facts)
        if (frame := build(source)) is not None
    )
    built = time.perf_counter() - began
    began = time.perf_counter()
    changes.rebuild(by=by, at=at)
    rebuilt = time.perf_counter() - began
    began = time.perf_counter()
    refresh_figures(by=by, at=at)
    figured = time.perf_counter() - began
    measured = StoredMeasure.objects.filter(subject__startswith=f"{link.public_id}/").values_list("subject", flat=True)
    other = next(one.agreement.link for one in versions if one.agreement.link_id != link.pk)
    pages = {"/health": "/health", "the link": f"/links/{link.public_id}/", "another": f"/links/{other.public_id}/"}
    if measured:
        pages["one of its clauses"] = f"/handoffs/clauses/{measured[0].replace('/', '-')}/"
    pages["list of handoffs"] = "/handoffs/"
    pages["list by due date"] = "/handoffs/?order=due_at"
    return {
        "handoffs": handoffs, "facts": rows, "building facts, s": round(built, 1),
        "building all anew, s": round(rebuilt, 1), "figures of all links, s": round(figured, 1),
        "files": FactFile.objects.count(), "measures of the link's clauses": len(set(measured)),
        "most memory, MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "pages": pages,
    }  # fmt: skip


def _write(link: Any, handoffs: int, at: datetime) -> None:
    from baton.handoffs.models import Handoff, HandoffReturn

    chance = random.Random(7)
    step = timedelta(days=DAYS) / handoffs
    for start in range(0, handoffs, SLICE):
        rows = []
        for place in range(start, min(start + SLICE, handoffs)):
            asked = at - timedelta(days=DAYS + 1) + place * step
            done = asked + timedelta(hours=chance.uniform(0.5, 30.0))
            rows.append(
                Handoff(
                    number=f"HB-2026-{place:07}", link=link, state="accepted", reference=f"B{place}", occurred_at=asked,
                    requested_at=asked, due_at=asked + timedelta(hours=24), delivered_at=min(done, at), recorded_at=at,
                    accepted_at=min(done, at), changed_seq=1,
                )
            )  # fmt: skip
        Handoff.objects.bulk_create(rows)
        HandoffReturn.objects.bulk_create(
            HandoffReturn(
                number=f"RB-{row.number[8:]}", handoff=row, phenomenon="Torn", opened_at=row.accepted_at,
                state="settled", settled_at=row.accepted_at, recorded_at=at, changed_seq=1,
            )
            for row in rows if chance.random() < 0.02
        )  # fmt: skip


def _milliseconds(visitor: Visitor, path: str) -> float:
    began = time.perf_counter()
    status, _text = visitor.get(path)
    if status != 200:
        raise SystemExit(f"{path} answered {status}")
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    main()
