"""Forms about service offers, their versions and steps, and whom they are offered to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.agreements.changes.service_steps import StepWords
from baton.agreements.forms.versions import reason_field
from baton.agreements.models import Agreement, Clause
from baton.agreements.models.offers import OFFER_STATES
from baton.agreements.pages.words import sentence
from baton.agreements.queries.offers import WAITS, OfferFilters
from baton.agreements.rules import LONGEST_STEP, TEXT_LENGTH
from baton.chain.forms.choosing import Offered, offer
from baton.chain.forms.parties import day_field
from baton.core.accounts.signing import SigningForm
from baton.core.forms import RecordForm

if TYPE_CHECKING:
    from baton.chain.models import Link, Output

_KEEP_OWN = _("Keep the clauses of agreements that stand for themselves, as additional ones")
_KEEP_OWN_HELP = _("Otherwise the service offer takes their place. The customer reads both before he signs.")


class OfferForm(RecordForm):
    """What the service is called, what is handed over, and with which clauses it begins."""

    texts: ClassVar[Mapping[str, Any]] = {"name": _("What the service is called")}
    text_length = TEXT_LENGTH
    field_order = ("name", "output", "like")

    output = forms.ChoiceField(label=_("Output"), help_text=_("What is handed over to all customers alike."))
    like = forms.ChoiceField(
        label=_("Begin with the clauses of"), required=False,
        help_text=_("An agreement of yours about this output; empty: with none."),
    )  # fmt: skip

    def __init__(self, *args: Any, outputs: Sequence[Output], agreements: Sequence[Agreement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._outputs = {one.public_id: one for one in outputs}
        self._agreements = {one.public_id: one for one in agreements}
        field = self.fields["output"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.public_id, str(one)) for one in outputs]
        field = self.fields["like"]
        assert isinstance(field, forms.ChoiceField)
        named = [(one.public_id, f"{one.number} · {one.link.customer} · {one.link.output}") for one in agreements]
        field.choices = [("", _("An empty draft")), *named]

    def given(self) -> dict[str, Any]:
        """Name, output, and the agreement with whose clauses it begins (None: with none)."""
        data = self.cleaned_data
        return {
            "name": data["name"], "output": self._outputs[data["output"]], "like": self._agreements.get(data["like"]),
        }  # fmt: skip


class OfferNameForm(RecordForm):
    """What the service is called."""

    texts: ClassVar[Mapping[str, Any]] = {"name": _("What the service is called")}
    text_length = TEXT_LENGTH

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.offers.rename_offer` takes."""
        return {"name": self.cleaned_data["name"], "expected_seq": self.version}


class OfferDaysForm(RecordForm):
    """From which day on a version is offered, until when the one before holds, and why there is this version."""

    field_order = ("starts_on", "holds_until", "reason")

    starts_on = day_field(_("First day"), _("Empty: for each customer from the day of his signature."))
    holds_until = day_field(
        _("The version before holds until"),
        _("For customers who do not accept this one; after that day nothing is promised to them. Empty: without end."),
    )
    reason = reason_field(_("Why there is this version"), _("For all customers: what is to be better."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.offers.describe_offer_version` takes."""
        names = ("starts_on", "holds_until", "reason")
        return {name: self.cleaned_data[name] for name in names} | {"expected_seq": self.version}


class ServiceStepForm(RecordForm):
    """A step as the customer meets it."""

    texts: ClassVar[Mapping[str, Any]] = {
        "name": _("What happens"), "role": _("Who does it"), "bring": _("What to bring"),
    }  # fmt: skip
    optional_texts: ClassVar[frozenset[str]] = frozenset({"role", "bring"})
    text_length = TEXT_LENGTH
    field_order = ("name", "role", "minutes", "bring")

    minutes = forms.IntegerField(
        label=_("Minutes"), required=False, min_value=0, max_value=LONGEST_STEP,
        help_text=_("How long the step takes. Empty: not said."),
    )  # fmt: skip

    def given(self) -> StepWords:
        """What the step says."""
        data = self.cleaned_data
        return StepWords(name=data["name"], role=data["role"], minutes=data["minutes"], bring=data["bring"])


class InviteForm(RecordForm):
    """Which customers are asked."""

    links = forms.MultipleChoiceField(
        label=_("Customers"), widget=forms.CheckboxSelectMultiple, help_text=_("Who leads them is told."),
        error_messages={"required": _("Choose at least one customer.")},
    )  # fmt: skip
    keep_own = forms.BooleanField(label=_KEEP_OWN, required=False, help_text=_KEEP_OWN_HELP)

    def __init__(self, *args: Any, links: Sequence[Link], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._links = _choose_links(self, links)

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.offering.invite_links` takes."""
        return _links_given(self.cleaned_data, self._links)


class ProposeForm(SigningForm):
    """Which customers are asked beside those who hold an earlier version, and who signs the proposal."""

    links = forms.MultipleChoiceField(
        label=_("Customers who are asked"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("Customers who hold an earlier version are always asked."),
    )  # fmt: skip
    keep_own = forms.BooleanField(label=_KEEP_OWN, required=False, help_text=_KEEP_OWN_HELP)

    def __init__(self, *args: Any, links: Sequence[Link], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._links = _choose_links(self, links)
        if not links:
            del self.fields["links"], self.fields["keep_own"]

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.offering.propose_offer_version` takes, but for the proof."""
        return {**_links_given(self.cleaned_data, self._links), "expected_digest": self.digest}


def _choose_links(form: forms.Form, links: Sequence[Link]) -> dict[str, Link]:
    field = form.fields["links"]
    assert isinstance(field, forms.MultipleChoiceField)
    field.choices = [(one.public_id, str(one.customer)) for one in links]
    form.initial.setdefault("links", [one.public_id for one in links])
    return {one.public_id: one for one in links}


def _links_given(data: Mapping[str, Any], known: Mapping[str, Link]) -> dict[str, Any]:
    chosen = [known[public_id] for public_id in data.get("links", ())]
    return {"links": chosen, "keep_own": data.get("keep_own", False)}


class PublishForm(RecordForm):
    """Which clauses the public page shows beside the steps and the guarantees."""

    lines = forms.MultipleChoiceField(
        label=_("Clauses that anybody may read"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("Steps and guarantees are always shown; names of persons and customers never."),
    )  # fmt: skip

    def __init__(self, *args: Any, clauses: Sequence[Clause], shown: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["lines"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(one.line, sentence(one)) for one in clauses]
        self.initial["lines"] = list(shown)

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.publishing.publish_offer` takes."""
        return {"lines": self.cleaned_data["lines"], "expected_seq": self.version}


STATES = [("", _("All")), (WAITS, _("Waits for answers")), *((one.value, label) for one, label in OFFER_STATES.items())]


class OfferFilterForm(forms.Form):
    """What the list of service offers shows; anything that makes no sense is left out."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    party = forms.ChoiceField(label=_("Supplier"), required=False)

    def __init__(self, *args: Any, parties: Sequence[Offered] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "party", parties, nobody=_("All"))


def asked_offers(asked: Mapping[str, str]) -> OfferFilters:
    """The filters of an address."""
    return OfferFilters(
        search=asked.get("q", ""), state=asked.get("state", ""), party=asked.get("party", ""),
        order=asked.get("order", "name"),
    )  # fmt: skip
