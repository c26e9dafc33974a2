"""Accounts of outside parties and the people behind them. Up to a million; never nodes of the map."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.chain.models.parties import Party
from baton.chain.rules import NUMBER_LENGTH, Reachable, State, reachable, state_on
from baton.core.models.records import Batched
from baton.core.registries import Retention
from baton.core.rules import PHONE, normal_phone, normal_sign_in_name
from baton.core.texts import clean_text, folded

REACHABLE = {
    Reachable.YES: _("May be contacted"),
    Reachable.NO_CONSENT: _("Has not agreed"),
    Reachable.QUIET: _("Asked for quiet"),
    Reachable.BUDGET: _("Budget of 0"),
    Reachable.ENDED: _("A contact no more"),
}


class Account(Batched):
    """One customer or supplier among those that an outside party stands for: a buyer, a household, a branch."""

    kind = "account"
    # An account may be one person’s, and then bears his name.
    personal: ClassVar[Mapping[str, Retention]] = {"name": Retention(10, _("Knowing whose account it is."))}

    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="accounts", verbose_name=_("party"), db_index=False,
        help_text=_("The outside party to which it belongs."),
    )  # fmt: skip
    number = models.CharField(
        _("account number"), max_length=NUMBER_LENGTH, help_text=_("As it stands on invoices and cards.")
    )
    number_key = models.CharField(
        _("number key"), max_length=NUMBER_LENGTH * 2, editable=False,
        help_text=_("The number, folded: one live account of a party for each."),
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=200, help_text=_("Who or what it is."))
    began_on = models.DateField(_("from"), help_text=_("First day."))
    ended_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("First day on which it is kept no more; empty: open.")
    )

    class Meta(Batched.Meta):
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = (
            models.UniqueConstraint(
                fields=["party", "number_key"], condition=Q(ended_on__isnull=True), name="chain_account_once_while_live"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")),
                name="chain_account_ends_after_it_began",
            ),
        )
        indexes: ClassVar[tuple[models.Index, ...]] = (  # type: ignore[assignment]  # longer than the base's
            *Batched.Meta.indexes,
            models.Index(fields=["party", "number_key", "id"], name="chain_accounts_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def data_subject(self) -> str:
        return self.public_id

    def state(self, day: date) -> State:
        return state_on(day, self.began_on, self.ended_on)


class Contact(Batched):
    """Somebody who is asked and told for an account. His data are his own: see :class:`baton.core.audit.vault`."""

    kind = "contact"
    units: ClassVar[dict[str, str]] = {"budget": "1"}
    personal: ClassVar[Mapping[str, Retention]] = {
        "name": Retention(3, _("Addressing the contact of a customer or supplier.")),
        "phone": Retention(1, _("Reaching the contact.")),
        "email": Retention(1, _("Reaching the contact.")),
        "phone_digest": Retention(1, _("Finding the contact by a phone number that is typed whole.")),
        "email_digest": Retention(1, _("Finding the contact by an address that is typed whole.")),
        "consent_source": Retention(3, _("Proving that the contact agreed to be contacted.")),
    }

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="contacts", verbose_name=_("account"), help_text=_("Whose.")
    )
    name = models.CharField(
        pgettext_lazy("of a person", "name"), max_length=200, help_text=_("How the contact is addressed.")
    )
    phone = models.CharField(_("phone"), max_length=32, blank=True, help_text=_("With country code; shown masked."))
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Shown masked."))
    phone_digest = models.CharField(
        _("digest of the phone"), max_length=64, blank=True, editable=False, db_index=True,
        help_text=_("Keyed digest by which a number typed whole is found."),
    )  # fmt: skip
    email_digest = models.CharField(
        _("digest of the e-mail"), max_length=64, blank=True, editable=False, db_index=True,
        help_text=_("Keyed digest by which an address typed whole is found."),
    )  # fmt: skip
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE,
        help_text=_("Language of messages to the contact."),
    )  # fmt: skip
    consented_on = models.DateField(
        _("consent on"),
        null=True,
        blank=True,
        help_text=_("Day of the agreement to be contacted; empty: there is none."),
    )
    consent_source = models.CharField(
        _("source of the consent"), max_length=200, blank=True, help_text=_("Where it was given: form, call, contract.")
    )
    quiet = models.BooleanField(
        pgettext_lazy("contact", "quiet"), default=False, help_text=_("On the quiet list: no contact at all.")
    )
    quiet_until = models.DateField(
        _("quiet until"), null=True, blank=True, help_text=_("First day on which contact is allowed again.")
    )
    budget = models.PositiveSmallIntegerField(
        _("contacts a month"), default=4, help_text=_("Most contacts in a calendar month.")
    )
    ended_on = models.DateField(_("until"), null=True, blank=True, help_text=_("First day after the end; empty: open."))
    forgotten_at = models.DateTimeField(
        _("forgotten at"), null=True, editable=False, help_text=_("When the personal data were destroyed (UTC).")
    )

    class Meta(Batched.Meta):
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = (
            models.CheckConstraint(
                condition=Q(consented_on__isnull=True, consent_source="") | (
                    Q(consented_on__isnull=False) & (~Q(consent_source="") | Q(forgotten_at__isnull=False))
                ),
                name="chain_contact_consent_has_a_source",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True)
                | Q(phone="", email="", phone_digest="", email_digest="", consent_source=""),
                name="chain_contact_forgotten_is_empty",
            ),
            models.CheckConstraint(condition=Q(budget__lte=31), name="chain_contact_budget_at_most_31"),
        )  # fmt: skip
        indexes: ClassVar[tuple[models.Index, ...]] = (  # type: ignore[assignment]  # longer than the base's
            *Batched.Meta.indexes,
            models.Index(fields=["id"], condition=Q(quiet=True), name="chain_contacts_quiet"),
            models.Index(
                fields=["quiet_until", "id"], condition=Q(quiet_until__isnull=False), name="chain_contacts_quiet_until"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def data_subject(self) -> str:
        return self.public_id

    def reachable(self, day: date) -> Reachable:
        """Whether he may be contacted on ``day``."""
        return reachable(
            day, consented_on=self.consented_on, quiet=self.quiet, quiet_until=self.quiet_until, budget=self.budget,
            ended_on=self.ended_on,
        )  # fmt: skip


def number_key(number: str) -> str:
    """The one spelling under which an account number is looked up."""
    return "".join(folded(number).split())[: NUMBER_LENGTH * 2]


def digest(value: str) -> str:
    """Keyed digest of a phone number or address in its normal spelling; empty for none."""
    return salted_hmac("baton.chain.contacts", value, algorithm="sha256").hexdigest() if value else ""


def digests(typed: str) -> Collection[str]:
    """Digests of what somebody typed, as a phone number and as an address; none where it can be neither."""
    phone, email = normal_phone(clean_text(typed)), normal_sign_in_name(clean_text(typed))
    return [
        digest(value) for value in {phone if PHONE.fullmatch(phone) else "", email if "@" in email else ""} if value
    ]
