"""PINs and badges: set by their owners, taken away by heads and administrators, kept as nothing that can be read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from baton.core import changes
from baton.core.act_proofs import is_pin
from baton.core.errors import Forbidden, Refused
from baton.core.models import ActProof, AuditEntry, Submission
from tests.browser.steps import PASSWORD, give_password
from tests.rooms.chain.test_pages import filled
from tests.trust.test_bad_forms import errors
from tests.world import NOON, World


def test_a_pin_is_set_and_kept_as_nothing_that_can_be_read(world: World) -> None:
    client = world.client(world.chen_jie)
    assert "PIN and badge for shared tablets" in client.get("/me/").content.decode()
    form = filled(client, "/me/pin/", pin="72940618", again="72940618")
    for _again in range(2):
        assert client.post("/me/pin/", form).status_code == 302
    proof = ActProof.objects.get()
    assert is_pin(proof, "72940618")
    assert not is_pin(proof, "72940619")
    assert proof.pin_hash.startswith("argon2")
    for text in ("72940618", proof.pin_hash):
        assert not AuditEntry.objects.filter(kind="act_proof", body__contains=text).exists()
    assert "72940618" not in client.get("/me/pin/").content.decode()
    assert Submission.objects.filter(made__startswith="core.ActProof").count() == 1


@pytest.mark.sqlite
@pytest.mark.parametrize("pin", ["123", "1234", "98765", "0000", "1212", "383838", "123456789", "12a4", "١٢٣٤", ""])
def test_a_pin_that_others_try_first_or_that_is_none(world: World, pin: str) -> None:
    client = world.client(world.chen_jie)
    answer = client.post("/me/pin/", filled(client, "/me/pin/", pin=pin, again=pin))
    assert (answer.status_code, "pin" in errors(answer)) == (422, True)
    with pytest.raises(Refused):
        changes.set_pin(by=world.actor(world.chen_jie), at=NOON, pin=pin)
    assert not ActProof.objects.exists()


@pytest.mark.sqlite
def test_two_pins_that_differ_and_a_wrong_password(world: World) -> None:
    give_password(world.chen_jie)
    client = world.client(world.chen_jie)
    differ = client.post("/me/pin/", filled(client, "/me/pin/", pin="7294", again="7295", password=PASSWORD))
    assert "differ" in errors(differ)["again"]
    wrong = client.post("/me/pin/", filled(client, "/me/pin/", pin="7294", again="7294", password="brown seven horses"))
    assert "not your password" in errors(wrong)["password"]
    assert not ActProof.objects.exists()
    right = client.post("/me/pin/", filled(client, "/me/pin/", pin="7294", again="7294", password=PASSWORD))
    assert right.status_code == 302


def test_a_badge_belongs_to_one_person(world: World) -> None:
    client = world.client(world.chen_jie)
    assert client.post("/me/pin/badge/", filled(client, "/me/pin/badge/", badge="0004711ab")).status_code == 302
    proof = ActProof.objects.get()
    assert proof.badge_digest is not None
    assert "0004711ab" not in proof.badge_digest.casefold()
    assert not AuditEntry.objects.filter(kind="act_proof", body__icontains="0004711ab").exists()
    other = world.client(world.gao_ming)
    refused = other.post("/me/pin/badge/", filled(other, "/me/pin/badge/", badge="0004711AB"))
    assert "Somebody else" in errors(refused)["badge"]
    changes.set_badge(by=world.actor(world.chen_jie), at=NOON, code="0004711AB")
    for code in ("abc", "x" * 65, "two words", "工牌工牌"):
        with pytest.raises(Refused):
            changes.set_badge(by=world.actor(world.gao_ming), at=NOON, code=code)


@pytest.mark.sqlite
def test_who_takes_them_away(world: World) -> None:
    at, address = datetime.now(UTC), f"/people/{world.chen_jie.public_id}/pin/remove/"
    for key, allowed in (
        ("sun_yan", True), ("wang_fang", True), ("zhao_lei", False), ("qian_li", False), ("lin_mei", False),
        ("sun_lei", False), ("ivy_stone", False), ("tom_reed", False),
    ):  # fmt: skip
        changes.set_pin(by=world.actor(world.chen_jie), at=at, pin="7294")
        answer = world.client(getattr(world, key)).post(address)
        assert answer.status_code == 302 if allowed else answer.status_code in (403, 404), key
        assert bool(ActProof.objects.get().pin_hash) != allowed, key
        if not allowed:
            with pytest.raises(Forbidden):
                changes.remove_proofs(by=world.actor(getattr(world, key)), at=at, person=world.chen_jie)
    own = world.client(world.chen_jie)
    assert own.post("/me/pin/remove/").status_code == 302
    assert not ActProof.objects.get().pin_hash
    assert world.client(world.tom_reed).get("/me/pin/").status_code == 403


@pytest.mark.sqlite
def test_nothing_is_left_of_somebody_who_is_forgotten(world: World) -> None:
    changes.set_pin(by=world.actor(world.chen_jie), at=NOON, pin="7294")
    changes.set_badge(by=world.actor(world.chen_jie), at=NOON, code="0004711AB")
    changes.forget_person(by=world.actor(world.sun_yan), at=NOON, person=world.chen_jie, reason="Left")
    proof = ActProof.objects.get()
    assert (proof.pin_hash, proof.badge_digest) == ("", None)
