"""The agreement round: who is asked, what they say, and the acceptance of each side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.agreements.models.agreements import SIDES, AgreementVersion
from baton.agreements.models.labels import SIDE
from baton.agreements.rules import LINE_LENGTH, NOTE_LENGTH, TO_ANSWER, USUAL_MINIMUM, Outcome, Stance
from baton.core.models.records import Record
from baton.core.registries import Retention

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
        SIDE, max_length=8, choices=[(side.value, label) for side, label in SIDES.items()],
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
    due_on = models.DateField(_("until"), help_text=_("Until which day he is asked to say what he thinks."))
    reminded_at = models.DateTimeField(
        _("reminded at"), null=True, blank=True, editable=False,
        help_text=_("When he was reminded; empty: he was not, or had spoken."),
    )  # fmt: skip
    ended_at = models.DateTimeField(
        _("taken back at"), null=True, blank=True, help_text=_("From when on he is asked no more; empty: he is.")
    )
    ended_because = models.CharField(
        _("why it was taken back"), max_length=NOTE_LENGTH, blank=True,
        help_text=_("Why he is asked no more, such as another workplace."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = (
            models.UniqueConstraint(fields=["version", "person"], name="agreements_invited_once"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_because=""), name="agreements_invitation_ended_because"
            ),
        )
        indexes = (models.Index(fields=["person", "ended_at"], name="agreements_invited_person"),)

    def __str__(self) -> str:
        return f"{self.person} {self.version}"


class Opinion(Record):
    """What somebody says to a clause, or to the whole. What it asks for: :class:`baton.agreements.rules.Stance`.

    Who says it has an account (``person``), or was asked outside by a task link (``task_link``).
    """

    kind = "opinion"
    personal: ClassVar[Mapping[str, Retention]] = {
        "text": Retention(10, _("Knowing what was said to an agreement, and what was answered."))
    }

    version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, related_name="opinions", verbose_name=_("version"),
        help_text=_("To what he says it."),
    )  # fmt: skip
    line = models.CharField(
        _("clause"), max_length=LINE_LENGTH, blank=True, help_text=_("Line of the clause; empty: to the whole version.")
    )
    person = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person"),
        help_text=_("Who says it; empty: somebody outside."),
    )  # fmt: skip
    task_link = models.ForeignKey(
        "core.TaskLink", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("task link"), help_text=_("Through which somebody outside says it; empty: a person says it."),
    )  # fmt: skip
    side = _side()
    by_lead = models.BooleanField(
        _("for the side"), default=False,
        help_text=_("Whether who says it leads his side: then the other side answers it."),
    )  # fmt: skip
    said_of = models.CharField(
        _("digest of what it is said to"), max_length=64, editable=False,
        help_text=_("SHA-256 of the clause, or of the whole, as it read when it was said."),
    )  # fmt: skip
    stance = models.CharField(
        _("stance"), max_length=16, choices=[(stance.value, label) for stance, label in STANCES.items()],
        help_text=_("Consent, objection, comment or counter-proposal."),
    )  # fmt: skip
    text = models.CharField(
        _("text"), max_length=OPINION_LENGTH, blank=True, help_text=_("What he says, in his words.")
    )
    forgotten = models.BooleanField(
        _("words taken out"), default=False, editable=False,
        help_text=_("Whether the words were destroyed because who said them was forgotten."),
    )  # fmt: skip
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
            models.UniqueConstraint(
                fields=["version", "line", "person"],
                condition=Q(outcome__in=[Outcome.OPEN, Outcome.WITHDRAWN], person__isnull=False),
                name="agreements_one_opinion_a_line",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(task_link__isnull=True), name="agreements_opinion_of_somebody"
            ),
            models.CheckConstraint(
                condition=Q(stance=Stance.COUNTER_PROPOSAL) | Q(proposed={}),
                name="agreements_terms_of_a_counter_proposal",
            ),
            models.CheckConstraint(
                condition=Q(stance=Stance.CONSENT)
                | ~Q(text="")
                | Q(stance=Stance.COUNTER_PROPOSAL)
                | Q(forgotten=True),
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

    def data_subject(self) -> str:
        """Who said it; somebody outside is known by his task link."""
        if self.person is not None:
            return self.person.public_id
        return self.task_link.public_id if self.task_link is not None else ""


class ConsultationRule(Record):
    """How many of those who are asked must have spoken before a version is put up to be signed. One row, none before
    somebody has said it: then :data:`baton.agreements.rules.USUAL_MINIMUM` holds where people are asked."""

    kind = "consultation_rule"
    units: ClassVar[dict[str, str]] = {"minimum_participation": "%"}

    minimum_participation = models.PositiveSmallIntegerField(
        _("minimum participation"), default=USUAL_MINIMUM,
        help_text=_("Share of those asked on each side that is to have spoken before a version is signed."),
    )  # fmt: skip
    always = models.BooleanField(
        _("nothing is signed without a consultation"), default=False,
        help_text=_("Whether a version is signed only after people have been asked."),
    )  # fmt: skip
    whose = models.CharField(
        _("whose"), max_length=12, unique=True, default="organisation", editable=False,
        help_text=_("The organisation’s: there is one such rule."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("rule of consultations")
        constraints = (
            models.CheckConstraint(
                condition=Q(minimum_participation__lte=100), name="agreements_rule_of_participation_up_to_100"
            ),
        )

    def __str__(self) -> str:
        return f"{self.minimum_participation} %"


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
