"""Parties and their tree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Length, StrIndex
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.chain.rules import OUTSIDE, Confidentiality, Partner, PartyKind, State, state_on
from baton.core.ids import LENGTH as PUBLIC_ID_LENGTH
from baton.core.models.records import Batched
from baton.core.registries import Retention
from baton.core.texts import TextsField, say

PARTY_KINDS = {
    PartyKind.DEPARTMENT: _("Department"),
    PartyKind.TEAM: _("Team"),
    PartyKind.ROLE: pgettext_lazy("kind of party", "Role"),
    PartyKind.PERSON: _("Person"),
    PartyKind.WORKPLACE: _("Workplace"),
    PartyKind.SHIFT: _("Shift"),
    PartyKind.CONSUMERS: _("Group of consumers"),
    PartyKind.OUTSIDE_CUSTOMER: _("Outside customer"),
    PartyKind.OUTSIDE_SUPPLIER: _("Outside supplier"),
}
PARTNERS = {
    Partner.PARTNER: pgettext_lazy("kind of partner", "Partner"),
    Partner.FORMER_COMPETITOR: _("Former competitor"),
    Partner.COMPETITOR: _("Competitor elsewhere"),
}
CONFIDENTIALITIES = {
    Confidentiality.OPEN: pgettext_lazy("confidentiality", "Open"),
    Confidentiality.CONFIDENTIAL: _("Confidential"),
}


class Party(Batched):
    """Somebody who gives or receives work; see :class:`baton.chain.rules.PartyKind`.

    Parties stand in a tree. ``path`` holds the public ids from the top down to the party itself, each followed by a
    slash, so that a subtree is everything whose path begins with its root's path.
    """

    kind = "party"
    # Personal where the party is one person.
    personal: ClassVar[Mapping[str, Retention]] = {
        "name": Retention(10, _("Saying who gives and who receives work.")),
        "code": Retention(10, _("Recognising the party in the organisation’s own lists.")),
    }

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, help_text=_("Spoken number, such as P-2026-0001.")
    )
    party_kind = models.CharField(
        _("kind"), max_length=20, choices=[(kind.value, label) for kind, label in PARTY_KINDS.items()],
        help_text=_("Department, team, role, person, or somebody outside."),
    )  # fmt: skip
    name = TextsField(_("name"), help_text=_("Name by language."))
    sort_keys = models.JSONField(_("sort keys"), default=dict, editable=False, help_text=_("Sort key by language."))
    search_text = models.TextField(
        _("search text"), editable=False, help_text=_("Number, code and names, folded for searching.")
    )
    code = models.CharField(
        _("code"), max_length=60, null=True, blank=True, unique=True,
        help_text=_("The organisation’s own short code of it, such as W3; codes of other systems are external keys."),
    )  # fmt: skip
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children",
        verbose_name=_("stands under"), help_text=_("The party that it is part of; empty: at the top."),
    )  # fmt: skip
    path = models.CharField(
        _("path"), max_length=255, db_index=True, editable=False, help_text=_("Public ids from the top down to it.")
    )
    person = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person"),
        help_text=_("Who it is, for a party that is one person."),
    )  # fmt: skip
    partner = models.CharField(
        _("partner"), max_length=20, blank=True, choices=[(value.value, label) for value, label in PARTNERS.items()],
        help_text=_("What an outside party is to the organisation beyond buying and selling; empty: nothing more."),
    )  # fmt: skip
    confidentiality = models.CharField(
        _("confidentiality"), max_length=12, default=Confidentiality.OPEN,
        choices=[(value.value, label) for value, label in CONFIDENTIALITIES.items()],
        help_text=_("Confidential: its links are seen only by their two sides, quality manager, director and auditor."),
    )  # fmt: skip
    began_on = models.DateField(_("from"), help_text=_("First day on which it exists."))
    ended_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("First day on which it exists no more; empty: open.")
    )

    class Meta(Batched.Meta):
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = (
            models.CheckConstraint(
                condition=Q(party_kind=PartyKind.PERSON, person__isnull=False)
                | (~Q(party_kind=PartyKind.PERSON) & Q(person__isnull=True)),
                name="chain_party_person_if_and_only_if_kind_person",
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="chain_party_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, path=Concat(F("public_id"), Value("/")))
                | Q(parent__isnull=False, path__endswith=Concat(Value("/"), F("public_id"), Value("/"))),
                name="chain_party_path_ends_with_itself",
            ),
            models.CheckConstraint(
                condition=Exact(
                    Length("path"), StrIndex(F("path"), Concat(F("public_id"), Value("/"))) + PUBLIC_ID_LENGTH
                ),
                name="chain_party_stands_once_in_its_path",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")),
                name="chain_party_ends_after_it_began",
            ),
            models.CheckConstraint(condition=Q(code__isnull=True) | ~Q(code=""), name="chain_party_code_not_empty"),
            models.CheckConstraint(
                condition=Q(party_kind__in=sorted(OUTSIDE)) | Q(partner="", confidentiality=Confidentiality.OPEN),
                name="chain_party_partner_is_outside",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_on__isnull=True), name="chain_party_one_a_person"
            ),
        )

    def __str__(self) -> str:
        return say(self.name) or self.number

    def data_subject(self) -> str:
        """The person whose name and code (his staff number, say) a party of kind person carries."""
        return self.person.public_id if self.person is not None else ""

    def contains(self, other: Party) -> bool:
        """Whether ``other`` is this party or stands somewhere under it."""
        return other.path.startswith(self.path)

    def state(self, day: date) -> State:
        return state_on(day, self.began_on, self.ended_on)
