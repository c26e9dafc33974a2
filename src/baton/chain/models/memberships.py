"""Who belongs to parties: heads, deputies with days and a scope, members."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baton.chain.models.outputs import OUTPUT_KINDS
from baton.chain.models.parties import Party
from baton.chain.rules import Capacity, Dealings, LinkSide, OutputKind, Scope, State, state_on
from baton.core.models.records import Batched
from baton.core.registries import Retention

CAPACITIES = {Capacity.HEAD: _("Head"), Capacity.DEPUTY: _("Deputy"), Capacity.MEMBER: _("Member")}
SCOPES = {Scope.ALL: _("Everything"), Scope.LINKS: _("Links"), Scope.MEMBERS: _("Members")}
LINK_SIDES = {LinkSide.SUPPLIER: _("As supplier"), LinkSide.CUSTOMER: _("As customer")}
DEALINGS = {Dealings.INSIDE: _("With parties inside"), Dealings.OUTSIDE: _("With parties outside")}


class Membership(Batched):
    """Somebody's part in a party between two days; see :class:`baton.chain.rules.Capacity`."""

    kind = "membership"
    # It says why somebody is away, too.
    personal: ClassVar[Mapping[str, Retention]] = {
        "note": Retention(1, _("Knowing why somebody belongs to a party or stands in for its head."))
    }

    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("party"), help_text=_("Where.")
    )
    person = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("person"), help_text=_("Who.")
    )
    capacity = models.CharField(
        _("capacity"), max_length=10, choices=[(capacity.value, label) for capacity, label in CAPACITIES.items()],
        help_text=_("Head, deputy or member."),
    )  # fmt: skip
    scope = models.CharField(
        _("scope"), max_length=10, default=Scope.ALL, choices=[(scope.value, label) for scope, label in SCOPES.items()],
        help_text=_("What a deputy may do in the head's place."),
    )  # fmt: skip
    scope_side = models.CharField(
        _("only as"), max_length=8, blank=True, choices=[(side.value, label) for side, label in LINK_SIDES.items()],
        help_text=_("Only links on which the party is this; empty: both."),
    )  # fmt: skip
    scope_kind = models.CharField(
        _("only outputs of the kind"), max_length=11, blank=True,
        choices=[(kind.value, label) for kind, label in OUTPUT_KINDS.items()],
        help_text=_("Only links on which outputs of this kind are handed over; empty: all."),
    )  # fmt: skip
    scope_dealings = models.CharField(
        _("only dealings"), max_length=7, blank=True,
        choices=[(dealings.value, label) for dealings, label in DEALINGS.items()],
        help_text=_("Only links with parties of the organisation, or with parties outside; empty: both."),
    )  # fmt: skip
    appointed_by = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("appointed by"), null=True,
        help_text=_("Who entered it; empty: Baton itself, as a command or import."),
    )  # fmt: skip
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("Why or for what, such as the head's leave.")
    )
    began_on = models.DateField(_("from"), help_text=_("First day."))
    ended_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("First day on which it holds no more; empty: open.")
    )

    class Meta(Batched.Meta):
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = (
            models.UniqueConstraint(
                fields=["party"], condition=Q(ended_on__isnull=True, capacity=Capacity.HEAD),
                name="chain_one_head_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["party", "person", "capacity"], condition=Q(ended_on__isnull=True), name="chain_membership_once"
            ),
            models.CheckConstraint(
                condition=~Q(capacity=Capacity.DEPUTY) | Q(ended_on__isnull=False), name="chain_deputy_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(capacity=Capacity.DEPUTY) | Q(scope=Scope.ALL), name="chain_scope_is_a_deputys"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")),
                name="chain_membership_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(scope=Scope.LINKS) | Q(scope_side="", scope_kind="", scope_dealings=""),
                name="chain_only_a_deputy_for_links_is_held_to_some",
            ),
        )  # fmt: skip
        indexes = (  # type: ignore[assignment]  # one more than the base has
            *Batched.Meta.indexes,
            models.Index(fields=["person", "party"], name="chain_membership_of_person"),
        )

    def __str__(self) -> str:
        return f"{self.person} {self.party}"

    @property
    def scope_words(self) -> list[str]:
        """What a deputy may do, and to what he is held, in the reader's language."""
        narrowed = (
            str(LINK_SIDES[LinkSide(self.scope_side)]) if self.scope_side else "",
            str(OUTPUT_KINDS[OutputKind(self.scope_kind)]) if self.scope_kind else "",
            str(DEALINGS[Dealings(self.scope_dealings)]) if self.scope_dealings else "",
        )
        return [str(SCOPES[Scope(self.scope)]), *(words for words in narrowed if words)]

    def data_subject(self) -> str:
        return self.person.public_id

    def state(self, day: date) -> State:
        return state_on(day, self.began_on, self.ended_on)
