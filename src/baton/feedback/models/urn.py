"""The two stores that never meet: who is asked (:class:`SurveyInvitation`) and what may be handed in (:class:`Ballot`).

None of these tables has a time, a number that counts up, or an entry of the audit trail: the order of rows, transaction
numbers and clocks would say who answered when.
"""

from __future__ import annotations

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.records import Record
from baton.feedback.models.labels import BANDS, OF_WAVE, WAVE
from baton.feedback.models.waves import Wave, WaveLink


def random_key() -> str:
    """128 random bits, hexadecimal."""
    return secrets.token_hex(16)


def _key() -> models.CharField[str, str]:
    return models.CharField(
        _("key"), max_length=32, primary_key=True, default=random_key, editable=False, help_text=_("Random.")
    )


class Ballot(models.Model):
    """That one sheet may be handed in. It is deleted in the transaction in which that happens."""

    digest = models.CharField(
        _("digest of the token"), max_length=64, primary_key=True, help_text=_("SHA-256 of the token, by wave.")
    )
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="+", verbose_name=WAVE, help_text=OF_WAVE)
    seal = models.BinaryField(
        _("sealed links"), help_text=_("About which links its sheet asks, sealed under the token, all of one length.")
    )

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")

    def __str__(self) -> str:
        return self.digest


class Envelope(models.Model):
    """A token that waits in Baton for whoever has no mailbox, sealed under a key that lies outside the data folder and
    outside every backup. It stays until the wave closes, so that fetching it leaves no trace."""

    key = _key()
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="+", verbose_name=WAVE, help_text=OF_WAVE)
    person = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("person"), help_text=_("For whom.")
    )
    seal = models.BinaryField(_("sealed token"), help_text=_("His token, sealed."))

    class Meta:
        verbose_name = _("envelope")
        verbose_name_plural = _("envelopes")
        constraints = (models.UniqueConstraint(fields=["wave", "person"], name="feedback_one_envelope"),)

    def __str__(self) -> str:
        return self.key


class UrnSheet(models.Model):
    """A sheet in the urn of an open wave, sealed to its public key."""

    key = _key()
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="+", verbose_name=WAVE, help_text=OF_WAVE)
    seal = models.BinaryField(_("sealed sheet"), help_text=_("What was answered, sealed and filled up."))

    class Meta:
        verbose_name = _("sheet in the urn")
        verbose_name_plural = _("sheets in urns")

    def __str__(self) -> str:
        return self.key


class AnswerSheet(models.Model):
    """What one person answered about one link of a closed wave, or about none; which sheets are of one person nobody
    knows. Written for the whole wave at once, in an order of chance. When the wave is published, sheets lose their link
    and band where so few answered that these would say whose they are."""

    key = _key()
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="+", verbose_name=WAVE, help_text=OF_WAVE)
    wave_link = models.ForeignKey(
        WaveLink, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("link"),
        help_text=_("About which link; empty: about none."),
    )  # fmt: skip
    band = models.CharField(
        _("band"), max_length=5, blank=True, choices=[(band.value, label) for band, label in BANDS.items()],
        help_text=_("Part that whoever answered plays in his department; empty: about no link."),
    )  # fmt: skip
    answers = models.JSONField(
        _("answers"), default=dict, help_text=_("By the keys of the questions; comments are kept apart.")
    )

    class Meta:
        verbose_name = _("answer sheet")
        verbose_name_plural = _("answer sheets")

    def __str__(self) -> str:
        return self.key


class CommentState(models.TextChoices):
    """What became of a comment: nobody but who passes comments reads it before it is passed."""

    WAITING = "waiting", pgettext_lazy("comment of a survey", "Waiting")
    PASSED = "passed", pgettext_lazy("comment of a survey", "Passed")
    WITHHELD = "withheld", pgettext_lazy("comment of a survey", "Withheld")


class SurveyComment(Record):
    """Words that somebody wrote in a closed wave, cut off from his sheet. It is shown once it was passed, where enough
    sheets stand behind it; one that gives somebody away is withheld."""

    kind = "survey_comment"
    secret = frozenset({"words"})

    wave = models.ForeignKey(
        Wave, on_delete=models.PROTECT, related_name="comments", verbose_name=WAVE, help_text=OF_WAVE
    )
    wave_link = models.ForeignKey(
        WaveLink, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("link"),
        help_text=_("About which link; empty: about none."),
    )  # fmt: skip
    question = models.CharField(_("question"), max_length=30, help_text=_("Key of the question."))
    words = models.TextField(_("words"), help_text=_("What was written."))
    state = models.CharField(
        pgettext_lazy("of a comment", "state"), max_length=8, choices=CommentState, default=CommentState.WAITING,
        help_text=_("Whether it is shown."),
    )  # fmt: skip
    withheld_because = models.CharField(
        _("why it is withheld"), max_length=500, blank=True, help_text=_("Why; empty: it is not.")
    )

    class Meta:
        verbose_name = _("comment of a survey")
        verbose_name_plural = _("comments of surveys")

    def __str__(self) -> str:
        return self.public_id
