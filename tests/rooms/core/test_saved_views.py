"""Saved views of lists through the front door: kept, shared, opened by default, deleted; and what is not kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from baton.chain import changes as chain
from baton.core.audit.verify import verify
from baton.core.changes import forget_person
from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.lists import changes, queries
from baton.core.lists.registry import lists
from baton.core.models import AuditEntry, SavedView
from tests.api import Program, said, token_for
from tests.rooms.chain.test_pages import filled
from tests.world import BEGAN, NOON, SYSTEM, World

if TYPE_CHECKING:
    from django.test import Client

    from baton.core.models import Person

ASKED = "kind=service&need=missing&order=-customer"


def save(world: World, person: Person, name: str, query: str = ASKED, **more: bool) -> SavedView:
    return changes.save_view(
        by=world.actor(person), at=NOON, list_name="chain.links", name=name, query=query, **more
    )  # fmt: skip


def names(world: World, person: Person, list_name: str = "chain.links") -> list[str]:
    return [view.name for view in queries.views_in_sight(viewer=world.actor(person), list_name=list_name)]


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_what_is_asked_has_one_spelling() -> None:
    links, people = lists.get("chain.links"), lists.get("core.people")
    assert links.spelled("order=-customer&page=3&kind=service&need=missing&state=live&q=&health=") == ASKED
    # what the list no longer knows, or never did, is left out
    assert links.spelled("kind=poetry&colour=red&order=wisdom&state=all") == "state=all"
    assert links.spelled("q=%00%E2%80%AElinen++") == "q=linen"
    assert len(links.spelled(urlencode({"q": "很" * 5000, "party": "x" * 500, "state": "all"}))) <= 1000
    # search words among people may be a whole e-mail or phone
    assert people.spelled("q=li%40example.org&role=auditor") == "role=auditor"


def test_a_view_from_saving_to_deleting(world: World) -> None:
    client = world.client(world.chen_jie)
    shown = page(client, f"/links/?{ASKED}&page=1")
    address = re.search(r'href="(/views/save/[^"]+)"', shown)
    assert address is not None
    to_save = address[1].replace("&amp;", "&")
    answer = client.post(to_save, filled(client, to_save, name="My services", is_default="on"))
    assert answer.headers["Location"] == f"/links/?{ASKED}"
    # the list opens in it, unless all rows are asked for; its name stands above the list
    assert client.get("/links/").headers["Location"] == f"/links/?{ASKED}"
    assert "Save as a view" not in page(client, f"/links/?{ASKED}")
    assert "My services" in page(client, f"/links/?{ASKED}&page=1")
    assert client.get("/links/?view=all").status_code == 200
    # another of the same name is refused, or takes its place when that is said
    other = f"/views/save/?{urlencode({'list': 'chain.links', 'query': 'state=all'})}"
    assert client.post(other, filled(client, other, name="My services")).status_code == 422
    assert client.post(other, filled(client, other, name="My services", replace="on")).status_code == 302
    view = SavedView.objects.get()
    assert (view.query, view.shared) == ("state=all", False)
    change = f"/views/{view.public_id}/change/"
    assert client.post(change, filled(client, change, name="Everything")).status_code == 302
    assert "Everything" in page(client, "/views/")
    assert client.post(f"/views/{view.public_id}/default/", {"on": "no"}).status_code == 302
    assert client.get("/links/").status_code == 200
    assert client.post(f"/views/{view.public_id}/withdraw/").status_code == 302
    assert names(world, world.chen_jie) == []
    assert client.post(f"/views/{view.public_id}/withdraw/").status_code == 404
    actions = set(AuditEntry.objects.filter(kind="saved_view").values_list("action", flat=True))
    assert actions == {"saved_view.saved", "saved_view.changed", "saved_view.withdrawn"}
    assert verify().holds


def test_a_private_view_is_nobody_elses(world: World) -> None:
    view = save(world, world.chen_jie, "Mine")
    for person in (world.sun_lei, world.lin_mei, world.sun_yan, world.tom_reed):
        assert names(world, person) == []
        client = world.client(person)
        refused = 403 if person == world.tom_reed else 404
        assert client.get(f"/views/{view.public_id}/change/").status_code == refused
        assert client.post(f"/views/{view.public_id}/default/").status_code == refused
        assert client.post(f"/views/{view.public_id}/withdraw/").status_code == refused
        with pytest.raises(NotFound):
            changes.withdraw_view(by=world.actor(person), at=NOON, view=view)


def test_a_shared_view_is_found_by_all_who_may_open_the_list(world: World) -> None:
    with pytest.raises(Forbidden):
        save(world, world.wang_fang, "Not hers to share", shared=True)
    view = save(world, world.lin_mei, "Look at these", shared=True)
    for person in (world.chen_jie, world.wang_fang, world.sun_yan, world.ivy_stone):
        assert names(world, person) == ["Look at these"]
    assert names(world, world.tom_reed) == []
    assert "Look at these" not in page(world.client(world.tom_reed), "/parties/")
    member = world.client(world.chen_jie)
    assert member.get(f"/views/{view.public_id}/change/").status_code == 403
    assert member.post(f"/views/{view.public_id}/withdraw/").status_code == 403
    # his default, until it is kept private again
    assert member.post(f"/views/{view.public_id}/default/", {"on": "yes"}).status_code == 302
    assert member.get("/links/").status_code == 302
    changes.change_view(by=world.actor(world.sun_yan), at=NOON, view=view, name="Look", shared=False)
    assert member.get("/links/").status_code == 200
    # each reader sees in it the rows that he may see, and the list of people is not for everybody
    changes.save_view(
        by=world.actor(world.sun_yan), at=NOON, list_name="core.people", name="Auditors", query="role=auditor",
        shared=True,
    )  # fmt: skip
    assert names(world, world.wu_tao, "core.people") == ["Auditors"]
    assert names(world, world.chen_jie, "core.people") == []
    by = world.actor(world.chen_jie)
    with pytest.raises(NotFound):
        changes.save_view(by=by, at=NOON, list_name="core.people", name="x", query="role=auditor")


def test_nothing_and_too_much_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="at least one filter"):
        save(world, world.chen_jie, "Nothing", "state=live&colour=red")
    with pytest.raises(Refused, match="1 to 60"):
        save(world, world.chen_jie, "\u200b ")
    with pytest.raises(NotFound):
        changes.save_view(by=world.actor(world.chen_jie), at=NOON, list_name="chain.poems", name="x", query="q=x")
    monkeypatch.setattr(changes, "VIEWS_A_LIST", 2)
    for name in ("One", "Two"):
        save(world, world.chen_jie, name)
    with pytest.raises(Refused, match="at most 2"):
        save(world, world.chen_jie, "Three")


def test_a_filter_that_vanished_is_no_error(world: World) -> None:
    view = save(world, world.chen_jie, "Old", "kind=service&state=all")
    SavedView.objects.filter(pk=view.pk).update(query="kind=service&moon=full&state=sometimes")
    client = world.client(world.chen_jie)
    assert "Old" in page(client, "/links/?kind=service")
    client.post(f"/views/{view.public_id}/default/")
    assert client.get("/links/").headers["Location"] == "/links/?kind=service"


def test_every_list_has_its_views_and_both_tables(world: World) -> None:
    chain.add_need(by=SYSTEM, at=BEGAN, holder=world.patient, words={"en": "Quiet"})
    chain.add_project(by=SYSTEM, at=BEGAN, name={"en": "Dryers"}, owner=world.laundry)
    client = world.client(world.lin_mei)
    for name in ("parties", "links", "outputs", "needs", "projects", "gaps"):
        shown = page(client, f"/{name}/?q=a&state=all&show=all")
        assert f'href="/{name}/export.csv?q=a&amp;state=all&amp;show=all"' in shown, name
        assert f'href="/{name}/export.csv?q=a&amp;state=all&amp;show=all&amp;format=xlsx"' in shown, name
        assert "Save as a view" in shown, name
        workbook = client.get(f"/{name}/export.csv?state=all&format=xlsx")
        assert workbook.content[:2] == b"PK", name
    assert "Save as a view" in page(world.client(world.sun_yan), "/people/?role=auditor")


def test_programs_find_views(world: World) -> None:
    save(world, world.chen_jie, "Mine")
    save(world, world.lin_mei, "Ours", shared=True)
    rows = said(Program(token_for(world.chen_jie)).get("/views"))["rows"]
    assert {(row["name"], row["own"], row["shared"]) for row in rows} == {("Mine", True, False), ("Ours", False, True)}
    assert {row["path"] for row in rows} == {f"/links/?{ASKED}"}


def test_forgetting_somebody_empties_his_views(world: World) -> None:
    save(world, world.lin_mei, "Qx7canary of Lin Mei", "q=qx7canary", shared=True)
    forget_person(by=SYSTEM, at=NOON, person=world.lin_mei, reason="left")
    view = SavedView.objects.get()
    assert (view.name, view.query, view.withdrawn_at) == ("", "", NOON)
    assert not AuditEntry.objects.filter(body__icontains="qx7canary").exists()
    assert verify().holds
