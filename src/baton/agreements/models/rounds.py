"""The agreement round: who is asked, what they say, and the acceptance of each side."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.agreements.models.agreements import SIDES, AgreementVersion
from baton.agreements.rules import LINE_LENGTH, TO_ANSWER, Outcome, Stance
from baton.core.models.records import Record

STANCES = {
    Stance.CONSENT: _("Consent"),
    Stance.OBJECTION: _("Objection"),
    Stance.COMMENT: pgettext_lazy("opinion on a clause", "Comment"),
    Stance.COUNTER_PROPOSAL: _("Counter-proposal"),
}
OUTCOMES = {
    Outcome.OPEN: pgettext_lazy("opinion on a clause", "Open"),
    Outcome.ADOPTED: _("Adopted"),
    Outcome.DECLINED: pgettext_lazy("opinion on a clause", "Declined"),
    Outcome.WITHDRAWN: pgettext_lazy("opinion on a clause", "Withdrawn"),
}
OPINION_LENGTH = 2000
"""Longest text of an opinion and of its answer, in characters."""


def _side() -> models.CharField[str, str]:
    return models.CharField(
        _("side"), max_length=8, choices=[(side.value, label) for side, label in SIDES.items()],
        help_text=_("For which side of the link."),
    )  # fmt: skip


class Invitation(Record):
    """Somebody who is asked what he thinks of a version because he works with it."""

    kind = "invitation"

    version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("version"),
        help_text=_("About what he is asked."),
    )  # fmt: skip
    person = models.ForeignKey(
        "core.Person",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("person"),
        help_text=_("Who is asked."),
    )
    side = _side()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = (models.UniqueConstraint(fields=["version", "person"], name="agreements_invited_once"),)

    def __str__(self) -> str:
        return f"{self.person} {self.version}"


class Opinion(Record):
    """What somebody says to a clause, or to the whole. What it asks for: :class:`baton.agreements.rules.Stance`."""

    kind = "opinion"

    version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, related_name="opinions", verbose_name=_("version"),
        help_text=_("To what he says it."),
    )  # fmt: skip
    line = models.CharField(
        _("clause"), max_length=LINE_LENGTH, blank=True, help_text=_("Line of the clause; empty: to the whole version.")
    )
    person = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("person"), help_text=_("Who says it.")
    )
    side = _side()
    stance = models.CharField(
        _("stance"), max_length=16, choices=[(stance.value, label) for stance, label in STANCES.items()],
        help_text=_("Consent, objection, comment or counter-proposal."),
    )  # fmt: skip
    text = models.CharField(
        _("text"), max_length=OPINION_LENGTH, blank=True, help_text=_("What he says, in his words.")
    )
    proposed = models.JSONField(
        _("proposed terms"), default=dict, blank=True,
        help_text=_("Fields of the clause as a counter-proposal wants them; empty: none."),
    )  # fmt: skip
    outcome = models.CharField(
        _("outcome"), max_length=9, default=Outcome.OPEN,
        choices=[(outcome.value, label) for outcome, label in OUTCOMES.items()], help_text=_("What became of it."),
    )  # fmt: skip
    answer = models.CharField(
        _("answer"), max_length=OPINION_LENGTH, blank=True, help_text=_("What was answered; for everybody.")
    )
    answered_by = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("answered by"), help_text=_("Who answered; empty: nobody yet."),
    )  # fmt: skip
    answered_at = models.DateTimeField(
        _("answered at"), null=True, blank=True, help_text=_("When it was answered; empty: not yet.")
    )

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        constraints = (
            models.CheckConstraint(
                condition=Q(stance=Stance.COUNTER_PROPOSAL) | Q(proposed={}),
                name="agreements_terms_of_a_counter_proposal",
            ),
            models.CheckConstraint(
                condition=Q(stance=Stance.CONSENT) | ~Q(text="") | Q(stance=Stance.COUNTER_PROPOSAL),
                name="agreements_opinion_says_something",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=[Outcome.OPEN, Outcome.WITHDRAWN])
                | Q(stance__in=sorted(TO_ANSWER), answered_at__isnull=False),
                name="agreements_answer_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.DECLINED) | ~Q(answer=""), name="agreements_declined_with_an_answer"
            ),
        )
        indexes = (models.Index(fields=["version", "line"], name="agreements_opinions_of_a_line"),)

    def __str__(self) -> str:
        return f"{self.stance} {self.version}"


class Acceptance(Record):
    """One side's acceptance of a version. Whether its signature holds: baton.agreements.queries.valid_acceptances.

    A side whose signature became void, because the version was changed in a consultation, signs again: the acceptance
    bears the new one then, and the old one stays under the version.

    A supplier who signed a version of a service offer has accepted all that points to it with this one signature:
    ``digest`` says what exactly of this link, and what was changed there since is not accepted by it.
    """

    kind = "acceptance"

    version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, related_name="acceptances", verbose_name=_("version"),
        help_text=_("What is accepted."),
    )  # fmt: skip
    side = _side()
    signature = models.ForeignKey(
        "core.Signature", on_delete=models.PROTECT, related_name="+", verbose_name=_("signature"),
        help_text=_("With which it was accepted; whether it still holds, the signature itself tells."),
    )  # fmt: skip
    digest = models.CharField(
        _("digest"), max_length=64, blank=True,
        help_text=_("SHA-256 of the version that was accepted with the signature under a service offer; else empty."),
    )  # fmt: skip
    scan = models.ForeignKey(
        "core.Attachment", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("scan"),
        help_text=_("The signed or chopped paper copy; empty: it was not accepted on paper."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("acceptance")
        verbose_name_plural = _("acceptances")
        constraints = (
            models.UniqueConstraint(fields=["version", "side"], name="agreements_one_acceptance_a_side"),
            models.UniqueConstraint(
                fields=["signature"], condition=Q(digest=""), name="agreements_one_acceptance_a_signature"
            ),
        )

    def __str__(self) -> str:
        return f"{self.version} {self.side}"
