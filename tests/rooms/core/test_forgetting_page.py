"""The page on which a person is forgotten."""

from __future__ import annotations

import pytest

from baton.chain.changes import add_party
from baton.chain.models import Party
from baton.chain.rules import PartyKind
from baton.core.models import AuditEntry, Person
from tests.rooms.core.entrance import SYSTEM, actions
from tests.world import NOON, World

MEANT = {"reason": "left in May", "typed": "Chen Jie"}


def address(person: Person) -> str:
    return f"/people/{person.public_id}/forget/"


def test_the_page_says_what_goes_and_what_stays(world: World) -> None:
    admin = world.client(world.sun_yan)
    assert address(world.chen_jie) in admin.get(f"/people/{world.chen_jie.public_id}/").content.decode()
    page = admin.get(address(world.chen_jie)).content.decode()
    for said in ("What is destroyed", "What stays", "notes on memberships", "Event logs whose parties are persons"):
        assert said in page
    assert "person.forgotten" not in actions()


def test_a_person_is_forgotten_with_reason_and_name(world: World) -> None:
    party = add_party(by=SYSTEM, at=NOON, party_kind=PartyKind.PERSON, name={"en": "Chen Jie"}, person=world.chen_jie)
    admin = world.client(world.sun_yan)
    assert admin.post(address(world.chen_jie), MEANT).status_code == 302
    world.chen_jie.refresh_from_db()
    assert "Chen" not in str(world.chen_jie)
    assert "Chen" not in str(Party.objects.get(pk=party.pk))
    assert '"left in May"' in AuditEntry.objects.filter(action="person.forgotten").get().body
    page = admin.get(f"/people/{world.chen_jie.public_id}/").content.decode()
    assert "/forget/" not in page


@pytest.mark.parametrize("typed", ["陈洁", "CHEN JIE", " Chen Jie "])
def test_the_name_counts_in_any_language_and_case(world: World, typed: str) -> None:
    assert world.client(world.sun_yan).post(address(world.chen_jie), MEANT | {"typed": typed}).status_code == 302


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"reason": ""}, "reason"), ({"reason": " \u200b "}, "reason"), ({"typed": ""}, "typed"),
     ({"typed": "Ma Chao"}, "typed"), ({"typed": "Chen"}, "typed")],
)  # fmt: skip
def test_without_reason_or_name_nothing_happens(world: World, sent: dict[str, str], field: str) -> None:
    answer = world.client(world.sun_yan).post(address(world.chen_jie), MEANT | sent)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    world.chen_jie.refresh_from_db()
    assert str(world.chen_jie) == "Chen Jie"
    assert "person.forgotten" not in actions()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("who", "whose"),
    [("qian_li", "chen_jie"), ("wu_tao", "chen_jie"), ("lin_mei", "chen_jie"), ("wang_fang", "chen_jie"),
     ("chen_jie", "chen_jie"), ("sun_yan", "sun_yan"), ("tom_reed", "chen_jie")],
)  # fmt: skip
def test_nobody_else_and_nobody_himself(world: World, who: str, whose: str) -> None:
    person = getattr(world, whose)
    browser = world.client(getattr(world, who))
    assert browser.get(address(person)).status_code == 403
    assert browser.post(address(person), MEANT | {"typed": str(person)}).status_code == 403
    assert "person.forgotten" not in actions()
    assert "/forget/" not in browser.get(f"/people/{person.public_id}/").content.decode()
