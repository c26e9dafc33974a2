"""Forms about houses of quality."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baton.agreements.changes.houses import Judged
from baton.agreements.models import House, HouseCharacteristic
from baton.agreements.models.qfd import (
    GOALS,
    IMPORTANCE_SCALES,
    NEED_SOURCES,
    SALES_POINTS,
    SIGNS,
    STRENGTHS,
)
from baton.agreements.queries.houses import HouseFilters, HousePage
from baton.agreements.rules.houses import RATINGS, NeedSource
from baton.chain.forms.choosing import Offered, chosen, offer
from baton.core import formats
from baton.core.forms import RecordForm
from baton.core.widgets import LongSelect

if TYPE_CHECKING:
    from django.forms import BoundField
    from django.http import QueryDict

_RATED_LINE = re.compile(r"(?P<name>.+?)\s*[:：\t=]\s*(?P<rating>[1-5])")
NOT_ASKED = ("", "–")
_RATED = [NOT_ASKED, *((str(rating), str(rating)) for rating in RATINGS)]
_STRENGTHS = [(str(strength), label) for strength, label in STRENGTHS.items()]
OWN = {
    "importance": _("Importance"), "current": _("Met now"), "target": _("To be met"), "sales_point": _("Sales point")
}  # fmt: skip
"""What the grid asks of a need itself."""
_SALES = [(f"{point:g}", label) for point, label in SALES_POINTS.items()]


def _number(label: Any, choices: Sequence[tuple[Any, Any]], help_text: Any = "", **options: Any) -> forms.ChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=choices, coerce=int, empty_value=None, help_text=help_text, **options
    )


def _importance(scale: int) -> list[tuple[str, str]]:
    return [(str(value), str(value)) for value in range(1, scale + 1)]


class HouseForm(RecordForm):
    """Begin a house, or describe it anew."""

    texts: ClassVar[Mapping[str, Any]] = {"name": _("What it is about")}
    field_order = ("name", "importance_scale")

    importance_scale = _number(
        _("Scale of importance"), list(IMPORTANCE_SCALES.items()), _("How finely the customer can tell needs apart.")
    )

    def given(self) -> dict[str, Any]:
        """Name and scale, as :mod:`baton.agreements.changes.houses` takes them."""
        return {name: self.cleaned_data[name] for name in ("name", "importance_scale")}


class HouseNeedForm(RecordForm):
    """Add a need to a house, or correct it."""

    texts: ClassVar[Mapping[str, Any]] = {"words": _("In the customer’s words")}
    field_order = ("outside_need", "words", "source", "importance", "current", "target", "sales_point")

    outside_need = forms.ChoiceField(
        label=_("Outside need of the chain"), required=False,
        help_text=_("A need that is written down already; its words are taken where you write none."),
    )  # fmt: skip
    source = forms.ChoiceField(
        label=_("Source"), choices=[(source.value, label) for source, label in NEED_SOURCES.items()]
    )
    importance = _number(_("Importance"), _importance(10), _("As the customer says; 1 matters least."))
    current = _number(_("Met now"), _RATED, _("How well it is met now, from 1 to 5."), required=False)
    target = _number(_("To be met"), _RATED, _("How well it is to be met."), required=False)
    sales_point = forms.TypedChoiceField(
        label=_("Sales point"), choices=_SALES, coerce=float, help_text=_("Does meeting it win the customer?")
    )

    def __init__(self, *args: Any, house: House, outside_needs: Sequence[Offered] = (), **kwargs: Any) -> None:
        """``outside_needs`` are offered for a new need; a need that is corrected stays what it is."""
        self.optional_texts = frozenset({"words"} if outside_needs else ())  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        self.outside_needs = outside_needs
        importance = self.fields["importance"]
        assert isinstance(importance, forms.ChoiceField)
        importance.choices = _importance(house.importance_scale)
        if outside_needs:
            offer(self, "outside_need", outside_needs)
        else:
            del self.fields["outside_need"]

    def _shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        shown = super()._shown(values)
        if "sales_point" in shown:
            shown["sales_point"] = f"{shown['sales_point']:g}"
        return shown

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.houses.add_house_need` takes, but for the outside need."""
        data = self.cleaned_data
        judged = Judged(**{name: data[name] for name in ("importance", "current", "target", "sales_point")})
        return {"words": data["words"], "judged": judged, "source": NeedSource(data["source"])}

    @property
    def need_chosen(self) -> Any:
        """The outside need that was chosen, if any."""
        return chosen(self.outside_needs, self.cleaned_data.get("outside_need", ""))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.outside_needs and not data.get("words") and not data.get("outside_need"):
            self.add_error(None, gettext(
                "A need was expected: chosen among those of the chain, or in the customer’s words. Neither was given. "
                "Choose one or write it down."
            ))  # fmt: skip
        return data


