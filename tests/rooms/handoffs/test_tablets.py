"""A shared tablet: what it shows and to whom, PIN and badge for one step, and every way in that there must not be."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from baton.core import changes as core
from baton.core.errors import Forbidden, Refused
from baton.core.models import ActProof, AuditEntry
from baton.handoffs import changes
from baton.handoffs.models import Handoff, SharedTablet
from baton.handoffs.queries.tablets import cookie_of
from baton.handoffs.rules import State, Step
from baton.handoffs.views import on_tablet
from tests.api import in_one_minute
from tests.rooms.handoffs.test_pages import asked, delivered, filled
from tests.trust.test_bad_forms import errors
from tests.world import World

if TYPE_CHECKING:
    from baton.chain.models import Party
    from baton.core.models import Person

PIN = "72946180"  # as long as may be: a form holds random digits, among which four would be found by chance


@pytest.fixture(autouse=True)
def nobody_tried() -> None:
    on_tablet.wrong.clear()


def registered(world: World, party: Party | None = None, **more: Any) -> SharedTablet:
    values = {"party": party or world.ward, "name": "Corridor", "days": 30, **more}
    return changes.register_tablet(by=world.actor(world.wang_fang), at=datetime.now(UTC), **values)


def device(tablet: SharedTablet, **options: Any) -> Client:
    """The browser of the tablet."""
    client = Client(**options)
    client.cookies["baton-tablet"] = cookie_of(tablet)
    return client


def with_pin(world: World, person: Person, pin: str = PIN) -> Person:
    core.set_pin(by=world.actor(person), at=datetime.now(UTC), pin=pin)
    return person


def at_tablet(
    client: Client, handoff: Handoff, person: Person | None = None, step: Step = Step.ACCEPT, **more: str
) -> Any:
    address = f"/tablet/{handoff.public_id}/{step.value}/"
    who = {"who_person": person.public_id, "who_pin": PIN} if person is not None else {}
    return client.post(address, {**filled(client, address), **who, **more})


def state_of(handoff: Handoff) -> str:
    return Handoff.objects.get(pk=handoff.pk).state


def test_accepted_with_a_pin_in_ones_own_name_and_the_tablet_named(world: World) -> None:
    handoff, tablet = delivered(world, reference="LOT-7"), registered(world)
    with_pin(world, world.chen_jie)
    client = device(tablet)
    page = client.get("/tablet/").content.decode()
    for words in ("Ward 3", "Waits for your acceptance", "LOT-7", "Sheets"):
        assert words in page
    answer = at_tablet(client, handoff, world.chen_jie)
    assert (answer.status_code, answer["Location"]) == (302, "/tablet/")
    assert state_of(handoff) == State.ACCEPTED
    entry = AuditEntry.objects.filter(object_id=handoff.public_id, action="handoff.accepted").get()
    body = json.loads(entry.body)
    assert (entry.actor, body["via"], body["roles"]) == (world.chen_jie.public_id, tablet.public_id, [])
    assert "Nothing is open" in client.get("/tablet/").content.decode()
    auditor = world.client(world.wu_tao)
    assert tablet.public_id in auditor.get(f"/audit/{entry.seq}/").content.decode()
    assert "Shared tablet registered" in auditor.get(f"/audit/?record={tablet.public_id}").content.decode()


def test_accepted_with_a_badge_alone(world: World) -> None:
    handoff, client = delivered(world), device(registered(world))
    core.set_badge(by=world.actor(world.chen_jie), at=datetime.now(UTC), code="0004711abc")
    assert at_tablet(client, handoff, **{"who_badge": " 0004711ABC\n"}).status_code == 302
    assert state_of(handoff) == State.ACCEPTED


@pytest.mark.sqlite
def test_the_steps_of_a_day(world: World) -> None:
    laundry = changes.register_tablet(
        by=world.actor(world.zhao_lei), at=datetime.now(UTC), party=world.laundry, name="Dock", days=1
    )
    handoff, ward = asked(world), device(registered(world))
    for person in (world.gao_ming, world.chen_jie):
        with_pin(world, person)
    late = (datetime.now(UTC) + timedelta(hours=5)).isoformat(timespec="minutes")
    dock = device(laundry)
    assert at_tablet(dock, handoff, world.gao_ming, Step.WARN_LATE, expected_at=late).status_code == 302
    assert at_tablet(dock, handoff, world.gao_ming, Step.DELIVER, delivered_1="90").status_code == 302
    wrong = at_tablet(ward, handoff, world.chen_jie, Step.ACCEPT_PART, refused_1="91", phenomenon_1="Torn")
    assert (wrong.status_code, "at most 90" in wrong.content.decode()) == (422, True)
    less = at_tablet(ward, handoff, world.chen_jie, Step.ACCEPT_PART, refused_1="2", phenomenon_1="Torn")
    assert less.status_code == 302
    assert state_of(handoff) == State.PARTLY
    again = delivered(world)
    assert at_tablet(ward, again, world.chen_jie, Step.RETURN, phenomenon="Damp").status_code == 302
    assert "Damp" in ward.get("/tablet/").content.decode()


def test_wrong_pins_lock_and_end(world: World) -> None:
    handoff, client = delivered(world), device(registered(world))
    with_pin(world, world.chen_jie)
    for number in range(1, 6):
        answer = at_tablet(client, handoff, world.chen_jie, **{"who_pin": "1357"})
        assert (answer.status_code, f"in a row: {number}" in answer.content.decode()) == (422, True)
    locked = at_tablet(client, handoff, world.chen_jie)
    assert (locked.status_code, "is accepted before" in locked.content.decode()) == (422, True)
    assert state_of(handoff) == State.DELIVERED
    proof = ActProof.objects.get(person=world.chen_jie)
    assert proof.locked_until is not None
    at = proof.locked_until
    with pytest.raises(Refused):
        core.show_pin(at=at - timedelta(seconds=1), person=world.chen_jie, pin=PIN, device="t")
    assert core.show_pin(at=at, person=world.chen_jie, pin=PIN, device="t").person == world.chen_jie
    assert ActProof.objects.get(person=world.chen_jie).wrong == 0
    for number in range(15):
        at += timedelta(hours=1)
        with pytest.raises(Refused, match=f"in a row: {number + 1}"):
            core.show_pin(at=at, person=world.chen_jie, pin="1357", device="t")
    with pytest.raises(Refused, match="has no PIN"):
        core.show_pin(at=at, person=world.chen_jie, pin=PIN, device="t")
    assert not AuditEntry.objects.filter(kind="act_proof", body__contains="1357").exists()
    assert AuditEntry.objects.filter(action="act_proof.pin_refused").exclude(actor="").count() == 0


@pytest.mark.sqlite
def test_a_tablet_takes_only_so_many_wrong_ones_a_minute(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_tablet, "WRONG_A_MINUTE", 2)
    handoff, client = delivered(world), device(registered(world))
    refused = AuditEntry.objects.filter(action="shared_tablet.badge_refused")

    def tries() -> tuple[list[int], int, int]:
        before = refused.count()
        statuses = [at_tablet(client, handoff, **{"who_badge": "UNKNOWN"}).status_code for _try in range(2)]
        held = client.post(f"/tablet/{handoff.public_id}/accept/", {"who_badge": "UNKNOWN"}).status_code
        return statuses, held, refused.count() - before

    assert in_one_minute(tries, on_tablet.wrong) == ([422, 422], 429, 2)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("who", "field", "said"),
    [
        ({}, "who_person", "choose your name"),
        ({"who_person": "chen_jie"}, "who_pin", "Type the PIN"),
        ({"who_person": "chen_jie", "who_pin": "123456789"}, "who_pin", "8"),
        ({"who_person": "sun_lei", "who_pin": PIN}, "who_pin", "has no PIN"),
        ({"who_person": "gao_ming", "who_pin": PIN}, "who_person", "is no longer one of them"),
        ({"who_person": "nobody", "who_pin": PIN}, "who_person", "is no longer one of them"),
        ({"who_badge": "GAO-BADGE"}, "who_badge", "belongs to nobody of the team"),
        ({"who_badge": "x" * 65}, "who_badge", "64"),
        ({"who_badge": "\x00\u202e"}, "who_badge", "Null"),
    ],
)
def test_who_is_not_shown(world: World, who: dict[str, str], field: str, said: str) -> None:
    handoff, client = delivered(world), device(registered(world))
    for person in (world.chen_jie, world.gao_ming):
        with_pin(world, person)
    core.set_badge(by=world.actor(world.gao_ming), at=datetime.now(UTC), code="GAO-BADGE")
    named = {key: getattr(getattr(world, text, None), "public_id", text) for key, text in who.items()}
    answer = at_tablet(client, handoff, **named)
    assert answer.status_code == 422
    assert said in errors(answer).get(field, f"nothing beside {field}: {errors(answer)}")
    assert PIN not in answer.content.decode()
    assert state_of(handoff) == State.DELIVERED


def test_somebody_who_was_switched_off_or_left_is_nobody_here(world: World) -> None:
    handoff, client = delivered(world), device(registered(world))
    with_pin(world, world.chen_jie)
    core.set_badge(by=world.actor(world.chen_jie), at=datetime.now(UTC), code="CHEN-BADGE")
    core.disable_person(by=world.actor(world.sun_yan), at=datetime.now(UTC), person=world.chen_jie)
    assert "Chen Jie" not in client.get(f"/tablet/{handoff.public_id}/accept/").content.decode()
    assert at_tablet(client, handoff, world.chen_jie).status_code == 422
    assert at_tablet(client, handoff, **{"who_badge": "CHEN-BADGE"}).status_code == 422
    assert state_of(handoff) == State.DELIVERED


def test_a_tablet_that_is_withdrawn_over_or_forged_shows_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    handoff, tablet = delivered(world), registered(world, days=1)
    with_pin(world, world.chen_jie)
    client = device(tablet)
    form = filled(client, f"/tablet/{handoff.public_id}/accept/")
    tried = {**form, "who_person": world.chen_jie.public_id, "who_pin": PIN}
    forged = [
        tablet.public_id,
        f"{tablet.public_id}:",
        f"{tablet.public_id}:{'a' * 43}",
        "",
        "\u00e9:\u00e9",
        "x" * 4000,
    ]
    forged.append(f"{world.ward.public_id}:{cookie_of(tablet).partition(':')[2]}")
    for cookie in forged:
        other = Client()
        other.cookies["baton-tablet"] = cookie
        assert other.get("/tablet/").status_code == 403, cookie
        assert other.post(f"/tablet/{handoff.public_id}/accept/", tried).status_code == 403
    changes.withdraw_tablet(by=world.actor(world.wang_fang), at=datetime.now(UTC), tablet=tablet)
    refused = client.post(f"/tablet/{handoff.public_id}/accept/", tried)
    assert (refused.status_code, refused.cookies["baton-tablet"]["max-age"]) == (403, 0)
    assert "Ward 3" not in refused.content.decode()
    assert state_of(handoff) == State.DELIVERED
    assert not registered(world, days=1).works(datetime.now(UTC) + timedelta(days=1))


@pytest.mark.sqlite
def test_without_the_token_of_the_form_nothing_happens(world: World) -> None:
    handoff, client = delivered(world), device(registered(world), enforce_csrf_checks=True)
    with_pin(world, world.chen_jie)
    tried = {"who_person": world.chen_jie.public_id, "who_pin": PIN, "version": str(handoff.changed_seq)}
    assert client.post(f"/tablet/{handoff.public_id}/accept/", tried).status_code == 403
    assert state_of(handoff) == State.DELIVERED


@pytest.mark.sqlite
def test_the_tablet_opens_nothing_else(world: World) -> None:
    handoff = delivered(world)
    client = device(registered(world))
    own = [f"/handoffs/{handoff.public_id}/", f"/links/{world.laundry_ward.public_id}/"]
    places = ["/", "/handoffs/", "/handoffs/today/", "/handoffs/tablets/", "/people/", "/me/", "/me/pin/", "/audit/"]
    for address in (*places, *own):
        answer = client.get(address)
        assert answer.status_code in (302, 404), address
        assert "login" in answer.get("Location", "login")
    for address in (
        f"/tablet/{handoff.public_id}/withdraw/",
        f"/tablet/{handoff.public_id}/fly/",
        "/tablet/nothing/accept/",
    ):
        assert client.get(address).status_code == 404, address


@pytest.mark.sqlite
def test_the_tablet_of_another_team_knows_nothing_of_it(world: World) -> None:
    handoff = delivered(world)
    pharmacy = changes.register_tablet(
        by=world.actor(world.xu_jing), at=datetime.now(UTC), party=world.pharmacy, name="Counter", days=1
    )
    client = device(pharmacy)
    assert handoff.number not in client.get("/tablet/").content.decode()
    assert client.get(f"/tablet/{handoff.public_id}/accept/").status_code == 404


@pytest.mark.sqlite
def test_whoever_forgot_to_sign_out_acts_in_nobodys_name(world: World) -> None:
    handoff, tablet = delivered(world), registered(world)
    client = world.client(world.lin_mei)
    assert client.get("/tablet/").status_code == 403
    client.cookies["baton-tablet"] = cookie_of(tablet)
    assert at_tablet(client, handoff).status_code == 422
    assert state_of(handoff) == State.DELIVERED


@pytest.mark.sqlite
def test_roles_in_the_whole_organisation_do_not_count_at_a_tablet(world: World) -> None:
    """Gao Ming of the laundry, were he quality manager as well, accepts nothing for the ward."""
    handoff = delivered(world)
    tablet = changes.register_tablet(
        by=world.actor(world.zhao_lei), at=datetime.now(UTC), party=world.laundry, name="Dock", days=1
    )
    core.give_role(by=world.actor(world.sun_yan), at=datetime.now(UTC), person=world.gao_ming, role="quality_manager")
    with_pin(world, world.gao_ming)
    answer = at_tablet(device(tablet), handoff, world.gao_ming)
    assert (answer.status_code, "may not do this" in answer.content.decode()) == (422, True)
    assert state_of(handoff) == State.DELIVERED


def test_the_same_form_twice_is_taken_once(world: World) -> None:
    handoff, client = delivered(world), device(registered(world))
    with_pin(world, world.chen_jie)
    form = filled(client, f"/tablet/{handoff.public_id}/accept/")
    tried = {**form, "who_person": world.chen_jie.public_id, "who_pin": PIN}
    for _again in range(2):
        # The second time it is accepted already, and not on the tablet any more.
        assert client.post(f"/tablet/{handoff.public_id}/accept/", tried).status_code in (302, 404)
    assert Handoff.objects.get(pk=handoff.pk).events.count() == 0


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("key", "status"),
    [("wang_fang", 200), ("liu_yang", 200), ("sun_yan", 200), ("lin_mei", 200), ("zhao_lei", 200), ("chen_jie", 403),
     ("he_jun", 403), ("wu_tao", 403), ("qian_li", 403), ("ivy_stone", 403), ("tom_reed", 403)],
)  # fmt: skip
def test_who_keeps_tablets(world: World, key: str, status: int) -> None:
    tablet, client = registered(world), world.client(getattr(world, key))
    assert client.get("/handoffs/tablets/").status_code == status
    assert client.get("/handoffs/tablets/new/").status_code == status
    own, refused = status == 200 and key != "zhao_lei", 403 if key == "tom_reed" else 404
    assert ("Corridor" in client.get("/handoffs/tablets/").content.decode()) == own
    answer = client.post("/handoffs/tablets/new/", {"name": "X", "party": world.ward.public_id, "days": "3"})
    assert answer.status_code == (302 if own else 422 if status == 200 else 403)
    assert ("baton-tablet" in answer.cookies) == own
    client = world.client(getattr(world, key))
    assert client.post(f"/handoffs/tablets/{tablet.public_id}/withdraw/").status_code == (302 if own else refused)
    tablet.refresh_from_db()
    assert (tablet.withdrawn_at is not None) == own
    if not own:
        with pytest.raises(Forbidden):
            changes.register_tablet(
                by=world.actor(getattr(world, key)), at=datetime.now(UTC), party=world.ward, name="X", days=3
            )


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"name": ""}, "name", "expected"), ({"name": "x" * 61}, "name", "60"), ({"days": "367"}, "days", "366"),
        ({"days": "0"}, "days", "1"), ({"days": "many"}, "days", ""), ({"party": "nobody"}, "party", "choices"),
    ],
)  # fmt: skip
def test_a_tablet_that_cannot_be_registered(world: World, typed: dict[str, str], field: str, said: str) -> None:
    values = {"name": "Corridor", "party": world.ward.public_id, "days": "30", **typed}
    answer = world.client(world.wang_fang).post("/handoffs/tablets/new/", values)
    assert answer.status_code == 422
    assert said in errors(answer)[field]
    assert not SharedTablet.objects.exists()
    assert "baton-tablet" not in answer.cookies


@pytest.mark.sqlite
def test_who_registers_a_tablet_is_signed_out_on_it(world: World) -> None:
    client = world.client(world.wang_fang)
    typed = {"name": "Corridor", "party": world.ward.public_id, "days": "30"}
    form = filled(client, "/handoffs/tablets/new/", **typed)
    answer = client.post("/handoffs/tablets/new/", form)
    cookie = answer.cookies["baton-tablet"]
    assert (answer["Location"], cookie["path"], cookie["httponly"], cookie["samesite"]) == (
        "/tablet/", "/tablet/", True, "Strict",
    )  # fmt: skip
    assert client.get("/handoffs/today/").status_code == 302
    assert "Ward 3" in client.get("/tablet/").content.decode()
