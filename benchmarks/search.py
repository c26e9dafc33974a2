#!/usr/bin/env python3
"""How long a search takes over many records: page time without the browser, by question and by who asks.

    python3 -m benchmarks.search [--records 200000] [--rounds 15] [--database sqlite|postgresql]

Fills an installation of its own with parties, outputs and links of made-up words in English and Chinese, builds the
index and asks as quality manager and as a member of one department: numbers, words, parts of words, words of one and
two characters, words that stand nowhere. Prints one line of JSON a database: seconds of building the index, and the
median and 95th centile in milliseconds of the whole search (all kinds, policy, texts of the hits) for each question and
over all of them.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from typing import Any

from benchmarks.installations import VENDORS, installation

ENGLISH = (
    "linen", "clean", "pharmacy", "laundry", "ward", "results", "doses", "meal", "sterile", "report", "order", "blood",
    "sample", "note", "record", "supply",
)  # fmt: skip
CHINESE = "洗衣房药品检验科病区血液样本消毒器械膳食配送报告出院记录标本护理部手术室供应商客户订单退货"
QUESTIONS = (
    "L-2026-150000",
    "linen",
    "clean linen",
    "w",
    "xq",
    "洗",
    "洗衣",
    "衣房",
    "洗衣房",
    "阑尾",
    "药品 检验",
    "zzzz",
    "2026",
    "ward results",
)
DAY = date(2026, 1, 5)
AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


def fill(records: int) -> None:
    """A twentieth of ``records`` are parties, as many outputs, the rest links between them."""
    from baton.chain.models import Link, Output, Party
    from baton.core.ids import new_public_id
    from baton.core.texts import folded

    chance = random.Random(20261121)

    def name() -> dict[str, str]:
        return {"en": " ".join(chance.choices(ENGLISH, k=3)), "zh-hans": "".join(chance.choices(CHINESE, k=6))}

    few = records // 20
    parties, outputs = [], []
    for number in range(few):
        public_id, words = new_public_id(), name()
        parties.append(
            Party(public_id=public_id, number=f"P-2026-{number:06d}", party_kind="department", name=words,
                  search_text=folded(*words.values()), path=f"{public_id}/", began_on=DAY, recorded_at=AT)
        )  # fmt: skip
        words = name()
        outputs.append(
            Output(number=f"O-2026-{number:06d}", name=words, name_key=f"{words['en']} {number}", began_on=DAY,
                   search_text=folded(*words.values()), recorded_at=AT)
        )  # fmt: skip
    Party.objects.bulk_create(parties, batch_size=1000)
    Output.objects.bulk_create(outputs, batch_size=1000)
    links = []
    for number in range(records - 2 * few):
        supplier = number % few
        links.append(
            Link(number=f"L-2026-{number:06d}", supplier=parties[supplier],
                 customer=parties[(supplier + 1 + number // few) % few], output=outputs[chance.randrange(few)],
                 search_text=f"l-2026-{number:06d}", began_on=DAY, recorded_at=AT)
        )  # fmt: skip
    Link.objects.bulk_create(links, batch_size=1000)


def member() -> Any:
    """Somebody of one department, without organisation-wide role."""
    from baton.chain.models import Membership, Party
    from baton.core.actors import Actor
    from baton.core.changes import add_person

    person = add_person(by=Actor.system("benchmark"), at=AT, sign_in_name="member", name={"en": "Ann"})
    party = Party.objects.order_by("pk")[0]
    Membership.objects.create(party=party, person=person, capacity="member", began_on=DAY, recorded_at=AT)
    return Actor(person)


def asked(viewer: Any, rounds: int) -> dict[str, dict[str, float]]:
    """Median and 95th centile of each question, and of all together; the first round of each is not counted."""
    from baton.core.once import once_in_here
    from baton.core.search.finding import search

    taken: dict[str, list[float]] = {}
    for text in QUESTIONS:
        search(viewer=viewer, at=AT, text=text)
        taken[text] = []
        for _round in range(rounds):
            began = time.perf_counter()
            with once_in_here():
                search(viewer=viewer, at=AT, text=text)
            taken[text].append((time.perf_counter() - began) * 1000)
    taken["all"] = [one for many in taken.values() for one in many]
    return {
        text: {"median_ms": round(statistics.median(many), 1), "p95_ms": round(statistics.quantiles(many, n=20)[18], 1)}
        for text, many in taken.items()
    }


def measure(vendor: str, records: int, rounds: int) -> dict[str, Any]:
    with installation(vendor):
        from django.db import connection

        from baton.core.actors import Actor
        from baton.core.search import keeping

        fill(records)
        began = time.perf_counter()
        count = keeping.rebuild(by=Actor.system("benchmark"), at=AT)
        seconds = time.perf_counter() - began
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        return {
            "database": vendor,
            "records": count,
            "index_seconds": round(seconds, 1),
            "quality_manager": asked(Actor.system("benchmark"), rounds),
            "member": asked(member(), rounds),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--database", choices=VENDORS, help="only this one")
    chosen = parser.parse_args()
    if chosen.database:
        print(json.dumps(measure(chosen.database, chosen.records, chosen.rounds), ensure_ascii=False), flush=True)
        return
    for vendor in VENDORS:
        command = [sys.executable, "-m", "benchmarks.search", "--database", vendor, "--records", str(chosen.records)]
        subprocess.run([*command, "--rounds", str(chosen.rounds)], check=True)


if __name__ == "__main__":
    main()
