"""Forms about what people say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from baton.core import uploads
from baton.core.attachments.keeping import MOST_FILES
from baton.core.discussions.rules import COMMENT_LENGTH
from baton.core.file_fields import FilesField, FilesInput
from baton.core.forms import RecordForm

_ACCEPTED = ".jpg,.jpeg,.png,.webp,.pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.txt,.csv,.md"


def _words_field(**options: Any) -> forms.CharField:
    return forms.CharField(
        required=False,
        help_text=_("@ and a name mentions somebody who sees this, too."),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": COMMENT_LENGTH, "data-mentions": True}),
        **options,
    )


class _Words(RecordForm):
    """Words in which people may be mentioned; ``chosen`` are the public ids of those chosen from the suggestions."""

    chosen = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def chosen_ids(self) -> set[str]:
        """Public ids of the people who were chosen from the suggestions."""
        return set(str(self.cleaned_data.get("chosen") or "").split())


class CommentForm(_Words):
    """Say something about a record."""

    field_order = ["words", "attached"]

    words = _words_field(label=_("Your comment"))
    attached = FilesField(
        label=_("Files"), required=False, allow_empty_file=True,
        help_text=format_lazy(
            _("Photos, PDF, Office documents, plain text: at most {files} files of {limit} MiB each. Where a photo was "
              "taken is removed from it."),
            files=MOST_FILES, limit=uploads.DEFAULT_LIMIT // 1024**2,
        ),
        widget=FilesInput(attrs={"accept": _ACCEPTED}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="comment_%s", **kwargs)


class EditCommentForm(_Words):
    """Change one's own words."""

    field_order = ["words"]

    words = _words_field(label=_("Your comment"))


class WithdrawCommentForm(RecordForm):
    """Take a comment out."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Stands in the audit trail. Do not repeat the words in it.")
    )

    def __init__(self, *args: Any, own: bool, **kwargs: Any) -> None:
        """``own``: nobody explains why he takes his own words back."""
        super().__init__(*args, **kwargs)
        if own:
            del self.fields["reason"]
