"""The form in which a signed paper copy is registered."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.core.forms import RecordForm
from baton.core.signing_rules import SIGNER_LENGTH


class PaperForm(RecordForm):
    """Whose signature or chop is on it, and its scan."""

    name = forms.CharField(
        label=_("Who signed it"),
        max_length=SIGNER_LENGTH,
        help_text=_("First and last name, as it stands on the paper."),
    )
    scan = forms.FileField(
        label=_("Scan or photo"), help_text=_("PDF, JPEG or PNG with the QR code of the page; at most 10 MiB."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )  # fmt: skip
