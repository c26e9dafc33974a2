"""Five questions that end in links, and the answers to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.chain.changes import ProposedLink
from baton.chain.forms.choosing import Offered, choices_of, chosen, offer, party_chosen, propose
from baton.chain.models import LinkProposal, Party
from baton.chain.rules import NAME_LENGTH, Side
from baton.core.forms import RecordForm


def _line(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=NAME_LENGTH)


class FindCustomerForm(RecordForm):
    """What somebody finishes, for whom, and what he works on."""

    field_order = ("party", "finished", "next", "missed", "source", "received", "outside")

    party = forms.ChoiceField(label=_("Where you work"), help_text=_("The party in which you do this work."))
    finished = _line(_("1. What do you finish in a day?"), _("One thing; come back for the next one. Such as: results"))
    next = _line(_("2. Who takes it up next?"), _("A department, a shift, a workplace, a person, somebody outside."))
    missed = _line(_("3. What would they miss if you stopped?"))
    source = _line(_("4. From whom do you get what you work on?"))
    received = _line(_("And what is it that you get?"), _("Such as: labelled samples"))
    outside = _line(
        _("5. What did somebody outside get in the end?"), _("A patient, a buyer, a guest: because you did your work.")
    )

    def __init__(self, *args: Any, parties: Sequence[Party], seen: Sequence[Offered], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parties = parties
        field = self.fields["party"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices_of(parties)[1:]  # never empty: whoever comes here belongs to one
        for name in ("next", "source"):
            propose(self, name, [str(party) for party in seen])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for one, other in (("finished", "next"), ("source", "received")):
            for missing, there in ((one, other), (other, one)):
                if data.get(there) and not data.get(missing):
                    self.add_error(missing, _("Answer this one, too: a link needs both."))
        if not self.errors and not (data.get("finished") or data.get("source")):
            self.add_error("finished", _("Write what you finish, or from whom you get what you work on."))
        return data

    def mine(self) -> Party:
        """The party for which the links are proposed."""
        found = chosen(self.parties, self.cleaned_data["party"])
        assert found is not None
        return found

    def links(self) -> list[ProposedLink]:
        """The links that the answers come to."""
        return list(self._links())

    def _links(self) -> Iterator[ProposedLink]:
        data = self.cleaned_data
        if data["finished"]:
            yield ProposedLink(Side.CUSTOMER, data["next"], data["finished"], data["missed"], data["outside"])
        if data["source"]:
            yield ProposedLink(Side.SUPPLIER, data["source"], data["received"])


class AnswerForm(RecordForm):
    """Accept or decline one proposed link."""

    field_order = ("other", "output", "reason")

    other = forms.ChoiceField(
        label=_("Party"),
        error_messages={"required": _("Choose who is meant. If nobody fits, ask the quality manager.")},
    )
    output = forms.CharField(label=_("Output"), max_length=NAME_LENGTH)
    reason = _line(_("Reason, if you decline"))

    def __init__(
        self, *args: Any, proposal: LinkProposal, seen: Sequence[Offered], declines: bool = False, **kwargs: Any
    ) -> None:
        """``declines``: only the reason matters."""
        super().__init__(*args, record=proposal, prefix=proposal.public_id, **kwargs)
        self.fields["other"].required = self.fields["output"].required = not declines
        self.proposal = proposal
        known: list[Offered] = [proposal.other] if proposal.other is not None else list(seen)
        self.seen = [party for party in known if party.public_id != proposal.party.public_id]
        offer(self, "other", self.seen)
        self.fields["other"].label = _("Customer") if proposal.side == Side.CUSTOMER else _("Supplier")
        if proposal.other is not None:
            self.initial["other"] = proposal.other.public_id

    def party(self) -> Party:
        """Who was chosen as the other one."""
        found = party_chosen(self.seen, self.cleaned_data["other"])
        assert found is not None
        return found
