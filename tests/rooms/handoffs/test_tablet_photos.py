"""Evidence photos from a shared tablet: in the form of the step, kept only once somebody has shown who he is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from baton.core.models import AuditEntry
from baton.handoffs.models import Handoff, HandoffPhoto
from baton.handoffs.rules import State, Step
from baton.handoffs.views import on_tablet
from tests.rooms.chain.test_pages import filled
from tests.rooms.core.test_attachments import PLACE
from tests.rooms.handoffs.test_pages import delivered
from tests.rooms.handoffs.test_photos import LOST, kept, taken
from tests.rooms.handoffs.test_tablets import PIN, device, registered, with_pin
from tests.world import World


@pytest.fixture(autouse=True)
def nobody_tried() -> None:
    on_tablet.wrong.clear()


def sent(world: World, client: Any, handoff: Handoff, step: Step, **more: Any) -> Any:
    address = f"/tablet/{handoff.public_id}/{step.value}/"
    who = {"who_person": world.chen_jie.public_id, "who_pin": PIN}
    return client.post(address, {**filled(client, address), **who, **more})


def test_what_is_sent_back_at_a_tablet_is_shown_by_a_photo(world: World, data_folder: Path) -> None:
    handoff, other, tablet = delivered(world), delivered(world), registered(world)
    with_pin(world, world.chen_jie)
    client = device(tablet)
    form = client.get(f"/tablet/{handoff.public_id}/return/").content.decode()
    for words in ('enctype="multipart/form-data"', 'accept="image/*"', 'capture="environment"'):
        assert words in form
    answer = sent(world, client, handoff, Step.RETURN, phenomenon="Torn", attached=[taken(), taken("label.jpg")])
    assert (answer.status_code, answer["Location"]) == (302, "/tablet/")
    first, second = HandoffPhoto.objects.filter(handoff=handoff).order_by("pk")
    assert {(one.step, one.side, one.attachment.comment.author) for one in (first, second)} == {
        ("return", "customer", world.chen_jie)
    }
    assert PLACE not in (data_folder / first.attachment.path).read_bytes()
    entry = AuditEntry.objects.get(action="handoff_photo.added", object_id=second.public_id)
    assert tablet.public_id in entry.body
    less = {"refused_1": "2", "phenomenon_1": "Torn", "attached": taken()}
    assert sent(world, client, other, Step.ACCEPT_PART, **less).status_code == 302
    assert HandoffPhoto.objects.get(handoff=other).step == "accept_part"
    assert 'type="file"' not in client.get(f"/tablet/{delivered(world).public_id}/accept/").content.decode()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "wrong", [{"who_pin": "1357"}, {"who_person": ""}, {"phenomenon": ""}, {"who_badge": "UNKNOWN"}, {"version": "1"}]
)
def test_nothing_is_kept_of_who_does_not_show_who_he_is(world: World, data_folder: Path, wrong: dict[str, str]) -> None:
    handoff, client = delivered(world), device(registered(world))
    with_pin(world, world.chen_jie)
    values = {"phenomenon": "Torn", "attached": taken(), **wrong}
    answer = sent(world, client, handoff, Step.RETURN, **values)
    assert answer.status_code in {409, 422}
    assert LOST in answer.content.decode()
    assert (kept(data_folder), HandoffPhoto.objects.count()) == (0, 0)
    handoff.refresh_from_db()
    assert handoff.state == State.DELIVERED


@pytest.mark.sqlite
def test_what_is_no_photo_is_said_beside_the_field(world: World, data_folder: Path) -> None:
    handoff, client = delivered(world), device(registered(world))
    with_pin(world, world.chen_jie)
    answer = sent(world, client, handoff, Step.RETURN, phenomenon="Torn", attached=taken("scan.jpg", b"%PDF-1.4 x"))
    assert answer.status_code == 422
    assert "expected a photo" in answer.content.decode()
    assert (kept(data_folder), HandoffPhoto.objects.count()) == (0, 0)
