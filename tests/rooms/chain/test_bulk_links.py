"""Many links at once: as if entered one by one, unseen until all are there, withdrawn together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from baton.chain import changes, queries
from baton.chain.changes import LinkRow
from baton.chain.models import EventLog, Link
from baton.chain.queries.event_logs import comparison, linked_pairs, mined_graph
from baton.chain.rules import AT_ONCE, OutputKind, Source
from baton.core import changes as core
from baton.core import registries
from baton.core.actors import Actor
from baton.core.audit.trail import head, rows_digest
from baton.core.audit.verify import verify
from baton.core.changes.bulk import model_of
from baton.core.errors import Forbidden, Refused, Stale
from baton.core.models import AuditEntry, Batch
from baton.core.registries import Registry
from baton.core.worker import Worker
from tests.query_counts import queries_a_page
from tests.rooms.chain.test_event_logs import CASES, bring, log_file, mine
from tests.world import NOON, SYSTEM, World

if TYPE_CHECKING:
    from baton.core.models import Person


def rows(world: World, count: int = 3, first: int = 0) -> list[LinkRow]:
    return [
        LinkRow(world.stores, world.pharmacy, {"en": f"Item {n}", "zh-hans": f"物品{n}"}, OutputKind.SERVICE,
                date(2026, 1, 1 + n % 28))
        for n in range(first, first + count)
    ]  # fmt: skip


def enter(world: World, count: int = 3, first: int = 0, by: Actor = SYSTEM) -> Batch:
    return changes.add_links_in_bulk(by=by, at=NOON, rows=rows(world, count, first), title="Catalogue")


def links_in(batch: Batch) -> list[Link]:
    return list(Link.everything.filter(batch=batch).order_by("pk"))


def plain(link: Link) -> dict[str, object]:
    """All columns but those that differ from link to link by design."""
    own = {"id", "public_id", "number", "search_text", "batch", "changed_seq", "output"}
    values = {f.attname: getattr(link, f.attname) for f in Link._meta.concrete_fields if f.name not in own}
    return values | {"output": link.output.name, "output_kind": str(link.output.output_kind)}


def staged(world: World, count: int = 3, first: int = 0) -> Batch:
    """A bulk entry with all rows entered that nobody has sealed yet."""
    lines = [
        {
            "supplier": row.supplier.public_id, "customer": row.customer.public_id, "output": row.output,
            "output_kind": "service", "source": "mined", "began_on": "2026-01-05",
        }
        for row in rows(world, count, first)
    ]  # fmt: skip
    batch = core.begin_batch(by=SYSTEM, at=NOON, target="links", title="Catalogue", lines=lines)
    target = registries.bulk_targets.get("links")
    target.prepare(by=SYSTEM, at=NOON, batch=batch, progress=lambda done, total: None)
    return core.enter_slice(by=SYSTEM, at=NOON, batch=batch, first=1, rows=list(target.rows(batch))).batch


def test_bulk_makes_the_links_that_single_entries_make(world: World) -> None:
    with transaction.atomic():
        one_by_one = [
            plain(changes.add_link(
                by=SYSTEM, at=NOON, supplier=row.supplier, customer=row.customer, output=row.output,
                output_kind=row.output_kind, began_on=row.began_on, source=Source.MINED,
            ))
            for row in rows(world)
        ]  # fmt: skip
        transaction.set_rollback(True)
    batch = enter(world)
    made = links_in(batch)
    assert [plain(link) for link in made] == one_by_one
    numbers = [int(link.number[-4:]) for link in made]
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    assert all(link.number.casefold() in link.search_text for link in made)
    assert set(made) <= set(Link.objects.all())


def test_every_slice_has_one_audit_row_with_range_and_digests(world: World) -> None:
    before = head()
    batch = enter(world, 120)
    slices = list(AuditEntry.objects.filter(seq__gt=before, action="batch.rows_entered"))
    details = [core_detail(entry) for entry in slices]
    assert details[0]["row_range"][0] == 1
    assert details[-1]["row_range"][1] == 120
    assert all(here["row_range"][1] + 1 == then["row_range"][0] for here, then in pairwise(details))
    assert {detail["digest"] for detail in details} == {batch.digest}
    for entry, detail in zip(slices, details, strict=True):
        entered = [link for link in links_in(batch) if link.changed_seq == entry.seq]
        assert detail["rows"] == len(entered)
        assert detail["rows_digest"] == rows_digest(entered)
    assert verify().holds


def core_detail(entry: AuditEntry) -> dict[str, Any]:
    import json

    detail: dict[str, Any] = json.loads(entry.body)["detail"]
    return detail


def test_all_refused_rows_are_named_and_nothing_is_entered(world: World) -> None:
    before = (head(), Link.everything.count(), Batch.objects.count())
    wrong = [
        LinkRow(world.ward, world.ward, {"en": "x"}),
        LinkRow(world.laundry, world.ward, {"en": "clean linen"}),
        LinkRow(world.laundry, world.ward, {"en": "\u200b"}),
        *rows(world, 1),
    ]
    with pytest.raises(Refused) as refused:
        changes.add_links_in_bulk(by=SYSTEM, at=NOON, rows=[*rows(world), *wrong], title="Catalogue")
    said = str(refused.value)
    for part in ("Refused rows: 4", "4: ", "both sides", f"{world.laundry_ward.number} is the same", "7: ", "Row 1 is"):
        assert part in said
    assert (head(), Link.everything.count(), Batch.objects.count()) == before


def test_bulk_is_the_quality_managers(world: World) -> None:
    with pytest.raises(Forbidden):
        enter(world, by=world.actor(world.he_ping))
    assert enter(world, by=world.actor(world.lin_mei)).state == "sealed"


def doors(world: World, log: EventLog | None = None) -> Iterator[tuple[str, str]]:
    """What every door shows of the stores and the pharmacy, as text."""
    client, viewer = world.client(world.lin_mei), world.actor(world.lin_mei)
    for address in (
        "/", "/links/?state=all", "/links/export.csv?state=all", "/map/", "/map/table/", "/data/chain.links/",
        f"/parties/{world.stores.public_id}/", f"/parties/{world.pharmacy.public_id}/",
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200, address
        yield address, b"".join(answer).decode()
    filters = queries.LinkFilters(state="all", search="Item")
    yield "links", str([row.link for row in queries.links(viewer=viewer, at=NOON, filters=filters)])
    yield "export", str([row.link for row in queries.links_to_export(viewer=viewer, at=NOON, filters=filters)])
    yield "map", str([link.output for link in queries.chain_map(viewer=viewer, at=NOON).links])
    page = queries.party_page(viewer=viewer, at=NOON, public_id=world.stores.public_id)
    yield "party", str([row.link for row in page.to_customers])
    head_of_stores = queries.home(viewer=world.actor(world.he_ping), at=NOON)
    yield "home", str([row.link for row in head_of_stores.to_customers])
    for line in queries.parties(viewer=viewer, at=NOON, filters=queries.PartyFilters()):
        if line == world.stores:
            yield "count", f"Item {line.customers}"  # type: ignore[attr-defined]
    if log is not None:
        found = comparison(viewer=viewer, at=NOON, log=log)
        yield "comparison", str([row.link for row in found.rows])
        yield "pairs", str(linked_pairs(viewer=viewer, at=NOON, log=log))
        yield "mined", str([edge["href"] for edge in mined_graph(viewer=viewer, at=NOON, log=log)["edges"]])


def shown(world: World, links: list[Link], log: EventLog | None = None) -> set[str]:
    """The doors that show any of these links."""
    marks = [
        mark for link in links for mark in (link.public_id, f"{link.number} ", f"{link.number}<", f"{link.number},")
    ]
    return {door for door, text in doors(world, log) if any(mark in text for mark in marks)}


def test_nobody_sees_a_row_before_all_are_sealed_and_after_they_are_withdrawn(world: World) -> None:
    client = world.client(world.lin_mei)
    rows_of_log = [(c, at, a, {"Ward 3": "Stores", "Laboratory": "Pharmacy"}.get(p, p)) for c, at, a, p in CASES]
    log = mine(client, bring(client, log_file(rows_of_log)))
    before = dict(doors(world, log))
    batch = staged(world)
    made = links_in(batch)
    assert len(made) == 3
    assert shown(world, made, log) == set()
    assert dict(doors(world, log))["count"] == before["count"]
    assert [client.get(f"/links/{link.public_id}/{part}").status_code for link in made for part in ("", "change/")] == [
        404
    ] * 6
    assert not any(queries.sees_link(viewer=SYSTEM, at=NOON, public_id=link.public_id) for link in made)
    core.seal_batch(by=SYSTEM, at=NOON, batch=batch)
    seen = shown(world, made, log)
    assert seen >= {
        "/links/?state=all", "/links/export.csv?state=all", "/map/", "/data/chain.links/", "links", "export", "party",
        "home", "comparison", "pairs", "mined",
    }  # fmt: skip
    assert dict(doors(world, log))["count"] != before["count"]
    assert client.get(f"/links/{made[0].public_id}/").status_code == 200
    core.withdraw_batch(by=SYSTEM, at=NOON, batch=batch, reason="wrong list")
    assert shown(world, made, log) == set()
    assert client.get(f"/links/{made[0].public_id}/").status_code == 404
    assert dict(doors(world, log))["count"] == before["count"]


def test_the_page_of_a_link_says_that_it_came_in_bulk(world: World) -> None:
    batch = enter(world, 120, by=world.actor(world.lin_mei))
    link = links_in(batch)[-1]
    page = queries.link_page(viewer=SYSTEM, at=NOON, public_id=link.public_id)
    # Its own slice and the others are no news of the link; the whole began to count with the seal.
    assert [entry.action for entry in page.history if entry.kind in ("batch", "link")] == ["batch.sealed"]
    assert "Entered in bulk" in world.client(world.lin_mei).get(f"/links/{link.public_id}/").content.decode()


@pytest.mark.sqlite
def test_pages_ask_no_more_queries_for_bulk_entries(world: World) -> None:
    client = world.client(world.lin_mei)
    addresses = ["/", "/links/", "/links/export.csv", "/map/", "/parties/", f"/links/{world.laundry_ward.public_id}/"]
    queries_a_page(client, addresses)
    few = queries_a_page(client, addresses)
    for n in range(4):
        enter(world, 5, first=10 * n)
    many = queries_a_page(client, addresses)
    assert {address: count for address, count in many.items() if count > few[address] + 2} == {}


@pytest.mark.sqlite
def test_a_list_looks_once_into_the_bulk_entries_that_do_not_count(world: World) -> None:
    enter(world, 50)
    staged(world, 5, first=100)
    asked = Link.objects.filter(supplier=world.stores)
    with connection.cursor() as cursor:
        sql, given = asked.query.sql_with_params()
        explained = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
        cursor.execute(explained + sql, given)
        plan = " ".join(str(part) for row in cursor.fetchall() for part in row)
    assert "core_batch" in plan
    if connection.vendor == "sqlite":
        assert "CORRELATED" not in plan
        assert "SEARCH chain_link USING" in plan
        assert "supplier" in plan
    else:
        assert "hashed SubPlan" in plan
    assert asked.count() == 50


def test_a_staged_row_keeps_its_unique_key_and_a_single_entry_is_told(world: World) -> None:
    batch = staged(world)
    sent = {"supplier": world.stores.public_id, "customer": world.pharmacy.public_id, "output_en": "Item 1",
            "output_kind": "service", "began_on": "2026-01-05"}  # fmt: skip
    answer = world.client(world.lin_mei).post("/links/add/", sent)
    assert answer.status_code == 422
    assert "A bulk entry that is being entered or taken back still holds it" in answer.content.decode()
    core.abandon_batch(by=SYSTEM, at=NOON, batch=batch, reason="not wanted")
    assert world.client(world.lin_mei).post("/links/add/", sent).status_code == 302


def test_a_link_cannot_be_changed_into_a_staged_one(world: World) -> None:
    staged(world)
    link = changes.add_link(by=SYSTEM, at=NOON, supplier=world.stores, customer=world.pharmacy, output={"en": "Other"})
    with pytest.raises(Refused, match="bulk entry"):
        changes.change_link(by=SYSTEM, at=NOON, link=link, output={"en": "Item 1"}, output_kind="service")


def test_a_party_with_links_on_their_way_is_not_ended(world: World) -> None:
    changes.end_link(by=SYSTEM, at=NOON, link=world.pharmacy_ward)
    staged(world)
    for held in queries.party_page(viewer=SYSTEM, at=NOON, public_id=world.pharmacy.public_id).members:
        changes.end_membership(by=SYSTEM, at=NOON, membership=held)
    with pytest.raises(Refused, match="not finished brings .* links: 3"):
        changes.end_party(by=SYSTEM, at=NOON, party=world.pharmacy)


def test_a_row_that_became_wrong_meanwhile_ends_the_whole_entry(world: World) -> None:
    client = world.client(world.lin_mei)
    lines = [
        {
            "supplier": world.stores.public_id, "customer": world.night_shift.public_id, "output": {"en": f"Item {n}"},
            "output_kind": "service", "source": "mined", "began_on": "2026-01-05",
        }
        for n in range(AT_ONCE)
    ]  # fmt: skip
    by = world.actor(world.lin_mei)
    batch = core.begin_batch(by=by, at=NOON, target="links", title="Catalogue", lines=lines)
    changes.end_party(by=SYSTEM, at=NOON, party=world.night_shift)
    assert Worker().drain(timezone.now() + timedelta(seconds=5)).failed == 0
    batch.refresh_from_db()
    assert (batch.state, batch.records) == ("abandoned", 0)
    page = client.get(f"/data/bulk/{batch.public_id}/").content.decode()
    assert "Nothing was entered. Refused rows: 1." in page
    assert f"{world.night_shift.number} ended on" in page
    assert "could not be entered" in client.get("/notifications/").content.decode()


def test_two_bulk_entries_of_the_same_do_not_both_count(world: World) -> None:
    first = staged(world, 3)
    with pytest.raises(Refused, match="1: .*bulk entry"):
        enter(world, 3, first=2)
    # Checked before the other one began: the database finds it, and the second is given up as a whole.
    second = core.begin_batch(
        by=SYSTEM, at=NOON, target="links", title="Again",
        lines=[
            {
                "supplier": world.stores.public_id, "customer": world.pharmacy.public_id, "output": {"en": f"Item {n}"},
                "output_kind": "service", "source": "mined", "began_on": "2026-01-05",
            }
            for n in (7, 8, 1)
        ],
    )  # fmt: skip
    with pytest.raises(Refused, match="3: .*bulk entry"):
        core.enter_or_abandon(by=SYSTEM, at=NOON, batch=second)
    second.refresh_from_db()
    assert second.state == "abandoned"
    core.seal_batch(by=SYSTEM, at=NOON, batch=first)
    assert Link.objects.filter(batch__isnull=False).count() == 3
    assert enter(world, 2, first=7).records == 2


def test_two_runs_of_one_entry_enter_each_row_once(world: World) -> None:
    from baton.chain.changes.bulk_links import links_of

    batch = staged(world, 3)
    again = core.enter_slice(by=SYSTEM, at=NOON, batch=batch, first=1, rows=list(links_of(batch)))
    assert again.overtaken
    core.enter_batch(by=SYSTEM, at=NOON, batch=batch)
    sealed = core.enter_batch(by=SYSTEM, at=NOON, batch=batch)
    assert (sealed.state, sealed.records, len(links_in(batch))) == ("sealed", 3, 3)


def test_what_was_changed_since_is_named_and_not_withdrawn(world: World) -> None:
    batch = enter(world, 3)
    link = links_in(batch)[1]
    changes.end_link(by=SYSTEM, at=NOON, link=link)
    with pytest.raises(Refused, match=f"One was changed since: {link.number} Item 1"):
        core.withdraw_batch(by=SYSTEM, at=NOON, batch=batch, reason="wrong")
    assert Link.objects.filter(batch=batch).count() == 3


def test_what_something_stands_on_is_not_withdrawn(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = enter(world, 3)
    asked: Registry[Any] = Registry("dependants")
    asked.add("agreements", lambda batch: {"standards": model_of(batch).objects.filter(batch=batch).count()})
    monkeypatch.setattr(registries, "dependants", asked)
    client = world.client(world.lin_mei)
    answer = withdraw(client, batch, "wrong")
    assert answer.status_code == 422
    assert "Something does: standards: 3." in answer.content.decode()
    batch.refresh_from_db()
    assert batch.state == "sealed"


def withdraw(client: Client, batch: Batch, reason: str) -> Any:
    address = f"/data/bulk/{batch.public_id}/take-back/"
    page = client.get(address)
    assert page.status_code == 200
    return client.post(address, {"reason": reason, "version": page.context["form"].initial["version"]})


def test_a_large_entry_is_withdrawn_at_once_and_its_keys_are_given_back_by_the_worker(world: World) -> None:
    batch = enter(world, 130)
    client = world.client(world.lin_mei)
    assert withdraw(client, batch, "").status_code == 422
    assert withdraw(client, batch, "wrong list").status_code == 302
    assert Link.objects.filter(batch=batch).count() == 0
    assert Link.everything.filter(batch=batch, ended_on__isnull=True).count() == 130
    page = client.get(f"/data/bulk/{batch.public_id}/").content.decode()
    assert "130 rows still hold their unique keys" in page
    assert "wrong list" in page
    with pytest.raises(Refused, match="still holds it"):
        changes.add_link(by=SYSTEM, at=NOON, supplier=world.stores, customer=world.pharmacy, output={"en": "Item 9"})
    assert Worker().drain(timezone.now() + timedelta(seconds=5)).failed == 0
    ended = links_in(batch)
    assert all(link.ended_on == link.began_on for link in ended)
    batch.refresh_from_db()
    assert (batch.state, batch.records_released) == ("withdrawn", 130)
    slices = AuditEntry.objects.filter(action="batch.rows_released", object_id=batch.public_id)
    assert sum(core_detail(entry)["rows"] for entry in slices) == 130
    assert enter(world, 130).records == 130
    assert verify().holds


def test_withdrawn_twice_is_refused(world: World) -> None:
    batch = enter(world)
    client = world.client(world.lin_mei)
    address = f"/data/bulk/{batch.public_id}/take-back/"
    sent = {"reason": "wrong", "version": batch.changed_seq}
    core.withdraw_batch(by=SYSTEM, at=NOON, batch=batch, reason="first")
    late = client.post(address, sent)
    assert late.status_code == 409
    with pytest.raises(Refused, match="It is: withdrawn"):
        core.withdraw_batch(by=SYSTEM, at=NOON, batch=batch, reason="second")
    with pytest.raises(Stale):
        core.withdraw_batch(by=SYSTEM, at=NOON, batch=batch, reason="second", expected_seq=1)


@pytest.mark.sqlite
@pytest.mark.parametrize("person", ["chen_jie", "wang_fang", "sun_yan", "he_jun", "tom_reed", "ivy_stone"])
def test_a_nurse_neither_sees_nor_withdraws(world: World, person: str) -> None:
    batch, waiting = enter(world), staged(world, first=50)
    somebody: Person = getattr(world, person)
    client = world.client(somebody)
    brings = person in ("sun_yan", "wang_fang")  # people, or handoffs of his own links: of these they see their own
    if brings:
        assert "Catalogue" not in client.get("/data/bulk/").content.decode()
    else:
        assert client.get("/data/bulk/").status_code == 403
    for one in (batch, waiting):
        for part in ("", "progress/", "take-back/"):
            assert client.get(f"/data/bulk/{one.public_id}/{part}").status_code in (403, 404)
        for part in ("take-back/", "resume/"):
            sent = {"reason": "mine", "version": one.changed_seq}
            assert client.post(f"/data/bulk/{one.public_id}/{part}", sent).status_code in (403, 404)
        one.refresh_from_db()
    assert (batch.state, waiting.state) == ("sealed", "staging")
    assert brings or "Bulk entries" not in client.get("/data/").content.decode()


def test_the_auditor_sees_and_does_not_withdraw(world: World) -> None:
    batch = enter(world)
    client = world.client(world.wu_tao)
    assert "Catalogue" in client.get("/data/bulk/").content.decode()
    page = client.get(f"/data/bulk/{batch.public_id}/").content.decode()
    assert batch.digest in page
    assert "take-back" not in page
    answer = client.post(f"/data/bulk/{batch.public_id}/take-back/", {"reason": "x", "version": batch.changed_seq})
    assert answer.status_code == 403
