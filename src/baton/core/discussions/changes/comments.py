"""Comments and their files: written, changed, withdrawn."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import PurePath

from django.db import transaction

from baton.core import jobs, registries, uploads
from baton.core import policy as core_policy
from baton.core.actors import Actor
from baton.core.attachments.keeping import KeptFile
from baton.core.audit.trail import Trail, change
from baton.core.discussions import policy, rules
from baton.core.discussions.changes.telling import TELL_JOB
from baton.core.discussions.mentions import with_mentions
from baton.core.errors import NotFound, Refused, TooLong
from baton.core.models import Attachment, Comment, Following
from baton.core.texts import clean_text
from baton_analysis.errors import gettext_noop


def add_comment(
    *,
    by: Actor,
    at: datetime,
    kind: str,
    public_id: str,
    words: str,
    chosen: Collection[str] = (),
    files: Sequence[KeptFile] = (),
) -> Comment:
    """Say something about the record ``public_id`` of a ``kind``; its author follows it from now on, unless he said
    that he does not want to.

    ``words`` are plain text in which ``@`` and a name mention somebody who sees the record; ``chosen`` are public ids
    from the suggestions. ``files`` come from :func:`baton.core.attachments.keeping.kept_files`. Those who are mentioned
    and those who follow are told by a worker. Raises :class:`NotFound` for a record that ``by`` does not see.
    """
    if not policy.may_read(by, kind, public_id):
        raise NotFound
    core_policy.demand(policy.may_comment(by))
    said = with_mentions(at=at, kind=kind, public_id=public_id, words=_clean(words, bool(files)), chosen=chosen)
    with change(by=by, at=at) as trail:
        comment = trail.save(
            Comment(about_kind=kind, about_id=public_id, author=by.person, words=said), "comment.added"
        )
        for file in files:
            trail.save(_attached(comment, file), "attachment.added")
        if not Following.objects.filter(about_kind=kind, about_id=public_id, person=by.person).exists():
            trail.save(
                Following(about_kind=kind, about_id=public_id, person=by.person, follows=True), "following.begun"
            )
        jobs.enqueue(TELL_JOB, comment=comment.public_id, people=list(rules.mentioned(said)), followers=True)
        return comment


def edit_comment(
    *, by: Actor, at: datetime, comment: Comment, words: str, chosen: Collection[str] = (), expected_seq: int | None
) -> Comment:
    """Change the words of one's own comment, within :data:`rules.EDIT_WINDOW`; the earlier words stay in the trail.
    Whom it mentions now and did not before, is told."""
    if not policy.may_read(by, comment.about_kind, comment.about_id):
        raise NotFound
    _demand_window(by, at, comment)
    core_policy.demand(policy.may_edit(by, comment, at))
    before = rules.mentioned(comment.words)
    has_files = comment.attachments.filter(withdrawn_at__isnull=True).exists()
    said = with_mentions(
        at=at, kind=comment.about_kind, public_id=comment.about_id, words=_clean(words, has_files),
        chosen={*chosen, *before}, before=before,
    )  # fmt: skip
    with change(by=by, at=at) as trail:
        fresh = trail.lock(Comment, comment, expected_seq=expected_seq)
        core_policy.demand(policy.may_edit(by, fresh, at))
        if fresh.words == said:
            return fresh
        fresh.words, fresh.edited_at = said, at
        new = [one for one in rules.mentioned(said) if one not in before]
        if new:
            jobs.enqueue(TELL_JOB, comment=fresh.public_id, people=new, followers=False)
        return trail.save(fresh, "comment.edited")


def withdraw_comment(*, by: Actor, at: datetime, comment: Comment, reason: str = "") -> Comment:
    """Take the words and files of a comment out; its place stays, and so do the words in the trail. The author, or the
    quality manager, who says why."""
    if not policy.may_read(by, comment.about_kind, comment.about_id):
        raise NotFound
    with change(by=by, at=at, reason=clean_text(reason)) as trail:
        fresh = trail.lock(Comment, comment)
        if fresh.withdrawn_at is not None:
            return fresh
        core_policy.demand(policy.may_withdraw(by, fresh))
        if not policy.is_author(by, fresh) and not trail.reason:
            raise Refused(
                field="reason",
                expected=gettext_noop("Who takes the words of somebody else out says why."),
                remedy=gettext_noop("Enter a reason; it stands in the audit trail."),
            )
        for attachment in fresh.attachments.filter(withdrawn_at__isnull=True):
            _demand_no_evidence(attachment)
            take_file_out(trail, attachment, at)
        fresh.words, fresh.withdrawn_at, fresh.withdrawn_by = "", at, by.person
        return trail.save(fresh, "comment.withdrawn")


def remove_attachment(*, by: Actor, at: datetime, attachment: Attachment) -> Attachment:
    """Remove one file of a comment: its author, or the quality manager. Removed twice is once."""
    about = attachment.comment
    if not policy.may_read(by, about.about_kind, about.about_id):
        raise NotFound
    with change(by=by, at=at) as trail:
        fresh = trail.lock(Attachment, attachment)
        if fresh.withdrawn_at is not None:
            return fresh
        core_policy.demand(policy.may_remove(by, fresh))
        _demand_no_evidence(fresh)
        return take_file_out(trail, fresh, at)


def is_evidence(attachment: Attachment) -> bool:
    """Whether a room needs the file as a proof."""
    return any(proves(attachment.public_id) for _room, proves in registries.evidence)


def outlasts(attachment: Attachment) -> bool:
    """Whether a room keeps the file when its author is forgotten."""
    return any(stays(attachment.public_id) for _room, stays in registries.outlasting)


def _demand_no_evidence(attachment: Attachment) -> None:
    if is_evidence(attachment):
        raise Refused(
            expected=gettext_noop("A scan of signed paper stays as long as the acceptance that it proves."),
            found=gettext_noop("This file is such a scan."),
            remedy=gettext_noop("Leave it; what was signed can be ended, and its proof is kept."),
        )


def take_file_out(trail: Trail, attachment: Attachment, at: datetime) -> Attachment:
    """Forget where the file lies and what it is called, and remove it when that is committed."""
    fresh = trail.lock(Attachment, attachment)
    path = fresh.path
    fresh.file_name, fresh.path, fresh.withdrawn_at = "", "", at
    saved = trail.save(fresh, "attachment.withdrawn")
    transaction.on_commit(lambda: uploads.discard(path), robust=True)
    return saved


def forget_name(trail: Trail, attachment: Attachment) -> Attachment:
    """Call a file by nothing but its kind: the name may say who gave it, or somebody else."""
    fresh = trail.lock(Attachment, attachment)
    fresh.file_name = f"{fresh.public_id}{PurePath(fresh.file_name).suffix}"
    return trail.save(fresh, "attachment.name_forgotten")


def _attached(comment: Comment, file: KeptFile) -> Attachment:
    return Attachment(
        comment=comment, file_name=file.name, media_type=file.media_type, size=file.size, digest=file.digest,
        path=file.path,
    )  # fmt: skip


def _clean(words: str, has_files: bool) -> str:
    """The words as they are kept; refused where there are none beside no file, or too many."""
    text = clean_text(words)
    if not text and not has_files:
        raise Refused(
            field="words",
            expected=gettext_noop("A comment has words or a file."),
            remedy=gettext_noop("Write what you want to say."),
        )
    if len(text) > rules.COMMENT_LENGTH:
        raise TooLong(
            field="words",
            most=rules.COMMENT_LENGTH,
            length=len(text),
            remedy=gettext_noop("Shorten it, or add the rest as a file."),
        )
    return text


def _demand_window(by: Actor, at: datetime, comment: Comment) -> None:
    if policy.is_author(by, comment) and not rules.may_still_edit(comment.recorded_at, at):
        raise Refused(
            expected=gettext_noop("A comment may be changed for {minutes} minutes."),
            found=gettext_noop("This one is older."),
            remedy=gettext_noop("Answer it, or withdraw it and write a new one."),
            minutes=int(rules.EDIT_WINDOW.total_seconds() // 60),
        )
