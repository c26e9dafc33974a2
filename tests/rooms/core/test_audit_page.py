"""The audit page: filters, older entries, sealed values."""

from __future__ import annotations

import re

from baton.core import changes
from baton.core.models import AuditEntry
from tests.rooms.core.entrance import SYSTEM, actions, page
from tests.world import NOON, World


def test_the_audit_page_filters_by_record_person_and_action(world: World) -> None:
    changes.edit_person(by=World.actor(world.sun_yan), at=NOON, person=world.chen_jie, language="zh-hans")
    auditor = world.client(world.wu_tao)
    chen, sun = world.chen_jie.public_id, world.sun_yan.public_id
    assert "person.edited" in page(auditor, f"/audit/?record={chen}")
    assert "person.added" not in page(auditor, f"/audit/?by={sun}").partition("<tbody>")[2]
    assert "person.added" not in page(auditor, "/audit/?action=person.edited").partition("<tbody>")[2]
    assert "role.given" not in page(auditor, "/audit/?action=person").partition("<tbody>")[2]
    assert "No such entry" in page(auditor, "/audit/?record=nonsense&before=x")


def test_older_entries_are_reached_without_gaps(world: World) -> None:
    auditor = world.client(world.wu_tao)
    seen: list[int] = []
    address = "/audit/?"
    for _turn in range(20):
        text = page(auditor, address)
        seen += [int(seq) for seq in re.findall(r'href="/audit/(\d+)/"', text)]
        older = re.search(r"&amp;before=(\d+)", text)
        if older is None:
            break
        address = f"/audit/?before={older[1]}"
    assert seen == list(range(AuditEntry.objects.count(), 0, -1))


def test_personal_values_are_sealed_until_opened_and_opening_is_noted(world: World) -> None:
    changes.edit_person(by=SYSTEM, at=NOON, person=world.chen_jie, email="chen@example.org")
    entry = AuditEntry.objects.get(action="person.edited")
    auditor = world.client(world.wu_tao)
    assert "chen@example.org" not in page(auditor, f"/audit/{entry.seq}/")
    opened = auditor.post(f"/audit/{entry.seq}/values/").content.decode()
    assert "chen@example.org" in opened
    assert actions()[-1] == "audit.opened"
    assert world.client(world.lin_mei).post(f"/audit/{entry.seq}/values/").status_code == 403
    assert auditor.get("/audit/999999/").status_code == 404
