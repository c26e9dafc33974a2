"""Kept files, handed out to be kept: a browser opens none of them as a page of ours, though it draws a photo on one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse

from baton.core import uploads
from baton.core.errors import Refused
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Attachment


class Missing(Refused):
    """The file is not where it was kept."""

    status = 404


def handed_out(found: Attachment) -> FileResponse:
    """The file of an attachment that the viewer may open; refused where the data folder has lost it."""
    try:
        opened = uploads.location(found.path).open("rb")
    except OSError as gone:
        raise Missing(
            expected=gettext_noop("Expected this file in the data folder."),
            found=gettext_noop("It is not there."),
            remedy=gettext_noop("Tell the administrator; `baton verify` names the files that are missing."),
        ) from gone
    response = FileResponse(opened, as_attachment=True, filename=found.file_name, content_type=found.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
