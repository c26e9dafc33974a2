"""The files of comments, handed out to be kept: a browser opens none of them as a page of ours."""

from __future__ import annotations

from django.http import FileResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from baton.core import uploads
from baton.core.discussions import queries
from baton.core.errors import Refused
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton_analysis.errors import gettext_noop


class _Missing(Refused):
    status = 404


@require_safe
@guarded()
def attachment(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """One file, for who sees what its comment is about."""
    found = queries.attachment(viewer=request.actor, public_id=public_id)
    try:
        opened = uploads.location(found.path).open("rb")
    except OSError as gone:
        raise _Missing(
            expected=gettext_noop("Expected this file in the data folder."),
            found=gettext_noop("It is not there."),
            remedy=gettext_noop("Tell the administrator; `baton verify` names the files that are missing."),
        ) from gone
    response = FileResponse(opened, as_attachment=True, filename=found.file_name, content_type=found.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
