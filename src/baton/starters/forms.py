"""Forms of the first-run wizard. They keep what was typed; whether a line can be read, the plan says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baton.chain.rules import NAME_LENGTH
from baton.core.texts import clean_text, say
from baton.starters.sectors import CODES, sector
from baton.starters.sectors.rules import LANGUAGES, Promised, Sector

LONG = 40_000
"""Most characters of a box that lists parties or people."""


class SectorForm(forms.Form):
    """Which sector to begin with."""

    sector = forms.ChoiceField(label=_("Your sector"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = _("None of these: I write down who is there myself")
        self.fields["sector"] = forms.ChoiceField(
            label=_("Your sector"), required=False, widget=forms.RadioSelect,
            choices=[*((code, say(sector(code).name)) for code in CODES), ("", none)],
        )  # fmt: skip

    def answers(self) -> dict[str, Any]:
        return {"sector": self.cleaned_data["sector"]}


class NamesForm(forms.Form):
    """The organisation's own names of the sector's parties."""

    def __init__(self, *args: Any, sector: Sector, kept: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sector = sector
        names, left_out = kept.get("names") or {}, set(kept.get("left_out") or ())
        for party in sector.parties:
            for code in LANGUAGES:
                said = _("{party}, in {language}").format(
                    party=say(party.name), language=dict(settings.LANGUAGES)[code]
                )
                self.fields[f"{party.code}-{code}"] = forms.CharField(
                    label=said, required=False, max_length=NAME_LENGTH,
                    initial=names.get(party.code, {}).get(code, party.name[code]),
                    widget=forms.TextInput(attrs={"lang": code, "class": "form-control", "aria-label": said}),
                )  # fmt: skip
            out = _("We have no {party}").format(party=say(party.name))
            self.fields[f"{party.code}-out"] = forms.BooleanField(
                label=out, required=False, initial=party.code in left_out,
                widget=forms.CheckboxInput(attrs={"class": "form-check-input", "aria-label": out}),
            )  # fmt: skip

    def rows(self) -> list[dict[str, Any]]:
        """A row of the table for each party."""
        return [
            {
                "party": party, "out": self[f"{party.code}-out"],
                "names": [(code, name, self[f"{party.code}-{code}"]) for code, name in settings.LANGUAGES],
            }
            for party in self.sector.parties
        ]  # fmt: skip

    def answers(self) -> dict[str, Any]:
        """Only what differs from the sector's own names."""
        data, names, left_out = self.cleaned_data, {}, []
        for party in self.sector.parties:
            texts = {code: clean_text(data.get(f"{party.code}-{code}", "")) for code in LANGUAGES}
            if texts != dict(party.name):
                names[party.code] = texts
            if data.get(f"{party.code}-out"):
                left_out.append(party.code)
        return {"names": names, "left_out": left_out}


def _box(rows: int, example: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "form-control", "spellcheck": "false", "placeholder": example})


_EXAMPLE = "Hospital\n    Nursing\n        Ward A\n        Night shift (shift)\n    Laundry\nPatients (consumers)"


class ChartForm(forms.Form):
    """The organisation chart as an indented text."""

    chart = forms.CharField(
        label=_("Who is there"), required=False, max_length=LONG, strip=False,
        widget=_box(14, _EXAMPLE),
        help_text=_(
            "One party a line. Whoever stands under another one is indented. In brackets what it is, where it is no "
            "department: team, role, shift, workplace, outside customer, outside supplier, consumers."
        ),
    )  # fmt: skip

    def answers(self) -> dict[str, Any]:
        return {"chart": self.cleaned_data["chart"]}


class PeopleForm(forms.Form):
    """The people as a pasted list."""

    people = forms.CharField(
        label=_("Who works here"), required=False, max_length=LONG, strip=False,
        widget=_box(12, "Chen Jie, 4711, Ward A\nWang Fang, 4712, Ward A, head"),
        help_text=_(
            "One person a line: name, sign-in name (staff number, phone or e-mail), then the party, and “head” for "
            "its head. Columns pasted from a spreadsheet fit as they are."
        ),
    )  # fmt: skip

    def answers(self) -> dict[str, Any]:
        return {"people": self.cleaned_data["people"]}


PROMISES = {
    Promised.TRAINING: _("Training: what the staff learn, and when"),
    Promised.RECOGNITION: _("Recognition: how good work is thanked for"),
    Promised.SUPPORT: _("Support: how fast whoever asks has an answer"),
}


class PromisesForm(forms.Form):
    """What the leader promises the staff, in his own words."""

    leader = forms.CharField(
        label=_("The leader’s post"), required=False, max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )  # fmt: skip

    def __init__(self, *args: Any, sector: Sector | None, kept: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["leader"] = kept.get("leader") or str(_("Director"))
        if sector is not None:
            del self.fields["leader"]
        said = kept.get("promises")
        offered = {one.promised: one.text[settings.LANGUAGE_CODE] for one in sector.promises} if sector else {}
        for promised, label in PROMISES.items():
            self.fields[promised.value] = forms.CharField(
                label=label, required=False, max_length=NAME_LENGTH,
                initial=(said or {}).get(promised.value, "") if said is not None else offered.get(promised, ""),
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )  # fmt: skip

    def answers(self) -> dict[str, Any]:
        data = self.cleaned_data
        words = {promised.value: clean_text(data[promised.value]) for promised in Promised}
        return {"promises": words, **({"leader": clean_text(data["leader"])} if "leader" in data else {})}


class ConfirmForm(forms.Form):
    """Enter it all."""

    become = forms.BooleanField(
        label=_("I become quality manager, too"), required=False,
        help_text=_("Only a quality manager enters parties and links. The audit trail shows that you became one."),
    )  # fmt: skip
    beside = forms.BooleanField(
        label=_("Let these stand beside what is there already. Nothing of it changes."), required=False
    )
