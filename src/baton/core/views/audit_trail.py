"""The audit trail for those who watch over it."""

from __future__ import annotations

import json
import re
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from baton.core import changes, formats, policy, queries, registries
from baton.core.audit import words
from baton.core.guards import guarded
from baton.core.history import HistoryEntry
from baton.core.middleware import BatonRequest
from baton.core.texts import clean_text, say

PAGE_SIZE = 50
# A code of the program, in contrast to what people wrote.
_CODE = re.compile(r"[a-z][a-z0-9]*(?:[-_.][a-z0-9]+)*")


@guarded(policy.may_read_audit_trail)
def audit_trail(request: BatonRequest) -> HttpResponse:
    """The newest entries first, by record, person and action. Pages go back from an entry, for the trail only grows."""
    given = {name: clean_text(request.GET.get(name, ""))[:60] for name in ("record", "by", "action")}
    before = request.GET.get("before", "")
    entries = queries.audit_entries(
        viewer=request.actor, object_id=given["record"], actor=given["by"], action=given["action"],
        before_seq=int(before) if before.isdecimal() and len(before) < 18 else None, limit=PAGE_SIZE + 1,
    )  # fmt: skip
    values = {
        "rows": [_row(entry) for entry in entries[:PAGE_SIZE]],
        "older": entries[PAGE_SIZE - 1].seq if len(entries) > PAGE_SIZE else None,
        "people": queries.actors_of_trail(viewer=request.actor),
        "actions": sorted(((code, str(label)) for code, label in registries.actions), key=lambda named: named[1]),
        "filtered": any(given.values()),
        **given,
    }
    return render(request, "core/audit.html", values)


@guarded(policy.may_read_audit_trail)
def audit_entry(request: BatonRequest, seq: int) -> HttpResponse:
    """One entry: what changed from what to what."""
    return _entry_page(request, seq)


@require_POST
@never_cache
@guarded(policy.may_open_personal_values)
def open_values(request: BatonRequest, seq: int) -> HttpResponse:
    """The entry with its personal values; that they were read is written into the trail."""
    queries.audit_entry(viewer=request.actor, seq=seq)
    opened = changes.open_personal_values(by=request.actor, at=request.now, seq=seq)
    return _entry_page(request, seq, opened)


def _entry_page(request: BatonRequest, seq: int, opened: dict[str, tuple[Any, Any]] | None = None) -> HttpResponse:
    viewer = request.actor
    entry = queries.audit_entry(viewer=viewer, seq=seq)
    previous, digest = queries.audit_proof(viewer=viewer, seq=seq)
    fields = []
    for name, pair in entry.changed.items():
        old, new = (opened or {}).get(name) or pair or (None, None)
        is_sealed = pair is None and name not in (opened or {})
        said = (words.choice(entry.kind, name, value) or _shown(value) for value in (old, new))
        fields.append((words.field(entry.kind, name), is_sealed, *said))
    sealed = any(is_sealed for _name, is_sealed, _old, _new in fields)
    known = registries.policies.get(entry.kind) if entry.kind in registries.policies else None
    values = _row(entry) | {
        "address": known.address(entry.object_id) if known and known.may_see(viewer, entry.object_id) else "",
        "fields": fields,
        "detail": [(name, _shown(value)) for name, value in entry.detail.items()],
        "prev": previous,
        "hash": digest,
        "may_open": sealed and policy.may_open_personal_values(viewer),
    }
    return render(request, "core/audit_entry.html", values)


def _row(entry: HistoryEntry) -> dict[str, Any]:
    return {
        "entry": entry,
        "who": say(entry.who) or words.process(entry.process) or "–",
        "action": words.action(entry.action),
        "kind": words.kind(entry.kind),
        "fields_changed": formats.listing(words.field(entry.kind, name) for name in entry.changed),
    }


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, dict) and all(isinstance(text, str) for text in value.values()):
        return " / ".join(value.values())
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict | list) or isinstance(value, str) and _CODE.fullmatch(value):
        raw = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return format_html('<code class="text-break">{}</code>', raw)
    return str(value)
