"""The files of comments."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from baton.core.attachments.handing_out import handed_out
from baton.core.discussions import queries
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest


@require_safe
@guarded()
def attachment(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """One file, for who sees what its comment is about."""
    return handed_out(queries.attachment(viewer=request.actor, public_id=public_id))
