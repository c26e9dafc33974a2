"""Links that somebody proposes who may not enter them himself."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.chain.models.links import Link
from baton.chain.models.parties import Party
from baton.chain.rules import NAME_LENGTH, ProposalState, Side
from baton.core.models.records import Record

PROPOSAL_STATES = {
    ProposalState.OPEN: pgettext_lazy("proposed link", "Open"),
    ProposalState.ACCEPTED: pgettext_lazy("proposed link", "Accepted"),
    ProposalState.DECLINED: _("Declined"),
    ProposalState.WITHDRAWN: _("Withdrawn"),
}
SIDES = {Side.CUSTOMER: _("Customer"), Side.SUPPLIER: _("Supplier")}


class LinkProposal(Record):
    """A link as somebody sees it who works there; see :class:`baton.chain.rules.ProposalState`.

    ``other`` is empty where no party has the name that he wrote.
    """

    kind = "link_proposal"

    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("party"),
        help_text=_("The party for which the link is proposed: the one of whoever proposes it."),
    )  # fmt: skip
    side = models.CharField(
        _("side"), max_length=8, choices=[(side.value, label) for side, label in SIDES.items()],
        help_text=_("What the other one is to it: customer or supplier."),
    )  # fmt: skip
    other = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("other party"),
        help_text=_("The other one; empty: no party has the name that was written."),
    )  # fmt: skip
    other_name = models.CharField(_("written name"), max_length=NAME_LENGTH, help_text=_("The other one as written."))
    output = models.CharField(
        _("output"), max_length=NAME_LENGTH, help_text=_("What is handed over, in the words of whoever proposed it.")
    )
    missed = models.CharField(
        _("what would be missed"), max_length=NAME_LENGTH, blank=True,
        help_text=_("What the customer would miss without it, in the same words."),
    )  # fmt: skip
    outside = models.CharField(
        _("what somebody outside gets"), max_length=NAME_LENGTH, blank=True,
        help_text=_("What somebody outside gets in the end, in the same words."),
    )  # fmt: skip
    proposed_by = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by"), help_text=_("Who.")
    )
    state = models.CharField(
        _("state"), max_length=10, default=ProposalState.OPEN,
        choices=[(state.value, label) for state, label in PROPOSAL_STATES.items()], help_text=_("How far it has come."),
    )  # fmt: skip
    answered_by = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("answered by"),
        help_text=_("Who accepted or declined it; empty: nobody yet, or Baton itself."),
    )  # fmt: skip
    reason = models.CharField(
        _("reason"), max_length=NAME_LENGTH, blank=True, help_text=_("Why it was declined, for whoever proposed it.")
    )
    link = models.ForeignKey(
        Link, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("link"),
        help_text=_("The link that it became; empty until it is accepted."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("proposed link")
        verbose_name_plural = _("proposed links")
        constraints = (
            models.CheckConstraint(
                condition=Q(state=ProposalState.ACCEPTED, link__isnull=False)
                | (~Q(state=ProposalState.ACCEPTED) & Q(link__isnull=True)),
                name="chain_accepted_proposal_has_a_link",
            ),
        )
        indexes = (models.Index(fields=["state", "party"], name="chain_proposal_open"),)

    def __str__(self) -> str:
        return f"{self.party} – {self.other_name}: {self.output}"
