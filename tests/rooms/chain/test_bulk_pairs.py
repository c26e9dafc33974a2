"""Many pairs of an event log become links: few at once, many by the worker."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from baton.chain import changes
from baton.chain.models import Link, Party
from baton.chain.rules import AT_ONCE
from baton.core import changes as core
from baton.core.audit.trail import head
from baton.core.audit.verify import verify
from baton.core.models import AuditEntry, Batch
from baton.core.worker import Worker
from tests.rooms.chain.test_bulk_links import core_detail
from tests.rooms.chain.test_event_logs import CASES, bring, log_file, mine
from tests.world import NOON, SYSTEM, World


def many_pairs(pairs: int) -> list[tuple[str, str, str, str]]:
    """A log with this many pairs of teams, none twice."""
    from math import ceil

    found: list[tuple[str, str, str, str]] = []
    teams = [f"Team {n}" for n in range(ceil(pairs**0.5) + 2)]
    chosen = [(a, b) for a in teams for b in teams if a != b][:pairs]
    for number, (supplier, customer) in enumerate(chosen):
        found.append((f"c{number}", "2026-03-02T08:00:00Z", "a", supplier))
        found.append((f"c{number}", "2026-03-02T09:00:00Z", "b", customer))
    return found


def test_few_pairs_are_links_at_once_and_many_are_left_to_the_worker(world: World) -> None:
    client = world.client(world.lin_mei)
    log = mine(client, bring(client, log_file(many_pairs(AT_ONCE + 30))))
    sent = {"output_en": "Work", "parent": ""}
    few = [pair.pk for pair in log.pairs.order_by("pk")[:2]]
    answer = client.post(f"/discovery/{log.public_id}/links/", sent | {"pair": few}, follow=True)
    assert "2 links were made." in answer.content.decode()
    assert Link.objects.filter(batch__title=log.name).count() == 2
    answer = client.post(f"/discovery/{log.public_id}/links/", sent | {"all": "1", "at_least": "1"})
    batch = Batch.objects.latest("pk")
    assert answer.headers["Location"] == f"/data/bulk/{batch.public_id}/"
    assert (batch.state, batch.rows_expected) == ("staging", AT_ONCE + 28)
    page = client.get(answer.headers["Location"]).content.decode()
    assert "Waiting for the worker" in page
    assert Link.objects.filter(batch=batch).count() == 0
    assert Worker().drain(timezone.now() + timedelta(seconds=5)).failed == 0
    batch.refresh_from_db()
    assert (batch.state, batch.records) == ("sealed", AT_ONCE + 28)
    assert Link.objects.filter(batch=batch).count() == AT_ONCE + 28
    names = set(log.names.values_list("value", flat=True))
    assert {party.name["en"] for party in Party.objects.filter(name__en__startswith="Team ")} == names
    assert client.get(f"/data/bulk/{batch.public_id}/progress/").headers["HX-Refresh"] == "true"
    assert f"{AT_ONCE + 28} new records" in client.get("/notifications/").content.decode()
    made = AuditEntry.objects.filter(action="event_log.links_made", object_id=log.public_id)
    assert [core_detail(entry)["links"] for entry in made] == [2, AT_ONCE + 28]
    assert verify().holds


def test_the_same_selection_sent_twice_makes_each_link_once(world: World) -> None:
    client = world.client(world.lin_mei)
    log = mine(client, bring(client, log_file(many_pairs(AT_ONCE + 10))))
    sent = {"output_en": "Work", "parent": "", "all": "1", "at_least": "1"}
    for _time in range(2):
        assert client.post(f"/discovery/{log.public_id}/links/", sent).status_code == 302
    assert Worker().drain(timezone.now() + timedelta(seconds=5)).failed == 0
    assert Link.objects.filter(output__name__en="Work").count() == AT_ONCE + 10


def test_a_pair_that_was_linked_while_it_waited_is_passed_over(world: World) -> None:
    client = world.client(world.lin_mei)
    log = mine(client, bring(client, log_file([(c, at, a, p) for c, at, a, p in CASES if p != "Porters"])))
    made = changes.making_links
    batch = core.begin_batch(
        by=world.actor(world.lin_mei), at=NOON, target="links", title="Pairs",
        lines=list(made._lines(log, [("Ward 3", "Laboratory")], {
            name.value: name.party for name in log.names.select_related("party")}, {"en": "Work"}, None, NOON)),
    )  # fmt: skip
    changes.add_link(by=SYSTEM, at=NOON, supplier=world.ward, customer=world.laboratory, output={"en": "Specimens"})
    done = core.enter_or_abandon(by=SYSTEM, at=NOON, batch=batch)
    assert (done.state, done.rows_entered, done.records) == ("sealed", 1, 0)


def test_a_log_whose_names_are_too_long_makes_nothing(world: World) -> None:
    client = world.client(world.lin_mei)
    long = [(c, at, a, "T" * 250 if p == "Porters" else p) for c, at, a, p in CASES]
    log = mine(client, bring(client, log_file(long)))
    before = (head(), Party.objects.count())
    sent = {"output_en": "Work", "parent": "", "all": "1", "at_least": "1"}
    answer = client.post(f"/discovery/{log.public_id}/links/", sent)
    assert answer.status_code == 422
    assert "at most 200 characters" in answer.content.decode()
    assert (head(), Party.objects.count()) == before
