"""How long a search takes over many records: page time without the browser, by question and by who asks.

    python benchmarks/search.py [--records 200000] [--rounds 15] [--postgresql]

Builds an installation of its own in a temporary folder (or on a PostgreSQL server of its own), fills parties and links
with made-up words in English and Chinese, builds the index and asks as quality manager and as a member of one
department. Prints median and worst of the whole search (all kinds, policy, texts of the hits) for each question and the
median over all questions. On SQLite, which works inside the process, it is the time of the processor, so that other
work on the machine does not count; on PostgreSQL it is the time that passes.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

ENGLISH = (
    "linen", "clean", "pharmacy", "laundry", "ward", "results", "doses", "meal", "sterile", "report", "order", "blood",
    "sample", "note", "record", "supply",
)  # fmt: skip
CHINESE = "洗衣房药品检验科病区血液样本消毒器械膳食配送报告出院记录标本护理部手术室供应商客户订单退货"
QUESTIONS = (
    "L-2026-150000",
    "linen",
    "clean linen",
    "洗衣",
    "衣房",
    "洗衣房",
    "阑尾",
    "xq",
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


def times(work: Callable[[], object], rounds: int) -> list[float]:
    """Milliseconds of each round, after one that is not counted."""
    from django.db import connection

    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    work()
    taken = []
    for _round in range(rounds):
        begun = clock()
        work()
        taken.append((clock() - begun) * 1000)
    return taken


def measure(rounds: int) -> None:
    from baton.core.actors import Actor
    from baton.core.search.finding import search

    askers = {"quality manager": Actor.system("benchmark"), "member": member()}
    for who, viewer in askers.items():
        everything = []
        for text in QUESTIONS:
            taken = times(lambda text=text, viewer=viewer: search(viewer=viewer, at=AT, text=text), rounds)
            everything += taken
            print(f"{who:16} {text:16} median {statistics.median(taken):7.1f} ms  worst {max(taken):7.1f} ms")
        print(f"{who:16} {'all questions':16} median {statistics.median(everything):7.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--postgresql", action="store_true")
    arguments = parser.parse_args()
    server = None
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"BATON_DATA": folder, "BATON_DEMO": "1", "DJANGO_SETTINGS_MODULE": "baton.config.settings"}
        if arguments.postgresql:
            from tests.postgres import PostgresServer

            server = PostgresServer()
            os.environ["DATABASE_URL"] = server.url("postgres")
        try:
            _run(arguments.records, arguments.rounds)
        finally:
            if server is not None:
                _close()
                server.stop()


def _close() -> None:
    """A server with open connections would not stop."""
    from django.db import connections

    for connection in connections.all():
        connection.close()
        if getattr(connection, "pool", None):
            connection.close_pool()


def _run(records: int, rounds: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from baton.core.actors import Actor
    from baton.core.search import keeping

    call_command("migrate", verbosity=0)
    fill(records)
    begun = time.perf_counter()
    count = keeping.rebuild(by=Actor.system("benchmark"), at=AT)
    print(f"{connection.vendor}: {count} records, index built in {time.perf_counter() - begun:.0f} s")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    measure(rounds)


if __name__ == "__main__":
    main()
