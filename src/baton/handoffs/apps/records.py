"""Who may see a record of the handoffs, where it stands, and what the trail calls what happened to it."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from baton.core.actors import Actor
from baton.core.audit import words
from baton.core.present import now, today
from baton.core.registries import (
    Discussion,
    ForgettingNote,
    Policy,
    api_routers,
    api_scopes,
    calendar_uses,
    forgetting_notes,
    outlasting,
    policies,
    who_reads,
)
from baton.handoffs import queries
from baton.handoffs.models import (
    CallPoint,
    DefectCode,
    Handoff,
    LinkPractice,
    MeasuredPath,
    SharedTablet,
    StandingOrder,
)
from baton.handoffs.pages.history import ACTIONS
from baton.handoffs.queries import parts
from baton.handoffs.queries.calls import address_of_point, call_point
from baton.handoffs.queries.paths import HANDOFFS_PATHS, PathRow, measured_path
from baton.handoffs.queries.photos import is_evidence_photo
from baton.handoffs.queries.silence import silence_counted_by
from baton.handoffs.queries.standing import HANDOFFS_ORDERS, standing_order
from baton.handoffs.queries.tablets import tablet


def register() -> None:
    """Enter policies, words of the trail and scopes."""
    said = Discussion(parts.handoff_called, lambda one: parts.heads_of_handoff(one, today()))
    policies.add(Handoff.kind, Policy(_sees_handoff, lambda one: f"{parts.HANDOFFS}{one}/", discussion=said))
    for kind in parts.PARTS:
        policies.add(kind, Policy(partial(_sees_part, kind), parts.address_of_part(kind)))
    policies.add(LinkPractice.kind, Policy(who_reads(_practice), parts.address_of_practice))
    policies.add(StandingOrder.kind, Policy(who_reads(_order), lambda one: f"{HANDOFFS_ORDERS}{one}/"))
    policies.add(MeasuredPath.kind, Policy(who_reads(_path), lambda one: f"{HANDOFFS_PATHS}{one}/"))
    policies.add(CallPoint.kind, Policy(who_reads(_point), address_of_point))
    policies.add(SharedTablet.kind, Policy(who_reads(_tablet), lambda _one: f"{parts.HANDOFFS}tablets/"))
    policies.add(DefectCode.kind, Policy(who_reads(_code), lambda _one: f"{parts.HANDOFFS}codes/"))
    outlasting.add("handoffs", is_evidence_photo)
    stays = _("Evidence photos of handoffs, without the names of their files; the quality manager can remove them.")
    forgetting_notes.add("handoffs", ForgettingNote(leaves=stays))
    api_scopes.add("handoffs:read", _("Read handoffs, their lines, returns and figures"))
    api_scopes.add("handoffs:write", _("Enter handoffs, deliver, accept and return them"))
    calendar_uses.add("handoffs.silence", silence_counted_by)
    for prefix, name in (
        ("handoffs/batch", "batches.router"),  # before the handoffs, of which it could be an id
        ("handoffs", "handoffs.router"),
        ("handoff-returns", "returns.router"),
        ("handoff-photos", "photos.router"),
        ("handoff-paths", "paths.router"),
        ("call-points", "calls.router"),
        ("defect-codes", "codes.router"),
    ):
        api_routers.add(prefix, f"baton.handoffs.api.{name}")
    words.declare({code: label for code, (label, _icon) in ACTIONS.items()})


def _sees_handoff(actor: Actor, public_id: str) -> bool:
    return queries.sees_handoff(viewer=actor, at=now(), public_id=public_id)


def _sees_part(kind: str, actor: Actor, public_id: str) -> bool:
    return parts.sees_part(viewer=actor, at=now(), kind=kind, public_id=public_id)


def _practice(*, viewer: Actor, public_id: str) -> LinkPractice:
    return parts.practice(viewer=viewer, at=now(), public_id=public_id)


def _order(*, viewer: Actor, public_id: str) -> StandingOrder:
    return standing_order(viewer=viewer, at=now(), public_id=public_id)


def _path(*, viewer: Actor, public_id: str) -> PathRow:
    return measured_path(viewer=viewer, at=now(), public_id=public_id)


def _point(*, viewer: Actor, public_id: str) -> CallPoint:
    return call_point(viewer=viewer, at=now(), public_id=public_id)


def _tablet(*, viewer: Actor, public_id: str) -> SharedTablet:
    return tablet(viewer=viewer, at=now(), public_id=public_id)


def _code(*, viewer: Actor, public_id: str) -> DefectCode:
    return parts.defect_code(viewer=viewer, at=now(), public_id=public_id)
