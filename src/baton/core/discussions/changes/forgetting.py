"""What somebody said, when he is forgotten."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.database.scrubbing import scrub
from baton.core.discussions.changes.comments import forget_name, is_evidence, outlasts, take_file_out
from baton.core.models import Comment, Following, Person


def forget_person(*, by: Actor, at: datetime, person: Person) -> None:
    """Take out the words and files of everything that ``person`` said, and let him follow nothing; called when the core
    forgets him. Scans of paper that others signed stay as proof, and so does what others rely on, without the name that
    he gave it. Where others mention him stands his new name; what else they wrote is theirs and stays."""
    with change(by=by, at=at) as trail:
        for said in Comment.objects.filter(author=person):
            for attachment in said.attachments.filter(withdrawn_at__isnull=True):
                if outlasts(attachment):
                    forget_name(trail, attachment)
                elif not is_evidence(attachment):
                    take_file_out(trail, attachment, at)
            comment = trail.lock(Comment, said)
            comment.words, comment.edited_at = "", None
            comment.withdrawn_at = comment.withdrawn_at or at
            trail.save(comment, "comment.forgotten")
        for held in Following.objects.filter(person=person, follows=True):
            following = trail.lock(Following, held)
            following.follows = False
            trail.save(following, "following.ended")
    transaction.on_commit(lambda: scrub("core_comment", "core_attachment"), robust=True)
