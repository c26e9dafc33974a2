"""Evidence photos of somebody who is forgotten: what both sides rely on stays, and who took it is gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from baton.core.audit import vault
from baton.core.audit.verify import verify
from baton.core.changes.forgetting import forget_person
from baton.core.discussions.changes import add_comment
from baton.core.models import Attachment, AuditEntry, Comment
from baton.handoffs.models import Handoff, HandoffPhoto
from tests.rooms.core.test_attachments import sent
from tests.rooms.handoffs.made import evidence
from tests.rooms.handoffs.test_pages import delivered
from tests.rooms.handoffs.test_photos import kept, returned, taken
from tests.world import NOON, World


def test_the_other_side_keeps_the_photo_and_not_the_name(world: World, data_folder: Path) -> None:
    handoff = delivered(world)
    returned(world.client(world.chen_jie), handoff, taken("Qx7 Chen Jie.jpg"))
    own = evidence(world, delivered(world))
    before = HandoffPhoto.objects.get(handoff=handoff).attachment
    admin = world.actor(world.sun_yan)
    assert "Evidence photos of handoffs" in world.client(world.sun_yan).get(
        f"/people/{world.chen_jie.public_id}/forget/"
    ).content.decode()  # fmt: skip
    forget_person(by=admin, at=NOON, person=world.chen_jie, reason="left")
    shown = HandoffPhoto.objects.get(handoff=handoff)
    assert shown.attachment.digest == before.digest
    assert (shown.attachment.file_name, shown.attachment.withdrawn_at) == (f"{shown.attachment.public_id}.jpg", None)
    supplier = world.client(world.gao_ming)
    page = supplier.get(f"/handoffs/{handoff.public_id}/").content.decode()
    assert f'src="/attachments/{shown.attachment.public_id}/"' in page
    assert "Photo: Returned; Customer, Forgotten person" in page
    large = supplier.get(f"/handoffs/photos/{shown.public_id}/").content.decode()
    assert ("Chen Jie" in page + large, "Qx7 " in page + large) == (False, False)
    file: Any = supplier.get(f"/attachments/{shown.attachment.public_id}/")
    assert b"".join(file.streaming_content) == (data_folder / before.path).read_bytes()
    assert "Chen" not in file["Content-Disposition"]
    assert not Comment.objects.filter(author=world.chen_jie).exclude(words="").exists()
    seqs = AuditEntry.objects.filter(object_id=before.public_id).values_list("seq", flat=True)
    assert vault.opened(seqs) == {}
    assert verify().holds
    assert Attachment.objects.get(pk=own.attachment_id).withdrawn_at is None


def test_what_he_added_to_a_discussion_goes(
    world: World, data_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    from baton.core.attachments.keeping import kept_files

    handoff = delivered(world)
    with kept_files([sent("letter.txt", b"Qx7")]) as files:
        add_comment(
            by=world.actor(world.chen_jie), at=NOON, kind=Handoff.kind, public_id=handoff.public_id, words="See",
            files=files,
        )  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        forget_person(by=world.actor(world.sun_yan), at=NOON, person=world.chen_jie, reason="left")
    assert kept(data_folder) == 0


def test_who_is_shown_on_a_photo_is_taken_out_by_the_quality_manager(
    world: World, data_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    handoff = delivered(world)
    returned(world.client(world.chen_jie), handoff, taken())
    shown = HandoffPhoto.objects.get()
    forget_person(by=world.actor(world.sun_yan), at=NOON, person=world.chen_jie, reason="left")
    address = f"/handoffs/photos/{shown.public_id}/"
    assert "Remove this photo" not in world.client(world.gao_ming).get(address).content.decode()
    removal = f"/attachments/{shown.attachment.public_id}/withdraw/"
    assert world.client(world.gao_ming).post(removal).status_code == 403
    assert "Remove this photo" in world.client(world.lin_mei).get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert world.client(world.lin_mei).post(removal).status_code == 302
    assert kept(data_folder) == 0
