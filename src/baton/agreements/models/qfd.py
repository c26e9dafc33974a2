"""Houses of quality: needs in the customer's words against characteristics that can become clauses."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.agreements.models.labels import POSITION
from baton.agreements.rules import LINE_LENGTH
from baton.agreements.rules.houses import NeedSource
from baton.core.models.records import Record
from baton.core.texts import TextsField, say

NEED_SOURCES = {
    NeedSource.SAID: _("Said by the customer"),
    NeedSource.CHAIN: _("Outside need of the chain"),
    NeedSource.SURVEY: _("Survey"),
    NeedSource.COMPLAINT: _("Complaint or return"),
    NeedSource.WORKSHOP: _("Workshop"),
    NeedSource.OTHER: pgettext_lazy("source of a need", "Other"),
}
GOALS = {
    "larger": _("The larger the better"),
    "smaller": _("The smaller the better"),
    "nominal": _("As near to a value as can be"),
}
STRENGTHS = {9: _("9 strong"), 3: _("3 medium"), 1: _("1 weak"), 0: _("no relation")}
SIGNS = {"++": _("++ helps much"), "+": _("+ helps"), "-": _("− hinders"), "--": _("−− hinders much")}
SALES_POINTS = {1.0: _("1 no"), 1.2: _("1.2 some"), 1.5: _("1.5 strong")}
IMPORTANCE_SCALES = {5: _("1 to 5"), 10: _("1 to 10")}


class House(Record):
    """A house of quality of a link: which characteristics of the work serve what its customer needs."""

    kind = "house"
    units: ClassVar[dict[str, str]] = {"importance_scale": "1"}

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, help_text=_("Spoken number, such as H-2026-0001.")
    )
    link = models.ForeignKey(
        "chain.Link", on_delete=models.PROTECT, related_name="+", verbose_name=_("link"),
        help_text=_("Whose customer’s needs it holds, and whose clauses come of it."),
    )  # fmt: skip
    name = TextsField(_("name"), help_text=_("What the house is about, by language: clean linen on the wards."))
    importance_scale = models.PositiveSmallIntegerField(
        _("scale of importance"), default=5, choices=list(IMPORTANCE_SCALES.items()),
        help_text=_("Importance of needs goes from 1 to this."),
    )  # fmt: skip
    ended_at = models.DateTimeField(
        _("closed at"), null=True, blank=True, help_text=_("When it was put aside; empty: people work with it.")
    )
    sort_keys = models.JSONField(_("sort keys"), default=dict, editable=False, help_text=_("Sort key by language."))
    search_text = models.TextField(_("search text"), editable=False, help_text=_("Number and names, folded."))

    class Meta:
        verbose_name = _("house of quality")
        verbose_name_plural = _("houses of quality")
        constraints = (
            models.CheckConstraint(
                condition=Q(importance_scale__in=list(IMPORTANCE_SCALES)), name="agreements_house_scale"
            ),
        )

    def __str__(self) -> str:
        return say(self.name) or self.number


def _rating(name: Any, help_text: Any) -> models.PositiveSmallIntegerField[int | None, int | None]:
    return models.PositiveSmallIntegerField(name, null=True, blank=True, help_text=help_text)


class HouseNeed(Record):
    """Something that the customer of the link needs, in his words."""

    kind = "house_need"
    units: ClassVar[dict[str, str]] = {
        "position": "1", "importance": "1", "current": "1", "target": "1", "sales_point": "1",
    }  # fmt: skip

    house = models.ForeignKey(
        House, on_delete=models.PROTECT, related_name="needs", verbose_name=_("house of quality"),
        help_text=_("In which it stands."),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(POSITION, help_text=_("Its place, 1 for the first."))
    words = TextsField(_("need"), help_text=_("In the customer’s words, by language."))
    source = models.CharField(
        _("source"), max_length=9, default=NeedSource.SAID, help_text=_("Where it comes from."),
        choices=[(source.value, label) for source, label in NEED_SOURCES.items()],
    )  # fmt: skip
    outside_need = models.ForeignKey(
        "chain.OutsideNeed", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("outside need"), help_text=_("The need of the chain that it is; empty: none."),
    )  # fmt: skip
    importance = models.PositiveSmallIntegerField(
        _("importance"), help_text=_("How much it matters to the customer, from 1 to the end of the scale.")
    )
    current = _rating(_("met now"), _("How well it is met now, from 1 to 5, as the customer says; empty: not asked."))
    target = _rating(_("to be met"), _("How well it is to be met, from 1 to 5; empty: not said."))
    sales_point = models.FloatField(
        _("sales point"), default=1.0, choices=list(SALES_POINTS.items()),
        help_text=_("Whether meeting it wins the customer: 1, 1.2 or 1.5."),
    )  # fmt: skip
    others = models.JSONField(
        _("how others meet it"), default=dict, blank=True,
        help_text=_("How well others who could serve the customer meet it, from 1 to 5, by their name."),
    )  # fmt: skip
    dropped = models.BooleanField(
        _("left out"), default=False, help_text=_("Whether it was taken out of the house again.")
    )

    class Meta:
        verbose_name = _("need of a house")
        verbose_name_plural = _("needs of houses")
        constraints = (
            models.CheckConstraint(condition=Q(importance__gte=1, importance__lte=10), name="agreements_importance"),
            models.CheckConstraint(
                condition=(Q(current__isnull=True) | Q(current__gte=1, current__lte=5))
                & (Q(target__isnull=True) | Q(target__gte=1, target__lte=5)),
                name="agreements_need_rated_1_to_5",
            ),
            models.CheckConstraint(condition=Q(sales_point__in=list(SALES_POINTS)), name="agreements_sales_point"),
            models.CheckConstraint(
                condition=Q(source=NeedSource.CHAIN) | Q(outside_need__isnull=True),
                name="agreements_outside_need_of_the_chain",
            ),
        )

    def __str__(self) -> str:
        return say(self.words)


class HouseCharacteristic(Record):
    """Something about the work that can be measured; it may stand as a clause in the agreement of the link."""

    kind = "house_characteristic"
    units: ClassVar[dict[str, str]] = {"position": "1"}

    house = models.ForeignKey(
        House, on_delete=models.PROTECT, related_name="characteristics", verbose_name=_("house of quality"),
        help_text=_("In which it stands."),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(POSITION, help_text=_("Its place, 1 for the first."))
    name = TextsField(_("characteristic"), help_text=_("What is measured, by language: hours to delivery."))
    goal = models.CharField(
        _("goal"), max_length=7, blank=True, choices=list(GOALS.items()),
        help_text=_("Where it is to go; empty: not said."),
    )  # fmt: skip
    line = models.CharField(
        _("clause"), max_length=LINE_LENGTH, blank=True,
        help_text=_("Line of the clause that promises it in the agreement of the link; empty: none does."),
    )  # fmt: skip
    dropped = models.BooleanField(
        _("left out"), default=False, help_text=_("Whether it was taken out of the house again.")
    )

    class Meta:
        verbose_name = _("characteristic of a house")
        verbose_name_plural = _("characteristics of houses")
        constraints = (
            models.UniqueConstraint(
                fields=["house", "line"], condition=~Q(line="") & Q(dropped=False),
                name="agreements_one_characteristic_a_clause",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return say(self.name)


class Relation(Record):
    """How far a characteristic serves a need. What nobody has judged has no row."""

    kind = "house_relation"
    units: ClassVar[dict[str, str]] = {"strength": "1"}

    need = models.ForeignKey(
        HouseNeed, on_delete=models.PROTECT, related_name="relations", verbose_name=_("need"),
        help_text=_("What is served."),
    )  # fmt: skip
    characteristic = models.ForeignKey(
        HouseCharacteristic, on_delete=models.PROTECT, related_name="relations", verbose_name=_("characteristic"),
        help_text=_("What serves it."),
    )  # fmt: skip
    strength = models.PositiveSmallIntegerField(
        _("strength"), choices=list(STRENGTHS.items()), help_text=_("9 strong, 3 medium, 1 weak, 0 none.")
    )

    class Meta:
        verbose_name = _("relation in a house")
        verbose_name_plural = _("relations in houses")
        constraints = (
            models.UniqueConstraint(fields=["need", "characteristic"], name="agreements_one_relation_a_cell"),
            models.CheckConstraint(condition=Q(strength__in=list(STRENGTHS)), name="agreements_relation_9_3_1"),
        )

    def __str__(self) -> str:
        return f"{self.need} – {self.characteristic}: {self.strength}"


class Roof(Record):
    """How two characteristics of a house touch each other. What nobody has judged has no row."""

    kind = "house_roof"

    first = models.ForeignKey(
        HouseCharacteristic, on_delete=models.PROTECT, related_name="+", verbose_name=_("characteristic"),
        help_text=_("The one that was entered earlier."),
    )  # fmt: skip
    second = models.ForeignKey(
        HouseCharacteristic, on_delete=models.PROTECT, related_name="+", verbose_name=_("other characteristic"),
        help_text=_("The one that was entered later."),
    )  # fmt: skip
    sign = models.CharField(
        _("mark"), max_length=2, blank=True, choices=list(SIGNS.items()),
        help_text=_("Whether bettering one helps or hinders the other; empty: neither."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("mark in the roof of a house")
        verbose_name_plural = _("marks in the roofs of houses")
        constraints = (
            models.UniqueConstraint(fields=["first", "second"], name="agreements_one_mark_a_pair"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="agreements_roof_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.first} – {self.second}: {self.sign}"
