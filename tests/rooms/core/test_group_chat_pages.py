"""Group chats: to which addresses they go, and the page on which an administrator adds one."""

from __future__ import annotations

from pathlib import Path

import pytest

from baton.core.errors import Forbidden, NotFound, Refused, explain
from baton.core.models import AuditEntry, Notification, Webhook, WebhookDelivery
from baton.core.outgoing.calls import Failure, Wire
from baton.core.queries import notification_text
from baton.core.rules import Protocol
from baton.core.webhooks import changes, robots, sending
from tests.api import token_for
from tests.receivers import Receiver, Recorded, certificate, receiving
from tests.rooms.core.chats import KEY, TAKEN, chat, hand, hosts, receiver, said, told, wire
from tests.world import NOON, World

__all__ = ["hosts", "receiver", "wire"]

pytestmark = pytest.mark.sqlite


def test_it_speaks_to_the_service_itself_over_tls(world: World, tmp_path: Path) -> None:
    context, authority = certificate(tmp_path, "qyapi.weixin.qq.com")
    with receiving(Receiver(answers=[TAKEN], context=context)) as receiver:
        recorded = Recorded(receiver, authority=authority)
        one = chat(world, address=f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}")
        test = changes.send_test(by=world.actor(world.sun_yan), at=NOON, webhook=one)
        came = sending.send_one(at=NOON, delivery=test, wire=recorded.wire)
    assert came is not None
    assert came.failure is None
    assert recorded.resolved == ["qyapi.weixin.qq.com"]
    assert "This is a test" in said(receiver)["markdown"]["content"]


@pytest.mark.parametrize(
    ("protocol", "address"),
    [
        (Protocol.WECOM, "https://oapi.dingtalk.com/robot/send?access_token=x"),
        (Protocol.WECOM, "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x"),
        (Protocol.WECOM, "https://qyapi.weixin.qq.com/cgi-bin/gettoken?corpid=x"),
        (Protocol.WECOM, "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=x"),
        (Protocol.DINGTALK, "https://oapi.dingtalk.com@evil.example/robot/send?access_token=x"),
        (Protocol.FEISHU, "https://open.feishu.cn:8443/open-apis/bot/v2/hook/x"),
        (Protocol.FEISHU, "https://169.254.169.254/open-apis/bot/v2/hook/x"),
        (Protocol.FEISHU, "no address"),
    ],
)
def test_other_addresses_are_refused(world: World, protocol: Protocol, address: str) -> None:
    with pytest.raises(Refused) as refused:
        chat(world, protocol=protocol, address=address)
    assert refused.value.field == "address"
    assert robots.HOSTS[protocol][0] in explain(refused.value)
    assert not Webhook.objects.exists()


def test_an_inner_address_behind_an_allowed_name_is_not_called(world: World, receiver: Receiver) -> None:
    one = chat(world, events=["link.added"])
    hand(world)
    recorded = Recorded(receiver, names={"chat.example.org": ["10.0.0.5"]})
    assert told(one, recorded.wire) == ["waiting"]
    assert WebhookDelivery.objects.get().failure == Failure.INNER
    assert recorded.connected == []


def test_an_administrator_adds_one_on_its_page_and_nobody_sees_the_address_again(
    world: World, receiver: Receiver, wire: Wire
) -> None:
    browser = world.client(world.sun_yan)
    sent = {
        "name": "Ward 3 all", "protocol": "dingtalk", "secret": "SECabc", "language": "en", "events": ["link.added"],
        "address": f"https://oapi.dingtalk.com/robot/send?access_token={KEY}",
        "audience": f"party:{world.ward.public_id}",
    }  # fmt: skip
    refused = browser.post("/webhooks/new-chat/", {**sent, "address": "https://evil.example/", "audience": "party:x"})
    assert refused.status_code == 422
    shown = browser.post("/webhooks/new-chat/", sent, follow=True).content.decode()
    one = Webhook.objects.get()
    assert "Group chat in DingTalk" in shown
    assert "Ward 3" in shown
    assert "https://oapi.dingtalk.com" in shown
    listed = browser.get("/webhooks/").content.decode()
    edit = browser.get(f"/webhooks/{one.public_id}/edit/").content.decode()
    api = world.client().get(
        "/api/v1/webhooks",
        headers={"Authorization": f"Bearer {token_for(world.sun_yan, 'webhooks:read')}"},
    ).content.decode()  # fmt: skip
    stored = [str(list(Webhook.objects.values())), *AuditEntry.objects.values_list("body", flat=True)]
    for text in (shown, listed, edit, api, *stored):
        assert KEY not in text
        assert "SECabc" not in text
    assert '"dingtalk"' in api
    alone = {**sent, "address": "", "version": str(one.changed_seq)}
    assert browser.post(f"/webhooks/{one.public_id}/edit/", alone).status_code == 422
    kept = {**sent, "address": "", "secret": "", "name": "All of ward 3", "version": str(one.changed_seq)}
    assert browser.post(f"/webhooks/{one.public_id}/edit/", kept).status_code == 302
    assert Webhook.objects.get().name == "All of ward 3"
    assert Webhook.objects.get().sealed == one.sealed
    assert browser.post(f"/webhooks/{one.public_id}/secret/").status_code == 404


def test_the_head_is_told_that_there_is_such_a_chat(world: World) -> None:
    chat(world)
    asked = {one.person: notification_text(one) for one in Notification.objects.select_related("person")}
    assert set(asked) == {world.wang_fang, world.zhou_min}
    assert "Ward 3 all" in asked[world.wang_fang]


def test_who_is_in_it_changes_and_what_waited_is_not_told_to_the_new_ones(
    world: World, receiver: Receiver, wire: Wire
) -> None:
    one = chat(world, events=["link.added"])
    hand(world)
    sending.collect(webhook=one, at=NOON)
    changes.edit_chat(
        by=world.actor(world.sun_yan), at=NOON, chat=one, expected_seq=None, name="Laundry",
        audience=f"party:{world.laundry.public_id}", language="en", events=["link.added"],
    )  # fmt: skip
    assert told(Webhook.objects.get(), wire) == ["skipped"]
    assert world.zhao_lei in {one.person for one in Notification.objects.select_related("person")}


def test_only_administrators(world: World) -> None:
    by = world.actor(world.lin_mei)
    one = chat(world)
    with pytest.raises(Forbidden):
        changes.edit_chat(by=by, at=NOON, chat=one, expected_seq=None, name="x", audience="everybody", language="en",
                          events=["link.added"])  # fmt: skip
    for person in (world.lin_mei, world.wu_tao, world.qian_li, world.wang_fang, world.tom_reed):
        for address in ("new-chat/", f"{one.public_id}/", f"{one.public_id}/edit/"):
            assert world.client(person).get(f"/webhooks/{address}").status_code == 403
    with pytest.raises(NotFound):
        changes.renew_secret(by=world.actor(world.sun_yan), at=NOON, webhook=one)
