"""The audit trail."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import get_language

from baton.core import policy
from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.core.history import HistoryEntry, as_history
from baton.core.models import AuditEntry, Person


def audit_entries(
    *,
    viewer: Actor,
    kind: str = "",
    object_id: str = "",
    actor: str = "",
    action: str = "",
    before_seq: int | None = None,
    limit: int = 100,
) -> list[HistoryEntry]:
    """Entries of the audit trail, the newest first, at most ``limit`` (200), those before ``before_seq`` if given.

    ``kind`` and ``object_id`` narrow it to a kind of record or to one record, ``actor`` to what one person did (his
    public id, or ``system:<process>``), ``action`` to one action or, up to its dot, to a family (``person``). Personal
    values are not opened: their fields map to None; see :func:`baton.core.changes.open_personal_values`. Two queries.
    """
    policy.demand(policy.may_read_audit_trail(viewer))
    found = AuditEntry.objects.order_by("-seq")
    if kind:
        found = found.filter(kind=kind)
    if object_id:
        found = found.filter(object_id=object_id)
    if actor:
        found = found.filter(actor=actor)
    if action:
        found = found.filter(Q(action=action) | Q(action__startswith=f"{action}."))
    if before_seq is not None:
        found = found.filter(seq__lt=before_seq)
    return as_history(list(found[: max(1, min(limit, 200))]))


def audit_entry(*, viewer: Actor, seq: int) -> HistoryEntry:
    """One entry of the trail; personal values are not opened."""
    policy.demand(policy.may_read_audit_trail(viewer))
    found = as_history(list(AuditEntry.objects.filter(seq=seq)))
    if not found:
        raise NotFound
    return found[0]


def audit_proof(*, viewer: Actor, seq: int) -> tuple[str, str]:
    """Hash of the entry before and of this one, as `baton verify` recomputes them."""
    policy.demand(policy.may_read_audit_trail(viewer))
    row = AuditEntry.objects.filter(seq=seq).values_list("prev", "hash").first()
    if row is None:
        raise NotFound
    return row


def actors_of_trail(*, viewer: Actor) -> list[Person]:
    """Everybody who may have done something, for the filter of the trail, by name."""
    policy.demand(policy.may_read_audit_trail(viewer))
    language = get_language() or settings.LANGUAGE_CODE
    return list(Person.objects.order_by(KeyTextTransform(language, "sort_keys"), "public_id"))
