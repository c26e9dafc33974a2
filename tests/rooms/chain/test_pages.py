"""The pages of the chain through the front door: what they show, and what they do with bad input."""

from __future__ import annotations

import re
import sys
from datetime import date
from functools import partial
from html import unescape

import pytest
from django.test import Client

from baton.chain import changes, queries
from baton.chain.models import Link, Membership, Party
from baton.chain.rules import Capacity
from tests.world import BEGAN, NOON, World

HOSTILE = '=HYPERLINK("http://x")<img src=x onerror=alert(1)>'


def hidden(page: str, name: str) -> str:
    """Value of a hidden field of the page's form."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    assert found is not None, f"no hidden field {name}"
    return unescape(found[1])


def filled(client: Client, path: str, **values: str) -> dict[str, str]:
    """What a browser would send of the form at ``path``, with ``values`` typed in."""
    page = client.get(path).content.decode()
    return {"version": hidden(page, "version") if 'name="version" value' in page else "",
            "submission": hidden(page, "submission"), **values}  # fmt: skip


def test_home_shows_my_customers_my_suppliers_and_the_gaps(world: World) -> None:
    page = world.client(world.wang_fang).get("/").content.decode()
    customers, suppliers = page.index("My customers"), page.index("My suppliers")
    assert customers < page.index("Sorted used linen") < suppliers < page.index("Clean linen")
    assert "Infection control" in page[page.index("To be cleared up") :]
    assert "Towels" not in page


def test_home_of_a_large_part_shows_the_first_links_and_says_how_many_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["baton.chain.queries.home"], "MOST_MINE", 1)
    found = queries.home(viewer=world.actor(world.chen_jie), at=NOON)
    assert [str(row.link.customer) for row in found.to_customers] == ["Laundry"]
    assert [str(row.link.supplier) for row in found.from_suppliers] == ["Laboratory"]
    assert (found.more_customers, found.more_suppliers) == (1, 2)
    page = world.client(world.chen_jie).get("/").content.decode()
    assert "And one more link." in page
    assert "And 2 more links." in page


def test_home_names_what_one_belongs_to_and_not_all_that_stands_in_it(world: World) -> None:
    found = queries.home(viewer=world.actor(world.liu_yang), at=NOON)
    assert found.mine == [world.nursing]
    assert {row.link.customer for row in found.to_customers} >= {world.patient}, "by the ward that stands in it"


def test_home_speaks_chinese(world: World) -> None:
    world.wang_fang.language = "zh-hans"
    world.wang_fang.save()
    page = world.client(world.wang_fang).get("/").content.decode()
    assert "洁净布草" in page
    assert "Clean linen" not in page


def test_empty_chain_teaches_the_first_step(db: None) -> None:
    from baton.starters.changes import keep_draft
    from tests.world import _people

    world = World()
    _people(world)
    client = world.client(world.lin_mei)
    assert client.get("/").headers["Location"] == "/start/"
    keep_draft(by=world.actor(world.lin_mei), at=NOON, answers={})  # as "keep and leave" does
    page = client.get("/").content.decode()
    assert "The chain is still empty" in page
    assert "/parties/add/" in page


def test_a_guest_sees_his_party_and_no_way_further(world: World) -> None:
    client = world.client(world.tom_reed)
    page = client.get("/").content.decode()
    assert "Patient" in page
    assert 'href="/map/"' not in page
    assert not re.search(r"\bCare\b", client.get(f"/parties/{world.patient.public_id}/").content.decode())


def test_party_page_shows_both_roles_members_and_history(world: World) -> None:
    page = world.client(world.lin_mei).get(f"/parties/{world.ward.public_id}/").content.decode()
    suppliers, customers = page.index("Its suppliers"), page.index("Its customers")
    assert suppliers < page.index("Clean linen") < customers < page.index("Sorted used linen")
    for said in ("Wang Fang", "Zhou Min", "Nursing", "Night shift", "Head appointed", "W3"):
        assert said in page


def test_a_day_in_the_past_stands_beside_the_moment_of_its_entry(world: World) -> None:
    """Ended in March and begun in February, both said on the first of June."""
    by = world.actor(world.lin_mei)
    held = Membership.objects.get(person=world.gao_ming)
    changes.end_membership(by=by, at=NOON, membership=held, ended_on=date(2026, 3, 1))
    appoint = partial(changes.appoint, by=by, at=NOON, party=world.laundry, capacity=Capacity.MEMBER)
    appoint(person=world.sun_lei, began_on=date(2026, 2, 2))
    appoint(person=world.chen_jie)
    page = world.client(world.lin_mei).get(f"/parties/{world.laundry.public_id}/").content.decode()
    told = unescape(re.sub(r"<[^>]+>", " ", page[page.index("History") :]))
    chen, sun, gao = re.findall(r"(?:Member taken in|Membership ended)\s+(.*?)\s+Lin Mei · (.*?)\s", told)[:3]
    assert sun[0] == "Sun Lei · from: 2 Feb 2026"
    assert chen[0] == "Chen Jie"
    assert gao[0] == "Gao Ming · until: – → 1 Mar 2026"
    assert told.count("1 Jun 2026") >= 3


def test_link_page_says_who_serves_whom_and_what_happened(world: World) -> None:
    by = world.actor(world.zhao_lei)
    changes.change_link(
        by=by, at=NOON, link=world.laundry_ward, output={"en": "Clean bed linen"}, output_kind="service", reason="exact"
    )  # fmt: skip
    page = world.client(world.chen_jie).get(f"/links/{world.laundry_ward.public_id}/").content.decode()
    for said in ("Laundry", "Ward 3", "Zhao Lei", "Wang Fang", "Clean linen → Clean bed linen", "exact"):
        assert said in page
    assert "Change the link" not in page


def test_entering_a_link_by_its_form(world: World) -> None:
    client = world.client(world.wang_fang)
    sent = filled(
        client, "/links/add/", supplier=world.ward.public_id, customer=world.pharmacy.public_id, output_en="Orders",
        output_zh_hans="医嘱", output_kind="information",
    )  # fmt: skip
    answer = client.post("/links/add/", sent)
    made = Link.objects.get(output__name_key="orders")
    assert answer.headers["Location"] == f"/links/{made.public_id}/"
    assert made.output.name == {"en": "Orders", "zh-hans": "医嘱"}


def test_a_form_sent_twice_makes_one_link(world: World) -> None:
    client = world.client(world.wang_fang)
    sent = filled(
        client, "/links/add/", supplier=world.ward.public_id, customer=world.pharmacy.public_id, output_en="Orders",
        output_kind="service",
    )  # fmt: skip
    first, second = client.post("/links/add/", sent), client.post("/links/add/", sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert Link.objects.filter(output__name_key="orders").count() == 1


def test_a_refused_form_keeps_its_input_and_says_what_to_mend(world: World) -> None:
    client = world.client(world.lin_mei)
    sent = filled(
        client, "/links/add/", supplier=world.ward.public_id, customer=world.ward.public_id, output_en="To itself",
        output_kind="service",
    )  # fmt: skip
    answer = client.post("/links/add/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="To itself"' in page
    assert "is on both sides" in page


def test_two_people_editing_one_link_see_both_versions(world: World) -> None:
    path = f"/links/{world.laundry_ward.public_id}/change/"
    ward, laundry = world.client(world.wang_fang), world.client(world.zhao_lei)
    theirs = filled(laundry, path, output_en="Fresh linen", output_kind="service")
    mine = filled(ward, path, output_en="Ironed linen", output_kind="service")
    assert laundry.post(path, theirs).status_code == 302
    answer = ward.post(path, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ironed linen" in page
    assert "Fresh linen" in page
    assert Link.objects.get(pk=world.laundry_ward.pk).output.name["en"] == "Fresh linen"
    again = {**mine, "version": hidden(page, "version"), "submission": hidden(page, "submission")}
    assert ward.post(path, again).status_code == 302
    assert Link.objects.get(pk=world.laundry_ward.pk).output.name["en"] == "Ironed linen"


def test_a_forged_form_is_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = world.client(world.wang_fang).cookies
    path = f"/links/{world.laundry_ward.public_id}/end/"
    assert client.post(path, {"reason": "forged"}).status_code == 403
    assert Link.objects.get(pk=world.laundry_ward.pk).ended_on is None


def test_a_form_cannot_name_a_party_out_of_sight(world: World) -> None:
    """B075: the public id of a party that the sender may not know of, put into the body."""
    client = world.client(world.wang_fang)
    sent = filled(
        client, "/links/add/", supplier=world.ward.public_id, customer=world.stores.public_id, output_en="Used towels",
        output_kind="service",
    )  # fmt: skip
    answer = client.post("/links/add/", sent)
    assert answer.status_code == 422
    assert not Link.objects.filter(output__name_key="used towels").exists()
    assert "Stores" not in answer.content.decode()


def test_a_removed_head_leaves_a_visible_gap(world: World) -> None:
    held = Membership.objects.get(person=world.zhao_lei)
    path = f"/memberships/{held.public_id}/end/"
    own = world.client(world.zhao_lei)
    refused = own.post(path, filled(own, path))
    assert refused.status_code == 403
    assert "Only the quality manager may leave" in refused.content.decode()
    manager = world.client(world.lin_mei)
    assert manager.post(path, filled(manager, path, reason="left")).status_code == 302
    page = manager.get(f"/parties/{world.laundry.public_id}/").content.decode()
    assert "Nobody answers for this department" in page
    assert "Laundry" in manager.get("/").content.decode()
    assert "No head" in manager.get(f"/links/{world.laundry_ward.public_id}/").content.decode()
    # What was his to change is his no more.
    assert own.get(f"/parties/{world.laundry.public_id}/rename/").status_code in {403, 404}


@pytest.mark.parametrize("path", ["/parties/", "/links/", "/map/", "/"])
def test_markup_and_invisible_characters_in_names_do_no_harm(world: World, path: str) -> None:
    """B020, B021."""
    by = world.actor(world.lin_mei)
    party = changes.add_party(
        by=by, at=BEGAN, party_kind="department", name={"en": f"{HOSTILE}\u202egnp.exe\u200b😀"}, parent=None
    )
    changes.add_link(by=by, at=BEGAN, supplier=party, customer=world.ward, output={"en": "</script><script>alert(1)"})
    page = world.client(world.lin_mei).get(path).content.decode()
    assert "<img src=x" not in page
    assert "</script><script>alert" not in page
    assert "\u202e" not in page
    assert "\u200b" not in page
    assert "😀" in party.name["en"]


def test_exports_are_inert_in_a_spreadsheet(world: World) -> None:
    """B015: what begins like a formula gets an apostrophe, full-width signs and white space in front included."""
    by = world.actor(world.lin_mei)
    for name in ("=1+1", "+cmd|'/c calc'!A0", "@SUM(A1)", "-2", "＝1+1"):
        changes.add_party(by=by, at=BEGAN, party_kind="team", name={"en": name})
    answer = world.client(world.lin_mei).get("/parties/export.csv")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.startswith("\ufeffNumber,Name")
    for line in text.splitlines()[1:]:
        assert not re.search(r"(^|,)\"?[=+@＝-]", line), line
    assert "'=1+1" in text


def test_exports_hold_what_the_list_holds(world: World) -> None:
    client = world.client(world.chen_jie)
    text = b"".join(client.get("/links/export.csv?q=linen").streaming_content).decode()  # type: ignore[attr-defined]
    assert "Clean linen" in text
    assert "Doses" not in text
    assert "Towels" not in text


@pytest.mark.parametrize(
    "query",
    ["order=password", "order=supplier__person__password", "order=-", "page=-1", "page=1e9", "page=x", "kind=OR 1=1",
     "state=%00", "q=%00", "q=" + "x" * 5000, "party='", "party=%00", "filter[x__y]=1"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/parties/", "/links/"])
def test_senseless_parameters_of_a_list_are_left_out(world: World, path: str, query: str) -> None:
    """B077, B078."""
    assert world.client(world.lin_mei).get(f"{path}?{query}").status_code == 200


def test_parties_that_end_say_what_still_holds_them(world: World) -> None:
    client = world.client(world.lin_mei)
    path = f"/parties/{world.ward.public_id}/end/"
    answer = client.post(path, filled(client, path))
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    for said in (world.laundry_ward.number, world.night_shift.number, "members: 4"):
        assert said in page
    assert Party.objects.get(pk=world.ward.pk).ended_on is None