class OthersForm(RecordForm):
    """How others meet a need: a line each, name and rating."""

    others = forms.CharField(
        label=_("How others meet it"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("A line each, name and rating from 1 to 5: City Laundry: 4. Empty: nobody is compared."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.ratings: dict[str, int] = {}
        for number, line in enumerate(data.get("others", "").splitlines(), 1):
            found = _RATED_LINE.fullmatch(line.strip())
            if found is not None and found["name"].strip() not in self.ratings:
                self.ratings[found["name"].strip()] = int(found["rating"])
            elif line.strip():
                self.add_error("others", gettext(
                    "Line {line}: a name that stands there once and a rating from 1 to 5 were expected. "
                    "Found “{text}”. Write it as City Laundry: 4."
                ).format(line=number, text=line.strip()[:80]))  # fmt: skip
        return data

    def _shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        others = values.get("others")
        lines = [f"{name}: {rating}" for name, rating in others.items()] if isinstance(others, dict) else []
        return {**super()._shown(values), **({"others": "\n".join(lines)} if "others" in values else {})}

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.house_others.rate_others` takes."""
        return {"ratings": self.ratings, "expected_seq": self.version}


class CharacteristicForm(RecordForm):
    """Add a characteristic to a house, or correct it."""

    texts: ClassVar[Mapping[str, Any]] = {"name": _("What is measured")}
    field_order = ("name", "goal", "line")

    goal = forms.ChoiceField(label=_("Goal"), required=False, choices=[("", _("Not said")), *GOALS.items()])
    line = forms.ChoiceField(
        label=_("Clause that promises it"), required=False, help_text=_("A clause of the agreement of this link.")
    )

    def __init__(self, *args: Any, clauses: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        """``clauses`` by line are offered for a characteristic that is corrected."""
        super().__init__(*args, **kwargs)
        line = self.fields["line"]
        assert isinstance(line, forms.ChoiceField)
        line.choices = [("", _("None")), *((key, str(clause)) for key, clause in (clauses or {}).items())]
        if clauses is None:
            del self.fields["line"]

    def given(self) -> dict[str, Any]:
        """What :mod:`baton.agreements.changes.houses` takes."""
        return {name: self.cleaned_data[name] for name in ("name", "goal", "line") if name in self.cleaned_data}


@dataclass(frozen=True, slots=True)
class GridRow:
    """A need of the grid: its own fields, and one field a characteristic."""

    name: str
    own: list[BoundField]
    cells: list[BoundField]


class JudgeForm(RecordForm):
    """All judgements of a house at once: a grid of choices that works with the keyboard alone and without scripts."""

    def __init__(self, *args: Any, page: HousePage, fresh: Callable[[], HousePage], **kwargs: Any) -> None:
        """``fresh`` reads the house anew, for what somebody else judged meanwhile."""
        self.page, self._fresh = page, fresh
        super().__init__(*args, record=page.house, **kwargs)

    def _in_order(self) -> list[str]:
        """Adds the fields of the grid before they are put in order."""
        scale = _importance(self.page.house.importance_scale)
        for need, called in zip(self.page.needs, self.page.need_names, strict=True):
            for name, label in OWN.items():
                choices = scale if name == "importance" else _SALES if name == "sales_point" else _RATED
                self._offer(f"{need.public_id}-{name}", label, formats.labelled(called, label), choices)
            for one, column in zip(self.page.characteristics, self.page.characteristic_names, strict=True):
                self._offer(f"{need.public_id}-{one.public_id}", column, f"{called} – {column}", _STRENGTHS)
        for first, second in self._pairs():
            pair = f"{self._called(first)} – {self._called(second)}"
            self._offer(f"roof-{first.public_id}-{second.public_id}", pair, pair, [NOT_ASKED, *SIGNS.items()])
        return list(self.fields)

    def _offer(self, name: str, label: Any, said: str, choices: Sequence[tuple[Any, Any]]) -> None:
        required = choices[0] != NOT_ASKED
        field = forms.ChoiceField(label=label, choices=choices, required=required, widget=LongSelect)
        field.widget.attrs |= {"aria-label": said, "class": "form-select form-select-cell"}
        self.fields[name] = field

    def _pairs(self) -> list[tuple[HouseCharacteristic, HouseCharacteristic]]:
        held = self.page.characteristics
        return [(one, other) for place, one in enumerate(held) for other in held[place + 1 :]]

    def _called(self, one: HouseCharacteristic) -> str:
        return self.page.characteristic_names[self.page.characteristics.index(one)]

    def _shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What stands now: at first what the page shows, and after somebody else was quicker what he wrote."""
        page = self._fresh() if self.is_bound else self.page
        shown: dict[str, Any] = {}
        for need in page.needs:
            own = {"importance": need.importance, "current": need.current, "target": need.target}
            shown |= {f"{need.public_id}-{name}": "" if value is None else str(value) for name, value in own.items()}
            shown[f"{need.public_id}-sales_point"] = f"{need.sales_point:g}"
            for one in page.characteristics:
                strength = page.relations.get((need.pk, one.pk), 0)
                shown[f"{need.public_id}-{one.public_id}"] = str(strength)
        for first, second in self._pairs():
            pair = (min(first.pk, second.pk), max(first.pk, second.pk))
            shown[f"roof-{first.public_id}-{second.public_id}"] = page.roof.get(pair, "")
        return {name: value for name, value in shown.items() if name in self.fields}

    @property
    def rows(self) -> list[GridRow]:
        """The grid, need by need."""
        found = []
        for need, called in zip(self.page.needs, self.page.need_names, strict=True):
            own = [self[f"{need.public_id}-{name}"] for name in OWN]
            cells = [self[f"{need.public_id}-{one.public_id}"] for one in self.page.characteristics]
            found.append(GridRow(called, own, cells))
        return found

    @property
    def roof(self) -> list[BoundField]:
        """A field for each pair of characteristics."""
        return [self[f"roof-{first.public_id}-{second.public_id}"] for first, second in self._pairs()]

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.houses.judge_house` takes."""
        data = self.cleaned_data
        needs, relations = {}, {}
        for need in self.page.needs:
            key = need.public_id
            current, target = (int(data[f"{key}-{name}"]) if data[f"{key}-{name}"] else None
                               for name in ("current", "target"))  # fmt: skip
            needs[key] = Judged(
                importance=int(data[f"{key}-importance"]), current=current, target=target,
                sales_point=float(data[f"{key}-sales_point"]),
            )  # fmt: skip
            for one in self.page.characteristics:
                relations[key, one.public_id] = int(data[f"{key}-{one.public_id}"])
        roof = {
            (one.public_id, other.public_id): data[f"roof-{one.public_id}-{other.public_id}"]
            for one, other in self._pairs()
        }
        return {"needs": needs, "relations": relations, "roof": roof, "expected_seq": self.version}


class HouseFilterForm(forms.Form):
    """What a list of houses shows; anything that makes no sense is left out."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    party = forms.ChoiceField(label=_("Party"), required=False)
    closed = forms.BooleanField(label=_("Closed ones, too"), required=False)

    def __init__(self, *args: Any, parties: Sequence[Offered], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "party", parties, nobody=_("All"))


def asked_houses(asked: QueryDict) -> HouseFilters:
    """The filters that an address asks for."""
    return HouseFilters(
        search=asked.get("q", ""), party=asked.get("party", ""), closed="closed" in asked,
        order=asked.get("order", "number"),
    )  # fmt: skip
