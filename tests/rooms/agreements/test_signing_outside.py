"""Somebody of an outside party accepts a version by a task link, or says what speaks against it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from baton.agreements import changes
from baton.agreements.models import Acceptance, AgreementVersion
from baton.agreements.rules import Side, VersionState
from baton.core.errors import Forbidden, Refused
from baton.core.models import Notification, Signature
from tests.rooms.agreements.made import proposed
from tests.rooms.agreements.signed import bought, digest_of, page_digest, sign
from tests.world import NOON, World


def ask(world: World, version: AgreementVersion) -> dict[str, str]:
    """The address and code that the head of the Laundry gets on the page to hand over."""
    browser = world.client(world.zhao_lei)
    address = f"/agreements/versions/{version.public_id}/ask/supplier/"
    typed = {"digest": page_digest(browser.get(address)), "name": "Ana Silva", "days": "14", "language": "en"}
    page = browser.post(address, typed).content.decode()
    token, code = re.search(r"/task/(\w+)/", page), re.search(r'one-time-code">([^<]+)<', page)
    assert token is not None, page
    assert code is not None
    return {"address": f"/task/{token[1]}/", "code": code[1]}


def test_an_outside_party_accepts_by_task_link(world: World) -> None:
    version = bought(world)
    sign(world, version, world.zhao_lei, Side.CUSTOMER)
    asked, stranger = ask(world, version), Client()
    page = stranger.post(asked["address"], {"code": asked["code"]})
    for said in ("Clean linen is on the ward", "LinenCo", "95 % within 24 business hours"):
        assert said in page.content.decode(), said
    sent = {"code": asked["code"], "step": "accept", "name": "Ana Silva", "digest": page_digest(page)}
    assert "Accepted by Ana Silva" in stranger.post(asked["address"], sent).content.decode()
    version.refresh_from_db()
    assert version.state == VersionState.ACTIVE
    given = Acceptance.objects.get(version=version, side="supplier").signature
    assert (given.grade, given.means, given.capacity["en"]) == ("task_link", ["link", "link_code"], "For LinenCo")
    shown = world.client(world.zhao_lei).get(f"/agreements/{version.agreement.public_id}/").content.decode()
    assert "Task link and code" in shown
    assert stranger.post(asked["address"], sent).status_code == 410


def test_an_outside_party_objects_in_words_and_both_sides_read_them(world: World) -> None:
    version = bought(world)
    asked = ask(world, version)
    sent = {"code": asked["code"], "step": "object", "words": "24 hours is <i>too short</i> in winter"}
    assert "objection was sent" in Client().post(asked["address"], sent).content.decode()
    assert Notification.objects.filter(topic="agreements.objected", person=world.zhao_lei).count() == 1
    page = world.client(world.zhao_lei).get(f"/agreements/{version.agreement.public_id}/").content.decode()
    assert "24 hours is &lt;i&gt;too short&lt;/i&gt; in winter" in page
    assert not Acceptance.objects.exists()


def test_a_task_link_is_for_outside_parties_and_for_who_writes_the_agreement(world: World) -> None:
    inside = proposed(world)
    for who, version, side, error in (
        (world.zhao_lei, inside, Side.CUSTOMER, Refused), (world.he_ping, bought(world), Side.SUPPLIER, Forbidden)
    ):  # fmt: skip
        with pytest.raises(error):
            changes.ask_outside(
                by=world.actor(who), at=NOON, version=version, side=side, digest=digest_of(version), name="Ana", days=1
            )


def test_what_was_withdrawn_meanwhile_is_not_accepted_by_link(world: World) -> None:
    version = bought(world)
    asked, stranger = ask(world, version), Client()
    page = stranger.post(asked["address"], {"code": asked["code"]})
    changes.withdraw_version(by=world.actor(world.zhao_lei), at=NOON, version=version)
    sent = {"code": asked["code"], "step": "accept", "name": "Ana Silva", "digest": page_digest(page)}
    answer = stranger.post(asked["address"], sent)
    assert answer.status_code == 422
    assert "signed while it is proposed" in answer.content.decode()
    assert not Signature.objects.exists()
