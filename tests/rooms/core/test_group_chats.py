"""Group chats in WeCom, DingTalk and Feishu: told within a minute, and only what everybody in them may see."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from baton.chain.changes import (
    add_need,
    add_party,
    add_project,
    assign_gap,
    describe_partner,
    rename_party,
)
from baton.chain.queries import gap, gaps
from baton.chain.rules import Confidentiality, PartyKind
from baton.core import changes as core_changes
from baton.core.discussions.changes import add_comment
from baton.core.models import AuditEntry, WebhookDelivery, WebhookQueue
from baton.core.outgoing.calls import Failure, Wire
from baton.core.rules import ROBOT_LINES, ROBOT_LOCK, ROBOT_MOST, ROBOT_WINDOW, Protocol, Role
from baton.core.webhooks import changes, sending
from tests.receivers import Receiver
from tests.rooms.core.chats import BY, KEY, answer, chat, hand, hosts, receiver, said, told, wire
from tests.world import BEGAN, NOON, SYSTEM, World

__all__ = ["hosts", "receiver", "wire"]

pytestmark = pytest.mark.sqlite


def test_wecom_reads_what_happened_and_opens_the_page(world: World, receiver: Receiver, wire: Wire) -> None:
    one = chat(world, events=["link.added"])
    hand(world)
    assert told(one, wire) == ["delivered"]
    link = AuditEntry.objects.filter(action="link.added").latest("seq").object_id
    page = f"http://127.0.0.1:8000/links/{link}/"
    assert said(receiver) == {
        "msgtype": "markdown",
        "markdown": {"content": f"**Baton**\n\nLink entered: Stores → Ward 3, Gloves [Open]({page})"},
    }
    assert receiver.requests[0].startswith(f"POST /send?key={KEY} HTTP/1.1".encode())
    assert receiver.headers()["content-type"] == "application/json"


def test_dingtalk_checks_the_signature_in_the_address(world: World, receiver: Receiver, wire: Wire) -> None:
    one = chat(world, protocol=Protocol.DINGTALK, secret="SECabc", events=["link.added"])
    hand(world)
    assert told(one, wire) == ["delivered"]
    asked = parse_qs(urlsplit(receiver.requests[0].split()[1].decode()).query)
    stamp = str(round(NOON.timestamp() * 1000))
    right = hmac.new(b"SECabc", f"{stamp}\nSECabc".encode(), hashlib.sha256).digest()
    assert asked == {"key": [KEY], "timestamp": [stamp], "sign": [base64.b64encode(right).decode()]}
    assert said(receiver)["msgtype"] == "markdown"
    assert said(receiver)["markdown"]["title"] == "Baton", "it can be the keyword that the robot asks for"


def test_feishu_checks_the_signature_in_the_body(world: World, receiver: Receiver, wire: Wire) -> None:
    one = chat(world, protocol=Protocol.FEISHU, secret="s3cret", language="zh-hans", events=["link.added"])
    hand(world)
    receiver.answers = [answer('{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}')]
    assert told(one, wire) == ["delivered"]
    body, stamp = said(receiver), str(int(NOON.timestamp()))
    right = hmac.new(f"{stamp}\ns3cret".encode(), b"", hashlib.sha256).digest()
    assert (body["timestamp"], body["sign"], body["msg_type"]) == (stamp, base64.b64encode(right).decode(), "post")
    ((text, link),) = body["content"]["post"]["zh_cn"]["content"]
    assert "Gloves" in text["text"]
    assert link["tag"] == "a"


def test_without_a_secret_nothing_is_signed(world: World, receiver: Receiver, wire: Wire) -> None:
    for protocol in (Protocol.DINGTALK, Protocol.FEISHU):
        one = chat(world, protocol=protocol, events=["link.added"])
        hand(world, f"For {protocol}")
        assert told(one, wire) == ["delivered"]
        assert b"sign" not in receiver.requests[-1]


@pytest.mark.parametrize(
    ("came", "failure"),
    [
        ('{"errcode":93000,"errmsg":"invalid webhook url"}', Failure.REFUSED),
        ('{"errcode":310000,"errmsg":"sign not match"}', Failure.REFUSED),
        ('{"code":19021,"msg":"sign match fail","data":{}}', Failure.REFUSED),
        ('{"errcode":45009,"errmsg":"api freq out of limit"}', Failure.RATE),
        ('{"errcode":130101,"errmsg":"send too fast"}', Failure.RATE),
        ('{"code":11232,"msg":"frequency limited"}', Failure.RATE),
        ("<html>sign in to the network</html>", Failure.ANSWER),
        ('{"errcode":null}', Failure.ANSWER),
        ("[]", Failure.ANSWER),
    ],
)
def test_a_code_beside_status_200_is_a_failure(
    world: World, receiver: Receiver, wire: Wire, came: str, failure: Failure
) -> None:
    one = chat(world, events=["link.added"])
    hand(world)
    receiver.answers = [answer(came)]
    assert told(one, wire) == ["waiting"]
    delivery = WebhookDelivery.objects.get()
    assert (delivery.failure, delivery.status, delivery.attempts) == (failure, 200, 1)
    assert delivery.answer == came
    gap = ROBOT_LOCK if failure is Failure.RATE else timedelta(minutes=1)
    assert WebhookQueue.objects.get().next_at == NOON + gap
    assert sending.send(by=BY, at=NOON + gap, webhook=one, wire=wire) == 1


def test_a_party_hears_what_concerns_it_and_nothing_else(world: World, receiver: Receiver, wire: Wire) -> None:
    one = chat(world)
    hand(world)
    hand(world, "Aprons", supplier=world.linenco, customer=world.stores)  # two hops away
    rename_party(by=SYSTEM, at=NOON, party=world.night_shift, name={"en": "Nights"})
    rename_party(by=SYSTEM, at=NOON, party=world.stores, name={"en": "Depot"})
    assert told(one, wire) == ["delivered", "delivered"]
    (message,) = receiver.bodies
    assert b"Gloves" in message
    assert b"Nights" in message
    assert b"Aprons" not in message
    assert b"Depot" in message, "the name as it is now"


def test_one_who_may_not_see_it_is_enough_to_withhold_it(world: World, receiver: Receiver, wire: Wire) -> None:
    one = chat(world, events=["link.added"])
    core_changes.give_role(by=SYSTEM, at=BEGAN, person=world.sun_lei, role=Role.GUEST)
    hand(world)
    assert told(one, wire) == ["withheld"]
    assert receiver.requests == []


def test_roles_hear_what_they_see(world: World, receiver: Receiver, wire: Wire) -> None:
    managers = chat(world, "role:quality_manager", events=["link.added"])
    administrators = chat(world, "role:administrator", events=["link.added"])
    hand(world)
    assert told(managers, wire) == ["delivered"]
    assert told(administrators, wire) == ["withheld"], "administrators see no links"


def test_a_confidential_partner_is_named_to_his_two_sides_only(world: World, receiver: Receiver, wire: Wire) -> None:
    describe_partner(
        by=SYSTEM, at=NOON, party=world.linenco, partner="former_competitor",
        confidentiality=Confidentiality.CONFIDENTIAL,
    )  # fmt: skip
    laundry = chat(world, f"party:{world.laundry.public_id}", events=["link.added"])
    nursing = chat(world, f"party:{world.nursing.public_id}", events=["link.added"])
    hand(world, "Sheets", supplier=world.linenco, customer=world.laundry)
    assert told(laundry, wire) == ["delivered"]
    assert told(nursing, wire) == []
    everybody = chat(world, "everybody", events=["link.added"])
    hand(world, "Pillows", supplier=world.linenco, customer=world.laundry)
    assert told(everybody, wire) == ["delivered"]
    assert b"LinenCo" not in receiver.bodies[-1]
    assert b"Pillows" not in receiver.bodies[-1]
    assert b"Link entered [Open]" in receiver.bodies[-1]


def test_nobody_who_is_one_person_is_named(world: World, receiver: Receiver, wire: Wire) -> None:
    one = chat(world)
    alone = add_party(
        by=SYSTEM, at=NOON, party_kind=PartyKind.PERSON, name={"en": "Gao Ming"}, person=world.gao_ming,
        parent=world.ward,
    )  # fmt: skip
    hand(world, "Advice", supplier=alone)
    rename_party(by=SYSTEM, at=NOON, party=alone, name={"en": "Gao"})
    assert told(one, wire) == []


def test_gaps_projects_and_discussions_are_told_without_anybodys_words(
    world: World, receiver: Receiver, wire: Wire
) -> None:
    events = ["gap_answer.assigned", "project.added", "outside_need.added", "comment.added"]
    laundry = chat(world, f"party:{world.laundry.public_id}", events=events)
    pharmacy = chat(world, f"party:{world.pharmacy.public_id}", name="Pharmacy", events=events)
    found = gap(viewer=SYSTEM, at=NOON, detector="accidental_single_source", key=world.linenco_laundry.public_id)
    assert found is not None
    assign_gap(by=SYSTEM, at=NOON, gap=found.gap, person=world.gao_ming, reason="Ask Mr Zeppelin")
    add_project(by=SYSTEM, at=NOON, name={"en": "New dryers"}, owner=world.laundry)
    for kind, about in (("link", world.laundry_ward.public_id), ("gap", found.gap.subject)):
        add_comment(by=world.actor(world.zhao_lei), at=NOON, kind=kind, public_id=about, words="Zeppelin")
    add_need(by=SYSTEM, at=NOON, holder=world.patient, words={"en": "Quiet nights"})
    assert told(laundry, wire) == ["delivered"] * 4
    text = said(receiver)["markdown"]["content"]
    for line in (
        "Gap assigned: Single source that nobody chose: LinenCo → Laundry: New linen",
        "Project begun: New dryers",
        "Comment written: Laundry → Ward 3, Clean linen",
        "Comment written: Single source that nobody chose: LinenCo → Laundry: New linen",
        f"/gaps/accidental_single_source/{found.gap.key}/",
    ):
        assert line in text
    assert "Zeppelin" not in text
    assert told(pharmacy, wire) == [], "none of it is the pharmacy's business"


def test_a_chat_in_which_somebody_may_not_see_the_gap_is_not_told_what_was_said(
    world: World, receiver: Receiver, wire: Wire
) -> None:
    """Sun Yan, who administers, sees every party and no gap."""
    one = chat(world, "role:administrator", events=["gap_answer.assigned", "comment.added"])
    found = gap(viewer=SYSTEM, at=NOON, detector="accidental_single_source", key=world.linenco_laundry.public_id)
    assert found is not None
    assign_gap(by=SYSTEM, at=NOON, gap=found.gap, person=world.gao_ming)
    add_comment(
        by=world.actor(world.zhao_lei), at=NOON, kind="gap", public_id=found.gap.subject, words="Whom do we ask?"
    )
    assert told(one, wire) == ["withheld", "withheld"]
    nobody = [row for row in gaps(viewer=SYSTEM, at=NOON) if row.gap.detector == "person_without_customer"][0]
    other = chat(world, "role:quality_manager", name="Quality", events=["gap_answer.assigned"])
    assign_gap(by=SYSTEM, at=NOON, gap=nobody.gap, person=world.lin_mei)
    assert told(other, wire) == [], "a gap of one person is nobody's chat"


def test_a_party_without_people_hears_nothing(world: World, receiver: Receiver, wire: Wire) -> None:
    one = chat(world, f"party:{world.infection_control.public_id}", events=["link.added"])
    hand(world, customer=world.infection_control)
    assert told(one, wire) == ["withheld"]


@pytest.mark.parametrize("protocol", [Protocol.WECOM, Protocol.DINGTALK, Protocol.FEISHU])
def test_names_make_no_links_and_mention_nobody(
    world: World, receiver: Receiver, wire: Wire, protocol: Protocol
) -> None:
    one = chat(world, protocol=protocol, events=["link.added"])
    hand(world, '<@all> <at user_id="all"></at> [x](http://evil.example) **b** @all # h `c`' + "!" * 90)
    assert told(one, wire) == ["delivered"]
    message = json.dumps(said(receiver), ensure_ascii=False)
    text = message.replace("**Baton**", "").replace("[Open](http://127", "")
    assert not any(sign in text.replace("/links/", "") for sign in ("<", "@", "](", "**", "://evil", "`", "#"))
    assert len(receiver.bodies[-1]) < 4096


def test_robots_are_spoken_to_slowly(world: World, receiver: Receiver, wire: Wire) -> None:
    one = chat(world, "role:quality_manager", events=["link.added"])
    for n in range(3 * ROBOT_LINES + 2):
        hand(world, f"Item {n}")
    assert told(one, wire).count("delivered") == 3 * ROBOT_LINES >= ROBOT_MOST
    assert len(receiver.requests) == 3
    test = changes.send_test(by=world.actor(world.sun_yan), at=NOON, webhook=one)
    refused = sending.send_one(at=NOON, delivery=test, wire=wire)
    assert refused is not None
    assert refused.failure is Failure.RATE
    assert len(receiver.requests) == 3
    assert sending.send(by=BY, at=NOON + timedelta(minutes=1), webhook=one, wire=wire) == 0
    assert sending.send(by=BY, at=NOON + ROBOT_WINDOW, webhook=one, wire=wire) == 2


def test_what_is_long_past_is_not_told(world: World, receiver: Receiver, wire: Wire) -> None:
    one = chat(world, events=["link.added"])
    by = world.actor(world.sun_yan)
    changes.pause_webhook(by=by, at=NOON, webhook=one)
    hand(world)
    later = NOON + timedelta(days=1, minutes=1)
    changes.resume_webhook(by=by, at=later, webhook=one)
    sending.collect(webhook=one, at=later)
    assert sending.send(by=BY, at=later, webhook=one, wire=wire) == 0
    assert list(WebhookDelivery.objects.values_list("state", flat=True)) == ["late"]


def test_a_worker_that_died_lets_the_next_one_tell_it_again_under_its_id(
    world: World, receiver: Receiver, wire: Wire
) -> None:
    one = chat(world, events=["link.added"])
    hand(world)
    sending.collect(webhook=one, at=NOON)
    event = WebhookDelivery.objects.get().event
    WebhookQueue.objects.update(claimed_until=NOON + sending.CLAIM)
    assert sending.send(by=BY, at=NOON, webhook=one, wire=wire) == 0
    assert sending.send(by=BY, at=NOON + sending.CLAIM, webhook=one, wire=wire) == 1
    assert sending.send(by=BY, at=NOON + sending.CLAIM, webhook=one, wire=wire) == 0
    assert WebhookDelivery.objects.get().event == event
