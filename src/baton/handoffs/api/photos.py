"""Evidence photos: list, add, read, fetch the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from django.http import HttpResponse, HttpResponseBase
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.core import uploads
from baton.core.api.door import FILE_TYPE, ApiRequest, pieces
from baton.core.api.endpoints import made, named, reads, shown, writes
from baton.core.api.schemas import Asked, PublicId, Rows
from baton.core.attachments.handing_out import handed_out
from baton.core.attachments.keeping import kept_photos
from baton.core.discussions.queries import attachment
from baton.core.errors import Refused
from baton.core.policy import may_use
from baton.core.slices import slice_of_list
from baton.handoffs import changes, queries
from baton.handoffs.api.shapes import READ, WRITE, Note, PhotoShown, photo_shown, see_handoff
from baton.handoffs.models import HandoffPhoto, HandoffReturn
from baton.handoffs.queries.photos import photo, photos_of
from baton_analysis.errors import gettext_noop

router = Router()

FileName = Annotated[str, StringConstraints(min_length=1, max_length=150, pattern=r"^[^\x00/\\]+$")]


class PhotosAsked(Asked):
    """Of which handoff."""

    handoff: PublicId


class PhotoAsked(Asked):
    """Of which handoff or return the photo is that is the body of the call."""

    handoff: PublicId
    of_return: Annotated[str, Field(max_length=16, description="A return of it; empty: of the handoff.")] = ""
    name: FileName = Field(description="File name.", examples=["torn.jpg"])
    words: Note = Field(default="", description="What it shows; no names of persons.")


@dataclass
class _Body:
    """The body of a call, as the attachments take a file."""

    request: ApiRequest
    name: str | None
    size: int | None = None

    def chunks(self) -> Iterator[bytes]:
        return pieces(self.request)


def _see(request: ApiRequest, public_id: str) -> HandoffPhoto:
    return photo(viewer=request.actor, at=request.now, public_id=public_id)


def _return(request: ApiRequest, asked: PhotoAsked) -> HandoffReturn | None:
    if not asked.of_return:
        return None
    found = named(
        lambda: queries.handoff_return(viewer=request.actor, at=request.now, public_id=asked.of_return), "of_return"
    )
    if found.handoff.public_id != asked.handoff:
        raise Refused(
            field="of_return",
            expected=gettext_noop("Expected a return of this handoff."),
            found=gettext_noop("{number} is one of another handoff."),
            remedy=gettext_noop("Send the handoff of the return."),
            number=found.number,
        )
    return found


@reads(
    router, "", scope=READ, may=may_use, response=Rows[PhotoShown],
    summary=gettext_noop("List the evidence photos of a handoff"),
    description=gettext_noop("Removed ones too, without their names; the oldest first."),
)  # fmt: skip
def list_handoff_photos(request: ApiRequest, asked: Query[PhotosAsked]) -> Any:
    handoff = named(lambda: see_handoff(request)(asked.handoff), "handoff")
    found = photos_of(viewer=request.actor, at=request.now, handoff=handoff)
    part = slice_of_list(
        found, key=lambda one: f"{one.pk:020d}", asked=asked.filters(), limit=asked.limit, cursor=asked.cursor
    )
    return Rows[PhotoShown](rows=[photo_shown(one) for one in part.rows], next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=PhotoShown,
    summary=gettext_noop("Read what is known of an evidence photo"),
)  # fmt: skip
def read_handoff_photo(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see(request, public_id)
    return shown(found, photo_shown(found))


@reads(
    router, "/{slug:public_id}/file", scope=READ, may=may_use, response=None, file_type=FILE_TYPE,
    summary=gettext_noop("Fetch the file of an evidence photo"),
    description=gettext_noop("As it is kept: without the place where it was taken; nothing of a removed one."),
)  # fmt: skip
def fetch_handoff_photo(request: ApiRequest, public_id: PublicId) -> HttpResponseBase:
    found = _see(request, public_id)
    return handed_out(attachment(viewer=request.actor, public_id=found.attachment.public_id))


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=PhotoShown, status=201,
    largest_file=lambda: uploads.DEFAULT_LIMIT,
    summary=gettext_noop("Add an evidence photo to a handoff"),
    description=gettext_noop(
        "The body is the file itself: JPEG, PNG or WebP. By who acts for a side; what a camera wrote beside the picture"
        " is removed."
    ),
)  # fmt: skip
def add_handoff_photo(request: ApiRequest, asked: Query[PhotoAsked]) -> HttpResponse:
    by, at = request.actor, request.now
    handoff = named(lambda: see_handoff(request)(asked.handoff), "handoff")
    found = _return(request, asked)
    with kept_photos([_Body(request, asked.name)]) as files:
        request.sent = {"name": asked.name, "words": asked.words, "digest": files[0].digest}
        return made(
            request, show=photo_shown, see=lambda public_id: _see(request, public_id),
            write=lambda: changes.add_photos(
                by=by, at=at, handoff=handoff, files=files, words=asked.words, found=found
            ),
        )  # fmt: skip
