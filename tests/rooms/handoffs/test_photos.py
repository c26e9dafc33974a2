"""Evidence photos: with a step, a contest or afterwards; read by who reads the handoff, taken away, removed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from baton.core.api.door import FILE_TYPE
from baton.core.attachments.keeping import FOLDER
from baton.core.models import Attachment, Comment
from baton.handoffs import changes
from baton.handoffs.changes import photos as photo_changes
from baton.handoffs.models import Handoff, HandoffPhoto
from baton.handoffs.rules import State, Step
from tests.api import Program, said, token_for
from tests.rooms.chain.test_pages import filled
from tests.rooms.core.test_attachments import PDF, PLACE, photo
from tests.rooms.handoffs.made import TINY, evidence
from tests.rooms.handoffs.test_exports import table
from tests.rooms.handoffs.test_pages import HOUR, asked, delivered, step_of
from tests.rooms.handoffs.test_taps import clocks
from tests.world import World

if TYPE_CHECKING:
    from django.test import Client

LOST = "Choose the photos again"


def taken(name: str = "torn.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo() if data is None else data, "image/jpeg")


def returned(client: Client, handoff: Handoff, *photos: SimpleUploadedFile, **more: str) -> Any:
    """All of it is sent back in the form, with photos."""
    address = step_of(handoff, Step.RETURN)
    values = filled(client, address, **{"phenomenon": "Torn", **more})
    return client.post(address, {**values, "attached": list(photos)})


def kept(data_folder: Path) -> int:
    folder = data_folder / FOLDER
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def test_a_return_with_two_photos_stands_on_the_page(world: World, data_folder: Path) -> None:
    handoff, ward = delivered(world), world.client(world.chen_jie)
    form = ward.get(step_of(handoff, Step.RETURN)).content.decode()
    for words in ('enctype="multipart/form-data"', 'accept="image/*"', 'capture="environment"', "multiple"):
        assert words in form
    assert returned(ward, handoff, taken(), taken("label.png.jpg")).status_code == 302
    first, second = HandoffPhoto.objects.order_by("pk")
    assert (first.step, first.side, first.found, first.handoff) == ("return", "customer", None, handoff)
    assert (first.attachment.file_name, second.attachment.file_name) == ("torn.jpg", "label.png.jpg")
    assert PLACE not in (data_folder / first.attachment.path).read_bytes()
    page = world.client(world.gao_ming).get(f"/handoffs/{handoff.public_id}/").content.decode()
    for one in (first, second):
        assert f'src="/attachments/{one.attachment.public_id}/"' in page
    assert "Photo: Returned; Customer, Chen Jie" in page
    large = world.client(world.gao_ming).get(f"/handoffs/photos/{first.public_id}/").content.decode()
    assert first.attachment.digest in large
    assert f"/handoffs/photos/{second.public_id}/" in large


def test_a_contest_with_a_photo_is_evidence_of_its_return(world: World) -> None:
    handoff = delivered(world)
    returned(world.client(world.chen_jie), handoff)
    found = handoff.returns.get()
    for person in (world.gao_ming, world.lin_mei):
        HandoffPhoto.objects.all().delete()
        type(found).objects.filter(pk=found.pk).update(state="open", contested_at=None, contested_by=None, ground="")
        found.refresh_from_db()
        client, address = world.client(person), f"/handoffs/returns/{found.public_id}/contest/"
        values = filled(client, address, ground="Whole when it left")
        assert client.post(address, {**values, "attached": taken()}).status_code == 302
        shown = HandoffPhoto.objects.get()
        assert (shown.found, shown.side, shown.step) == (found, "supplier", ""), person
    page = world.client(world.chen_jie).get(f"/handoffs/{handoff.public_id}/").content.decode()
    assert f"Photo: {found.number}; Supplier, Lin Mei" in page


def test_less_is_taken_with_a_photo(world: World) -> None:
    handoff, ward = delivered(world), world.client(world.chen_jie)
    address = step_of(handoff, Step.ACCEPT_PART)
    values = filled(ward, address, refused_1="2", phenomenon_1="Torn")
    assert ward.post(address, {**values, "attached": taken()}).status_code == 302
    assert HandoffPhoto.objects.get().get_step_display() == "Accepted in part"
    handoff.refresh_from_db()
    assert handoff.state == State.PARTLY


def test_a_form_that_comes_back_says_that_its_photos_are_gone(world: World, data_folder: Path) -> None:
    handoff, ward = delivered(world), world.client(world.chen_jie)
    for more, status in (({"phenomenon": ""}, 422), ({"happened_at": "31/02/2026"}, 422), ({"version": "1"}, 409)):
        answer = returned(ward, handoff, taken(), **more)
        assert answer.status_code == status
        page = answer.content.decode()
        assert LOST in page
        assert 'id="id_attached_error"' in page
    assert LOST not in returned(ward, handoff, phenomenon="").content.decode(), "nobody lost what he had not chosen"
    assert (kept(data_folder), HandoffPhoto.objects.count(), Comment.objects.count()) == (0, 0, 0)
    handoff.refresh_from_db()
    assert handoff.state == State.DELIVERED


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("photos", "message"),
    [
        ([taken("scan.pdf", PDF)], "expected a photo (JPEG, PNG, WebP)"),
        ([taken("run.jpg", b"MZ\0\0")], "“run.jpg”: expected a photo"),
        ([taken("empty.jpg", b"")], "It is empty."),
        ([taken("cut.jpg", TINY[:40])], "cut off or damaged"),
        ([taken(), taken("scan.pdf", PDF)], "expected a photo (JPEG, PNG, WebP)"),
        ([taken(f"{number}.jpg", TINY) for number in range(11)], "at most 10 files at once"),
    ],
)
def test_what_is_no_photo_is_refused_and_nothing_is_saved(
    world: World, data_folder: Path, photos: list[SimpleUploadedFile], message: str
) -> None:
    handoff = delivered(world)
    for one in photos:
        one.seek(0)
    answer = returned(world.client(world.chen_jie), handoff, *photos)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert (kept(data_folder), HandoffPhoto.objects.count()) == (0, 0)
    handoff.refresh_from_db()
    assert handoff.state == State.DELIVERED


def test_a_form_that_is_sent_twice_is_carried_out_once(world: World, data_folder: Path) -> None:
    handoff, ward = delivered(world), world.client(world.chen_jie)
    address = step_of(handoff, Step.RETURN)
    values = filled(ward, address, phenomenon="Torn")
    for _again in range(2):
        assert ward.post(address, {**values, "attached": taken()}).status_code == 302
    assert (HandoffPhoto.objects.count(), kept(data_folder), handoff.returns.count()) == (1, 1, 1)


def test_a_tap_brings_its_photo_along(world: World) -> None:
    handoff, ward = delivered(world), world.client(world.chen_jie)
    values = {"version": str(handoff.changed_seq), "submission": "k" * 32, **clocks(HOUR / 2), "phenomenon": "Torn"}
    for _again in range(2):
        answer = ward.post(step_of(handoff, Step.RETURN), {**values, "attached": taken()})
        assert answer.json()["taken"]
    assert HandoffPhoto.objects.count() == 1
    other = asked(world)
    answer = ward.post(step_of(other, Step.RETURN), {**values, "submission": "l" * 32, "attached": taken()})
    assert not answer.json()["taken"]
    assert HandoffPhoto.objects.count() == 1


def test_photos_are_added_afterwards_by_who_acts_for_a_side(world: World) -> None:
    handoff = delivered(world)
    returned(world.client(world.chen_jie), handoff)
    address = f"/handoffs/{handoff.public_id}/photos/"
    laundry = world.client(world.gao_ming)
    assert 'capture="environment"' not in laundry.get(address).content.decode()
    values = filled(laundry, address, words="How it left", of=handoff.returns.get().public_id)
    assert laundry.post(address, {**values, "attached": taken()}).status_code == 302
    shown = HandoffPhoto.objects.get()
    assert (shown.found, shown.side) == (handoff.returns.get(), "supplier")
    assert Comment.objects.get(about_id=handoff.public_id).words == "How it left"
    answer = laundry.post(address, filled(laundry, address))
    assert (answer.status_code, "Expected at least one photo" in answer.content.decode()) == (422, True)
    for person, status in ((world.xu_jing, 403), (world.wu_tao, 403), (world.ivy_stone, 404), (world.tom_reed, 403)):
        answer = world.client(person).post(address, {**values, "submission": "x" * 32, "attached": taken()})
        assert answer.status_code == status, person
    assert HandoffPhoto.objects.count() == 1


def test_who_may_not_read_the_handoff_sees_no_photo_of_it(world: World) -> None:
    shown = evidence(world, delivered(world))
    addresses = (f"/handoffs/photos/{shown.public_id}/", f"/attachments/{shown.attachment.public_id}/")
    for address in addresses:
        for person in (world.gao_ming, world.xu_jing, world.lin_mei, world.wu_tao):
            assert world.client(person).get(address).status_code == 200, (address, person)
        for person in (world.ivy_stone, world.tom_reed, world.sun_yan):
            assert world.client(person).get(address).status_code in {403, 404}, (address, person)


def test_a_removed_photo_leaves_its_place(world: World, django_capture_on_commit_callbacks: Any) -> None:
    handoff = delivered(world)
    shown = evidence(world, handoff)
    address = f"/handoffs/photos/{shown.public_id}/"
    assert "Remove this photo" not in world.client(world.gao_ming).get(address).content.decode()
    assert "Remove this photo" in world.client(world.chen_jie).get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        removal = f"/attachments/{shown.attachment.public_id}/withdraw/"
        assert world.client(world.chen_jie).post(removal).status_code == 302
    for page in (f"/handoffs/{handoff.public_id}/", address):
        said_there = world.client(world.gao_ming).get(page).content.decode()
        assert "Removed" in said_there
        assert f'src="/attachments/{shown.attachment.public_id}/"' not in said_there
    (row,) = table(world.client(world.lin_mei), "/handoffs/export/photos/")
    assert (row["File"], row["Address"], len(row["SHA-256"])) == ("", "", 64)
    assert row["Removed at"]


@pytest.mark.sqlite
def test_a_handoff_has_only_so_many_photos(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo_changes, "MOST_PHOTOS", 2)
    handoff, ward = delivered(world), world.client(world.chen_jie)
    answer = returned(ward, handoff, taken(), taken(), taken())
    assert "at most 2 photos of one handoff" in answer.content.decode()
    handoff.refresh_from_db()
    assert handoff.state == State.DELIVERED
    assert returned(ward, handoff, taken(), taken()).status_code == 302


@pytest.mark.sqlite
def test_nothing_is_shown_of_what_counts_nowhere(world: World) -> None:
    handoff = asked(world)
    changes.withdraw_handoff(by=world.actor(world.chen_jie), at=datetime.now(UTC), handoff=handoff, reason="Closed")
    address = f"/handoffs/{handoff.public_id}/photos/"
    assert address not in world.client(world.chen_jie).get(f"/handoffs/{handoff.public_id}/").content.decode()
    answer = world.client(world.chen_jie).post(address, {"attached": taken()})
    assert (answer.status_code, "was withdrawn" in answer.content.decode()) == (422, True)


def test_the_table_of_photos(world: World) -> None:
    handoff = delivered(world, reference="LOT-7")
    returned(world.client(world.chen_jie), handoff, taken())
    (row,) = table(world.client(world.lin_mei), "/handoffs/export/photos/?q=LOT-7")
    file = Attachment.objects.get()
    assert (row["Handoff"], row["With which step"], row["Side"]) == (handoff.number, "Returned", "Customer")
    assert (row["SHA-256"], row["Added by"], row["File"]) == (file.digest, "Chen Jie", "torn.jpg")
    assert row["Address"] == f"/attachments/{file.public_id}/"
    assert table(world.client(world.ivy_stone), "/handoffs/export/photos/") == []


def sent(program: Program, query: str, raw: bytes = TINY, **more: Any) -> Any:
    return program.call("POST", f"/handoff-photos?{query}", raw=raw, **{"Content_Type": FILE_TYPE, **more})


def test_programs_list_add_and_fetch(world: World, data_folder: Path) -> None:
    handoff, other = delivered(world), delivered(world)
    returned(world.client(world.chen_jie), handoff)
    found = handoff.returns.get()
    ward = Program(token_for(world.chen_jie))
    query = f"handoff={handoff.public_id}&of_return={found.public_id}&name=torn.jpg&words=Torn"
    made = said(sent(ward, query, photo(), key="k" * 20))
    again = sent(ward, query, photo(), key="k" * 20)
    assert (again["Idempotent-Replayed"], said(again)["id"]) == ("true", made["id"])
    assert (made["of_return"], made["side"], made["name"]) == (found.public_id, "customer", "torn.jpg")
    assert sent(ward, query, TINY, key="k" * 20).status_code == 422, "the same key with another photo"
    listed = said(ward.get(f"/handoff-photos?handoff={handoff.public_id}"))["rows"]
    whole = said(ward.get(f"/handoffs/{handoff.public_id}"))["photos"]
    assert [one["id"] for one in listed] == [one["id"] for one in whole] == [made["id"]]
    assert said(ward.get(f"/handoff-photos/{made['id']}"))["sha256"] == made["sha256"]
    file: Any = ward.get(f"/handoff-photos/{made['id']}/file")
    assert PLACE not in b"".join(file.streaming_content)
    assert kept(data_folder) == 1
    wrong = sent(ward, query.replace(handoff.public_id, other.public_id))
    assert (wrong.status_code, "one of another handoff" in wrong.content.decode()) == (422, True)
    assert sent(ward, query, PDF).status_code == 422
    assert sent(ward, query.replace("name=torn.jpg", "name=")).status_code in {400, 422}
    assert sent(Program(token_for(world.ivy_stone)), query).status_code in {403, 404, 422}
    assert kept(data_folder) == 1
