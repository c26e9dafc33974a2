"""Comments on records: list, add."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.core import policy, registries
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import made, named, reads, writes
from baton.core.api.schemas import Asked, PublicId, Rows, SaidTexts, Sent, Shown
from baton.core.discussions import changes, queries, rules
from baton.core.models import Comment
from baton.core.slices import slice_of
from baton_analysis.errors import gettext_noop

router = Router()

KindOfRecord = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z_]{1,40}$"),
    Field(description="Kind of the record: party, link, output, outside_need, project or gap.", examples=["link"]),
]
Record = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9_-]{16,64}$"),
    Field(description="Its id; of a gap its `record`.", examples=["2b3c4d5f6g7h8j9k"]),
]
Words = Annotated[str, StringConstraints(min_length=1, max_length=rules.COMMENT_LENGTH, pattern=r"^[^\x00]+$")]


class PersonNamed(Shown):
    """A person, by name."""

    id: PublicId
    name: SaidTexts


class FileShown(Shown):
    """A file of a comment."""

    id: PublicId
    name: str = Field(examples=["offer.pdf"])
    media_type: str = Field(examples=["application/pdf"])
    size: int = Field(description="Bytes.", examples=[48213])
    sha256: str
    path: str = Field(description="Where its page hands it out.", examples=["/attachments/2b3c4d5f6g7h8j9k/"])


class CommentShown(Shown):
    """Something that somebody said about a record."""

    id: PublicId
    kind: str = Field(examples=["link"])
    record: Record
    author: PersonNamed
    words: str = Field(description="Mentioned people stand as @[id]; empty: withdrawn, or only files.")
    mentions: list[PersonNamed]
    files: list[FileShown]
    at: datetime
    edited_at: datetime | None
    withdrawn_at: datetime | None
    version: int = Field(examples=[42])


class CommentsAsked(Asked):
    """On which record."""

    kind: KindOfRecord
    record: Record


class CommentSent(Sent):
    """A new comment, in the name of the token's owner."""

    kind: KindOfRecord
    record: Record
    words: Words = Field(
        description="Plain text; @[id], or @ and a name, mentions somebody who sees the record.",
        examples=["@[2b3c4d5f6g7h8j9k] the bags came at nine again."],
    )


def _all_shown(request: ApiRequest, comments: Sequence[Comment]) -> list[CommentShown]:
    shown = queries.as_shown(viewer=request.actor, at=request.now, comments=comments)
    people = queries.people_of(comment.words for comment in comments)
    return [
        CommentShown(
            id=one.comment.public_id,
            kind=one.comment.about_kind,
            record=one.comment.about_id,
            author=PersonNamed(id=one.comment.author.public_id, name=one.comment.author.name),
            words=one.comment.words,
            mentions=[
                PersonNamed(id=public_id, name=people[public_id].name)
                for public_id in rules.mentioned(one.comment.words)
                if public_id in people
            ],
            files=[
                FileShown(
                    id=file.public_id, name=file.file_name, media_type=file.media_type, size=file.size,
                    sha256=file.digest, path=registries.policies.get("attachment").address(file.public_id),
                )
                for file in one.attachments
            ],
            at=one.comment.recorded_at,
            edited_at=one.comment.edited_at,
            withdrawn_at=one.comment.withdrawn_at,
            version=one.comment.changed_seq,
        )
        for one in shown
    ]  # fmt: skip


@reads(
    router, "", scope="comments:read", may=policy.may_use, response=Rows[CommentShown],
    summary=gettext_noop("List comments"),
    description=gettext_noop("What was said about a record that the owner of the token sees, the oldest first."),
)  # fmt: skip
def list_comments(request: ApiRequest, asked: Query[CommentsAsked]) -> Any:
    rows = queries.comments(viewer=request.actor, kind=asked.kind, public_id=asked.record)
    part = slice_of(rows, asked=asked.filters(), limit=asked.limit, cursor=asked.cursor)
    return Rows[CommentShown](rows=_all_shown(request, part.rows), next=part.next)


@writes(
    router, "POST", "", scope="comments:write", may=policy.may_use, response=CommentShown, status=201,
    summary=gettext_noop("Comment on a record"),
    description=gettext_noop("People whom it mentions are told if they see the record, and so are its followers."),
)  # fmt: skip
def add_comment(request: ApiRequest, sent: CommentSent) -> HttpResponse:
    viewer, at = request.actor, request.now

    def write() -> Comment:
        return changes.add_comment(by=viewer, at=at, kind=sent.kind, public_id=sent.record, words=sent.words)

    return made(
        request, write=lambda: named(write, "record"), show=lambda comment: _all_shown(request, [comment])[0],
        see=lambda public_id: queries.comment(viewer=viewer, public_id=public_id),
    )  # fmt: skip
