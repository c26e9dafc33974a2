"""Outputs: what is handed over, in which revision, and who answers for it."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.chain.models.parties import Party
from baton.chain.rules import OutputKind, Responsible, State, state_on
from baton.core.models.records import Batched, Record
from baton.core.texts import TextsField, say

OUTPUT_KINDS = {
    OutputKind.SERVICE: _("Service"),
    OutputKind.CONTROL: _("Control"),
    OutputKind.INFORMATION: _("Information"),
}
RESPONSIBLE = {
    Responsible.ACCOUNTABLE: pgettext_lazy("RACI", "Accountable"),
    Responsible.RESPONSIBLE: pgettext_lazy("RACI", "Responsible"),
    Responsible.CONSULTED: pgettext_lazy("RACI", "Consulted"),
    Responsible.INFORMED: pgettext_lazy("RACI", "Informed"),
}


class Output(Batched):
    """Something that is handed over: goods, a service, a verdict, information.

    One output may be handed over on many links, by several suppliers and to several customers; a link names exactly
    one. Two outputs that are live at the same time have different names in the organisation's language.
    """

    kind = "output"

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, help_text=_("Spoken number, such as O-2026-0001.")
    )
    name = TextsField(_("name"), help_text=_("What is handed over, by language: clean linen, laboratory results."))
    name_key = models.CharField(
        _("name key"), max_length=220, editable=False, help_text=_("The name, folded: one live output for each.")
    )
    sort_keys = models.JSONField(_("sort keys"), default=dict, editable=False, help_text=_("Sort key by language."))
    search_text = models.TextField(
        _("search text"), editable=False, help_text=_("Number, item code and names, folded for searching.")
    )
    output_kind = models.CharField(
        _("kind of output"), max_length=12, default=OutputKind.SERVICE,
        choices=[(kind.value, label) for kind, label in OUTPUT_KINDS.items()],
        help_text=_("Control: audit, inspection; rated on clarity, speed and even-handedness, never on the verdict."),
    )  # fmt: skip
    item_code = models.CharField(
        _("item code"), max_length=60, blank=True,
        help_text=_("Code of the item in the organisation’s catalogue or drawings; empty: it has none."),
    )  # fmt: skip
    began_on = models.DateField(_("from"), help_text=_("First day on which it is handed over."))
    ended_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("First day on which it is handed over no more; empty: open.")
    )

    class Meta(Batched.Meta):
        verbose_name = _("output")
        verbose_name_plural = _("outputs")
        constraints = (
            models.UniqueConstraint(
                fields=["name_key"], condition=Q(ended_on__isnull=True), name="chain_output_once_while_live"
            ),
            models.UniqueConstraint(
                fields=["item_code"],
                condition=Q(ended_on__isnull=True) & ~Q(item_code=""),
                name="chain_item_code_once_while_live",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")),
                name="chain_output_ends_after_it_began",
            ),
        )

    def __str__(self) -> str:
        return say(self.name) or self.number

    def state(self, day: date) -> State:
        return state_on(day, self.began_on, self.ended_on)


class OutputRevision(Record):
    """An issue of an output: drawing B, menu of spring 2026. From its day on it is the one that is handed over."""

    kind = "output_revision"

    output = models.ForeignKey(
        Output, on_delete=models.PROTECT, related_name="revisions", verbose_name=_("output"), help_text=_("Of what.")
    )
    label = models.CharField(_("revision"), max_length=20, help_text=_("Letter, number or date, such as B or 2026-1."))
    note = models.CharField(_("what changed"), max_length=200, blank=True, help_text=_("What is new in it."))
    began_on = models.DateField(_("from"), help_text=_("First day on which it holds."))

    class Meta:
        verbose_name = _("revision")
        constraints = (
            models.UniqueConstraint(fields=["output", "label"], name="chain_revision_label_once"),
            models.UniqueConstraint(fields=["output", "began_on"], name="chain_one_revision_a_day"),
        )

    def __str__(self) -> str:
        return self.label


class Responsibility(Batched):
    """Who is accountable, responsible, consulted or informed for an output; see
    :class:`baton.chain.rules.Responsible`."""

    kind = "responsibility"

    output = models.ForeignKey(
        Output, on_delete=models.PROTECT, related_name="responsibilities", verbose_name=_("output"),
        help_text=_("For what."),
    )  # fmt: skip
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="responsibilities", verbose_name=_("party"), help_text=_("Who.")
    )
    responsible = models.CharField(
        _("responsibility"), max_length=12, choices=[(value.value, label) for value, label in RESPONSIBLE.items()],
        help_text=_("Accountable: answers for it, one at a time. Responsible: does it."),
    )  # fmt: skip
    began_on = models.DateField(_("from"), help_text=_("First day."))
    ended_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("First day on which it holds no more; empty: open.")
    )

    class Meta(Batched.Meta):
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")
        constraints = (
            models.UniqueConstraint(
                fields=["output", "party", "responsible"], condition=Q(ended_on__isnull=True),
                name="chain_responsibility_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")),
                name="chain_responsibility_ends_after_it_began",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.output} {self.party}"

    def state(self, day: date) -> State:
        return state_on(day, self.began_on, self.ended_on)
