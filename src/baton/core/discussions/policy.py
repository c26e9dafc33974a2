"""Who reads and says what about a record. What the room of its kind does not show, is not there.

What                              who sees the record   author             quality manager   auditor   guest
read comments, open files         yes                   if he sees it      if he sees it     yes       no
comment, follow                   yes                   yes                yes               no        no
change one's words                no                    15 minutes         no                no        no
withdraw a comment, remove a file no                    yes                yes               no        no

Guests see some records, but what colleagues say to each other about them is not meant for outsiders.
"""

from __future__ import annotations

from datetime import datetime

from baton.core import policy, registries
from baton.core.actors import Actor
from baton.core.discussions.rules import may_still_edit
from baton.core.errors import NotFound
from baton.core.models import Attachment, Comment
from baton.core.registries import Discussion
from baton.core.rules import Role


def discussion_of(kind: str) -> Discussion:
    """What the room of a kind says about its discussions; NotFound for kinds without."""
    rules = registries.policies.get(kind).discussion if kind in registries.policies else None
    if rules is None:
        raise NotFound
    return rules


def may_read(actor: Actor, kind: str, public_id: str) -> bool:
    """Read what is said about a record."""
    has_one = kind in registries.policies and registries.policies.get(kind).discussion is not None
    return has_one and policy.may_use(actor) and policy.may_see_object(actor, kind, public_id)


def may_comment(actor: Actor) -> bool:
    """Say something about a record that one reads about, and follow it. A person, and not the auditor, who changes
    nothing."""
    return actor.person is not None and policy.may_use(actor) and not actor.has(Role.AUDITOR)


def is_author(actor: Actor, comment: Comment) -> bool:
    """Whether the actor wrote it."""
    return actor.person is not None and actor.person.pk == comment.author_id


def may_edit(actor: Actor, comment: Comment, at: datetime) -> bool:
    """Change the words of a comment."""
    stands = comment.withdrawn_at is None and may_still_edit(comment.recorded_at, at)
    return stands and is_author(actor, comment) and may_comment(actor)


def may_withdraw(actor: Actor, comment: Comment) -> bool:
    """Take the words and files of a comment out."""
    return comment.withdrawn_at is None and _answers_for(actor, comment)


def may_remove(actor: Actor, attachment: Attachment) -> bool:
    """Remove one file of a comment, which may outlast its words."""
    return attachment.withdrawn_at is None and _answers_for(actor, attachment.comment)


def _answers_for(actor: Actor, comment: Comment) -> bool:
    return is_author(actor, comment) or actor.has(Role.QUALITY_MANAGER)


def sees_comment(actor: Actor, public_id: str) -> bool:
    """Whether there is such a comment and the actor reads it."""
    about = Comment.objects.filter(public_id=public_id).values_list("about_kind", "about_id").first()
    return about is not None and may_read(actor, *about)


def sees_attachment(actor: Actor, public_id: str) -> bool:
    """Whether there is such a file and the actor may open it."""
    comment = Attachment.objects.filter(public_id=public_id).values_list("comment__public_id", flat=True).first()
    return comment is not None and sees_comment(actor, comment)
