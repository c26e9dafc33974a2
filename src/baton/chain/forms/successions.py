"""Forms of merging and splitting parties."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from baton.chain.forms.choosing import NOBODY, chosen, offer
from baton.chain.forms.parties import day_field
from baton.chain.models import Party
from baton.chain.queries import Holdings, MergePlan
from baton.chain.rules import PARTS, Capacity
from baton.core.errors import Refused, explain
from baton.core.formats import labelled
from baton.core.forms import RecordForm

if TYPE_CHECKING:
    from collections.abc import Mapping

_OTHERS = ("with_1", "with_2", "with_3")


class _SuccessionForm(RecordForm):
    """What both ask: when, and why."""

    on = day_field(_("Takes effect on"), _("Day on which the old ones end and the new one takes over. Empty: today."))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200, help_text=_("Stands in the history."))


class MergeForm(_SuccessionForm):
    """Merge a party with others. What was shown last is confirmed by sending the form again unchanged."""

    texts: ClassVar[Mapping[str, Any]] = {"name": _("Name of the new party")}
    optional_texts = frozenset({"name"})
    field_order = (*_OTHERS, "into", "name", "head", "on", "reason")

    with_1 = forms.ChoiceField(label=_("Merge with"))
    with_2 = forms.ChoiceField(label=_("and with"), required=False)
    with_3 = forms.ChoiceField(label=_("and with"), required=False)
    into = forms.ChoiceField(
        label=_("Who takes over"), required=False, help_text=_("Empty: a new party with the name below.")
    )
    head = forms.ChoiceField(label=_("Head"), required=False, help_text=_("Only where several could be it."))
    shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, party: Party, others: Sequence[Party], **kwargs: Any) -> None:
        super().__init__(*args, record=party, **kwargs)
        self.party, self.others = party, others
        self.heads: list[Any] = []
        for name in (*_OTHERS, "into"):
            offered = [party, *others] if name == "into" else others
            offer(self, name, offered)
        self._offer_heads()

    def _offer_heads(self) -> None:
        field: Any = self.fields["head"]
        sent = self.data.get(self.add_prefix("head"), "")
        field.choices = [NOBODY, *((one.public_id, str(one)) for one in self.heads)]
        if sent and sent not in dict(field.choices):
            field.choices = [*field.choices, (sent, sent)]

    @property
    def parties(self) -> list[Party]:
        """The party itself and those it is merged with."""
        picked = (chosen(self.others, self.cleaned_data.get(name) or "") for name in _OTHERS)
        return list(dict.fromkeys([self.party, *(party for party in picked if party is not None)]))

    def plan(self, propose: Callable[[], MergePlan]) -> MergePlan | None:
        """What will happen; None where it was refused, and then the form says why."""
        try:
            plan = propose()
        except Refused as refused:
            field = "with_1" if refused.field == "parties" else refused.field
            self.add_error(field if field in self.fields else None, explain(refused))
            self.status = 422
            return None
        self.heads = plan.heads if len(plan.heads) > 1 else []
        self._offer_heads()
        return plan

    @property
    def asked(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.propose_merge` takes, but for the head."""
        data = self.cleaned_data
        return {
            "parties": self.parties, "into": chosen([self.party, *self.others], data["into"]), "on": data["on"],
        }  # fmt: skip

    def chosen_head(self) -> Any:
        """The person chosen as head."""
        return next((one for one in self.heads if one.public_id == self.cleaned_data["head"]), None)

    def confirmed(self) -> bool:
        """Whether exactly this was shown before; if not, it is shown now."""
        what = {key: str(value) for key, value in self.cleaned_data.items() if key not in ("shown", "submission")}
        digest = sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()
        if self.cleaned_data["shown"] == digest:
            return True
        self._put("shown", digest)
        return False

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.merge_parties` takes."""
        data = self.cleaned_data
        more = {
            "name": data["name"],
            "head": self.chosen_head(),
            "expected_seq": self.version,
            "reason": data["reason"],
        }
        return {**self.asked, **more}


class SplitForm(_SuccessionForm):
    """Split a party: the names of the new ones, and for everything that hangs on the old one where it goes; ``rest`` is
    where everything goes of which nothing is said."""

    def __init__(
        self, data: Mapping[str, str] | None = None, *, party: Party, held: Holdings, parts: int, **kwargs: Any
    ) -> None:
        self.count = max(PARTS.start, min(parts, PARTS.stop - 1))
        self.texts = {  # type: ignore[misc]
            f"part_{index}": format_lazy(_("Name of new party {number}"), number=index + 1)
            for index in range(self.count)
        }
        rest = data.get("rest", "") if data else ""
        if data and rest:
            data = {name: data[name] or (rest if name.startswith("to_") else "") for name in data}
        super().__init__(data, record=party, **kwargs)
        self.held = held
        self.fields["rest"] = forms.ChoiceField(
            label=_("What is not assigned below goes to"), required=False, choices=self._places()
        )
        self._titles: list[tuple[Any, list[str]]] = []
        people = [one for one in held.memberships if one.capacity != Capacity.DEPUTY]
        for title, things in (
            (_("Links"), [(link, labelled(f"{link.supplier} → {link.customer}", link.output)) for link in held.links]),
            (_("People"), [(one, f"{one.person} · {one.get_capacity_display()}") for one in people]),
            (_("Responsibilities"), [(one, f"{one.output} · {one.get_responsible_display()}")
                                     for one in held.responsibilities]),
            (_("Parties under it"), [(one, str(one)) for one in held.children]),
            (_("Outside needs"), [(one, str(one)) for one in held.needs]),
            (_("Projects"), [(one, str(one)) for one in held.projects]),
            (_("Keys in other systems"), [(one, str(one)) for one in held.keys]),
        ):  # fmt: skip
            self._ask(title, things)

    def _places(self) -> list[tuple[str, Any]]:
        new = (format_lazy(_("New party {number}"), number=index + 1) for index in range(self.count))
        return [("", "—"), *((str(index), words) for index, words in enumerate(new))]

    def _ask(self, title: Any, things: Sequence[tuple[Any, str]]) -> None:
        names = []
        for record, label in things:
            names.append(f"to_{record.public_id}")
            self.fields[names[-1]] = forms.ChoiceField(label=label, choices=self._places())
        if names:
            self._titles.append((title, names))

    @property
    def groups(self) -> list[tuple[Any, list[Any]]]:
        """The visible fields by what they are about."""
        assigned = {name for _title, names in self._titles for name in names}
        first = [bound for bound in self.visible_fields() if bound.name not in assigned]
        return [(_("The new parties"), first), *((t, [self[name] for name in names]) for t, names in self._titles)]

    def _field_named(self, name: str) -> str | None:
        return f"to_{name}" if f"to_{name}" in self.fields else super()._field_named(name)

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.split_party` takes."""
        data = self.cleaned_data
        return {
            "names": [data[f"part_{index}"] for index in range(self.count)],
            "assigned": {
                name.removeprefix("to_"): int(data[name]) for name in self.fields if name.startswith("to_")
            },
            "on": data["on"], "reason": data["reason"], "expected_seq": self.version,
        }  # fmt: skip
