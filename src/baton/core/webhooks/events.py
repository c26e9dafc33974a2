"""Of what a webhook can tell, and what it says."""

from __future__ import annotations

import json
from typing import Any

from baton.core import registries
from baton.core.audit.values import plain
from baton.core.models import WebhookDelivery

# When somebody signs in, and how, is no business of other systems; nor is what other webhooks there are.
_NOBODYS_BUSINESS = ("webhook.", "person.sign", "person.factor", "person.password", "person.contacts")


def offered() -> list[tuple[str, Any]]:
    """(code, words) of every action about a kind of record that has a policy: nobody sees the others."""
    found = [
        (code, label)
        for code, label in registries.actions
        if code.partition(".")[0] in registries.policies and not code.startswith(_NOBODYS_BUSINESS)
    ]
    return sorted(found, key=lambda one: one[0])


def offered_to_chats() -> list[tuple[str, Any]]:
    """The same for group chats: actions about records of which they are told, and digests in place of what these
    stand for."""
    too_much = {code for _kind, digest in registries.digests for code in digest.instead_of}
    return [
        (code, label)
        for code, label in offered()
        if (kind := code.partition(".")[0]) in registries.announcements or kind in registries.digests
        if code not in too_much and not code.endswith(".forgotten")
    ]


def body_of(delivery: WebhookDelivery) -> bytes:
    """What is sent: which record, by its public id, and what happened to it. No value of it."""
    said = {
        "id": delivery.event,
        "seq": delivery.seq,
        "kind": delivery.kind,
        "public_id": delivery.object_id,
        "action": delivery.action,
        "at": plain(delivery.at),
    }
    return json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()
