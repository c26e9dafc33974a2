"""What people say about records of any kind, who wants to hear of it, and the files that they add."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baton.core.models.people import Person
from baton.core.models.records import Record
from baton.core.registries import Retention

NAME_LENGTH = 150
"""Longest name of a file."""
ABOUT_LENGTH = 64
"""Longest id of what people talk about; what is no record, such as a gap, has longer ones than records."""


class Comment(Record):
    """Something that a person says about a record of any kind.

    There is no foreign key to the record: what a kind allows its room says in ``registries.policies``. Its words are
    personal data of the author: they stand in the trail, earlier ones too, under his key alone. A comment that was
    withdrawn keeps its place and loses its words and files.
    """

    kind = "comment"
    personal: ClassVar[Mapping[str, Retention]] = {
        "words": Retention(10, _("Knowing what was said about the chain, and by whom."))
    }

    about_kind = models.CharField(_("kind of record"), max_length=40, help_text=_("Kind of the record it is about."))
    about_id = models.CharField(_("record"), max_length=ABOUT_LENGTH, help_text=_("Public id of what it is about."))
    author = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("author"), help_text=_("Who wrote it.")
    )
    words = models.TextField(
        _("words"), blank=True, help_text=_("What was said; people whom it mentions stand as @[public id].")
    )
    edited_at = models.DateTimeField(
        _("edited at"), null=True, help_text=_("When the author changed it last; empty: never.")
    )
    withdrawn_at = models.DateTimeField(
        _("withdrawn at"), null=True, help_text=_("When its words were taken out; empty: it stands.")
    )
    withdrawn_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("withdrawn by"),
        help_text=_("Who took its words out; empty: it stands, or the author was forgotten."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = (
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(words=""), name="core_withdrawn_comment_has_no_words"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True) | Q(withdrawn_at__isnull=False),
                name="core_comment_withdrawn_by_and_at",
            ),
        )
        indexes = (models.Index(fields=["about_id", "id"], name="core_comment_about"),)

    def data_subject(self) -> str:
        return self.author.public_id


class Following(Record):
    """Whether a person wants to hear of new comments on a record; without a row the record's room decides."""

    kind = "following"

    about_kind = models.CharField(_("kind of record"), max_length=40, help_text=_("Kind of the record."))
    about_id = models.CharField(_("record"), max_length=ABOUT_LENGTH, help_text=_("Public id of the record."))
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"), help_text=_("Who.")
    )
    follows = models.BooleanField(
        _("follows"), help_text=_("Whether the person is told; no: not even as head of a party concerned.")
    )

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        constraints = (
            models.UniqueConstraint(fields=["about_id", "about_kind", "person"], name="core_following_once"),
        )


class Attachment(Record):
    """A file that was added to a comment; its bytes lie in the data folder under a random name."""

    kind = "attachment"
    units: ClassVar[dict[str, str]] = {"size": "B"}
    personal: ClassVar[Mapping[str, Retention]] = {"file_name": Retention(10, _("Recognising a file that was added."))}

    comment = models.ForeignKey(
        Comment, on_delete=models.PROTECT, related_name="attachments", verbose_name=_("comment"),
        help_text=_("The comment to which it was added."),
    )  # fmt: skip
    file_name = models.CharField(
        _("file name"), max_length=NAME_LENGTH, blank=True, help_text=_("Name as it is shown and given to a download.")
    )
    media_type = models.CharField(_("media type"), max_length=100, help_text=_("What its first bytes say that it is."))
    size = models.PositiveBigIntegerField(_("size"), help_text=_("Bytes of the file as it is kept."))
    digest = models.CharField(_("digest"), max_length=64, help_text=_("SHA-256 of the file as it is kept."))
    path = models.CharField(
        _("path"), max_length=60, blank=True, help_text=_("Where it lies below the data folder; empty: removed.")
    )
    withdrawn_at = models.DateTimeField(
        _("withdrawn at"), null=True, help_text=_("When the file was removed; empty: it is there.")
    )

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = (
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, path__gt="") | Q(withdrawn_at__isnull=False, path=""),
                name="core_attachment_is_there_or_withdrawn",
            ),
        )

    def data_subject(self) -> str:
        return self.comment.author.public_id
