"""What was said about a record, as the viewer reads it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import QuerySet

from baton.core import policy as core_policy
from baton.core import registries
from baton.core.actors import Actor
from baton.core.discussions import policy, rules
from baton.core.discussions.mentions import people_of as people_of
from baton.core.errors import NotFound
from baton.core.models import Attachment, Comment, Following, Person
from baton.core.texts import Texts, say

FEW = 10
"""Comments that a record's own page shows, the latest."""

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a comment; of a mention ``text`` is the name that the person bears now, and ``me`` says that it is the
    reader's."""

    kind: str
    text: str
    me: bool = False


@dataclass(frozen=True, slots=True)
class CommentShown:
    """One comment with its pieces and files, and what the viewer may do with it."""

    comment: Comment
    pieces: list[Piece]
    attachments: list[Attachment]
    may_edit: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """What was said about a record, the oldest first: the latest few, or one page of all.

    ``earlier`` comments stand before them; ``page`` is 0 for the latest few; ``follows`` says whether the viewer is
    told of new ones.
    """

    kind: str
    public_id: str
    comments: list[CommentShown]
    total: int
    earlier: int
    pages: int
    page: int
    may_comment: bool
    follows: bool

    @property
    def page_before(self) -> int | None:
        return self.page - 1 if self.page > 1 else None

    @property
    def page_after(self) -> int | None:
        return self.page + 1 if 0 < self.page < self.pages else None


def thread(*, viewer: Actor, at: datetime, kind: str, public_id: str, page: int | str | None = None) -> Thread:
    """The latest :data:`FEW` comments on a record, or ``page`` (from 1; the last where there is none such) of all.
    NotFound for a record that the viewer does not see, and for kinds without a discussion. The number of queries does
    not depend on how much was said."""
    if not policy.may_read(viewer, kind, public_id):
        raise NotFound
    rows = comments(viewer=viewer, kind=kind, public_id=public_id)
    pages = Paginator(rows, PAGE_SIZE)
    if page is None:
        shown, number = list(rows.order_by("-pk")[:FEW])[::-1], 0
        if len(shown) < FEW:  # that was all: it need not be counted
            pages.count = len(shown)
        earlier = pages.count - len(shown)
    else:
        chosen = pages.get_page(page)
        shown, number = list(chosen.object_list), chosen.number
        earlier = (number - 1) * PAGE_SIZE
    return Thread(
        kind=kind, public_id=public_id, comments=as_shown(viewer=viewer, at=at, comments=shown), total=pages.count,
        earlier=earlier, pages=pages.num_pages, page=number, may_comment=policy.may_comment(viewer),
        follows=follows(viewer=viewer, kind=kind, public_id=public_id),
    )  # fmt: skip


def comments(*, viewer: Actor, kind: str, public_id: str) -> QuerySet[Comment]:
    """Everything said about a record, the oldest first; NotFound as for :func:`thread`."""
    if not policy.may_read(viewer, kind, public_id):
        raise NotFound
    rows = Comment.objects.filter(about_kind=kind, about_id=public_id)
    return rows.select_related("author", "withdrawn_by").order_by("pk")


def about_which(*, viewer: Actor, kind: str) -> list[str]:
    """Ids of the records of a ``kind`` about which anything is said; which of them the viewer sees, is the caller's to
    ask. One query."""
    core_policy.demand(core_policy.may_use(viewer))
    said = Comment.objects.filter(about_kind=kind, withdrawn_at__isnull=True).order_by()
    return list(said.values_list("about_id", flat=True).distinct())


def as_shown(*, viewer: Actor, at: datetime, comments: Sequence[Comment]) -> list[CommentShown]:
    """Comments that the viewer reads, ready to be shown. Two queries."""
    people = people_of(comment.words for comment in comments)
    files: dict[int, list[Attachment]] = {}
    for one in Attachment.objects.filter(comment__in=comments, withdrawn_at__isnull=True).order_by("pk"):
        files.setdefault(one.comment_id, []).append(one)
    return [
        CommentShown(
            comment=comment, pieces=_pieces(viewer, comment.words, people), attachments=files.get(comment.pk, []),
            may_edit=policy.may_edit(viewer, comment, at), may_withdraw=policy.may_withdraw(viewer, comment),
        )
        for comment in comments
    ]  # fmt: skip


def _pieces(viewer: Actor, words: str, people: Mapping[str, Person]) -> list[Piece]:
    def piece(part: rules.Part) -> Piece:
        if part.kind != "mention":
            return Piece(part.kind, part.text)
        name = str(people[part.text]) if part.text in people else part.text
        return Piece("mention", name, me=part.text == viewer.id)

    return [piece(part) for part in rules.parts_of(words)]


def follows(*, viewer: Actor, kind: str, public_id: str) -> bool:
    """Whether the viewer is told of new comments on a record, because he follows it or the room tells him."""
    if viewer.person is None:
        return False
    said = Following.objects.filter(about_kind=kind, about_id=public_id, person=viewer.person)
    known = said.values_list("follows", flat=True).first()
    if known is not None:
        return known
    return any(person.pk == viewer.person.pk for person in policy.discussion_of(kind).told(public_id))


def followers(*, viewer: Actor, kind: str, public_ids: Collection[str]) -> dict[str, list[Person]]:
    """Who follows which of these records, by public id; whether they still see it is the caller's to ask. One query."""
    core_policy.demand(core_policy.may_use(viewer))
    rows = Following.objects.filter(about_kind=kind, about_id__in=public_ids, follows=True, person__is_active=True)
    found: dict[str, list[Person]] = {}
    for row in rows.select_related("person").order_by("pk"):
        found.setdefault(row.about_id, []).append(row.person)
    return found


def comment(*, viewer: Actor, public_id: str) -> Comment:
    """One comment; NotFound where the viewer does not see what it is about."""
    found = Comment.objects.select_related("author", "withdrawn_by").filter(public_id=public_id).first()
    if found is None or not policy.may_read(viewer, found.about_kind, found.about_id):
        raise NotFound
    return found


def attachment(*, viewer: Actor, public_id: str) -> Attachment:
    """One file that is there; NotFound where the viewer does not see what its comment is about."""
    found = (
        Attachment.objects.select_related("comment__author")
        .filter(public_id=public_id, withdrawn_at__isnull=True)
        .first()
    )
    if found is None or not policy.may_read(viewer, found.comment.about_kind, found.comment.about_id):
        raise NotFound
    return found


def place_of(*, viewer: Actor, comment: Comment) -> str:
    """The address at which a comment that the viewer reads is shown: the record's page for the latest, else the page of
    all comments."""
    rows = comments(viewer=viewer, kind=comment.about_kind, public_id=comment.about_id)
    if rows.filter(pk__gt=comment.pk).count() < FEW:
        place = registries.policies.get(comment.about_kind).address(comment.about_id)
    else:
        page = 1 + rows.filter(pk__lt=comment.pk).count() // PAGE_SIZE
        place = f"/discussions/{comment.about_kind}/{comment.about_id}/?page={page}"
    return f"{place}#c-{comment.public_id}"


def subject_name(*, viewer: Actor, kind: str, public_id: str) -> str:
    """What the record is called, in the reader's language; NotFound as for :func:`thread`."""
    if not policy.may_read(viewer, kind, public_id):
        raise NotFound
    name: Texts = dict(policy.discussion_of(kind).name(public_id))
    return say(name)
