"""Accounts and contacts of outside parties are entered, changed, ended, shown and forgotten."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext, override

from baton.chain import policy
from baton.chain.changes.checks import ends_after, still_there
from baton.chain.models import Account, Contact, Party
from baton.chain.models.accounts import digest, number_key
from baton.chain.rules import BUDGETS, NAME_LENGTH, NUMBER_LENGTH, OUTSIDE
from baton.core.actors import Actor
from baton.core.audit import vault
from baton.core.audit.trail import Trail, change
from baton.core.changes.forgetting import forget_keys
from baton.core.database.scrubbing import scrub
from baton.core.days import day_of
from baton.core.errors import Refused, TooLong
from baton.core.policy import demand
from baton.core.rules import PHONE, normal_phone, normal_sign_in_name
from baton.core.texts import clean_text, folded
from baton_analysis.errors import gettext_noop


def add_account(
    *, by: Actor, at: datetime, party: Party, number: str, name: str, began_on: date | None = None
) -> Account:
    """Enter an account of an outside party. Refused: a number that another live account of the party has."""
    with change(by=by, at=at) as trail:
        party = _kept(trail, party)
        account = Account(party=party, began_on=began_on or day_of(at))
        describe_account(account, number, name)
        _check_number(account)
        return trail.save(account, "account.added")


def change_account(
    *, by: Actor, at: datetime, account: Account, number: str, name: str, expected_seq: int | None = None,
    reason: str = "",
) -> Account:  # fmt: skip
    """Correct number and name."""
    with change(by=by, at=at, reason=reason) as trail:
        account = _account(trail, account, expected_seq)
        describe_account(account, number, name)
        _check_number(account)
        return trail.save(account, "account.changed")


def end_account(
    *, by: Actor, at: datetime, account: Account, ended_on: date | None = None, expected_seq: int | None = None,
    reason: str = "",
) -> Account:  # fmt: skip
    """End the account on ``ended_on`` (today), and with it its contacts."""
    last = ended_on or day_of(at)
    with change(by=by, at=at, reason=reason) as trail:
        account = _account(trail, account, expected_seq)
        ends_after(account.began_on, last)
        for found in Contact.objects.filter(account=account, ended_on__isnull=True):
            contact = trail.lock(Contact, found)
            contact.ended_on = last
            trail.save(contact, "contact.ended")
        account.ended_on = last
        return trail.save(account, "account.ended")


def add_contact(
    *, by: Actor, at: datetime, account: Account, name: str, phone: str = "", email: str = "", language: str = "",
    consented_on: date | None = None, consent_source: str = "", quiet: bool = False, quiet_until: date | None = None,
    budget: int = 4,
) -> Contact:  # fmt: skip
    """Enter a contact of an account. Refused: a consent without its source, a phone or address that can be none."""
    with change(by=by, at=at) as trail:
        account = _account(trail, account, None)
        contact = Contact(account=account)
        describe_contact(
            contact, at=at, name=name, phone=phone, email=email, language=language, consented_on=consented_on,
            consent_source=consent_source, quiet=quiet, quiet_until=quiet_until, budget=budget,
        )  # fmt: skip
        return trail.save(contact, "contact.added")


def change_contact(
    *, by: Actor, at: datetime, contact: Contact, name: str, phone: str | None = None, email: str | None = None,
    language: str = "", consented_on: date | None = None, consent_source: str = "", quiet: bool = False,
    quiet_until: date | None = None, budget: int = 4, expected_seq: int | None = None, reason: str = "",
) -> Contact:  # fmt: skip
    """Correct a contact, his consent and the quiet list; phone and e-mail stay as they are where they are None."""
    with change(by=by, at=at, reason=reason) as trail:
        contact = _contact(trail, contact, expected_seq)
        describe_contact(
            contact, at=at, name=name, phone=contact.phone if phone is None else phone,
            email=contact.email if email is None else email, language=language, consented_on=consented_on,
            consent_source=consent_source, quiet=quiet, quiet_until=quiet_until, budget=budget,
        )  # fmt: skip
        return trail.save(contact, "contact.changed")


def end_contact(
    *, by: Actor, at: datetime, contact: Contact, ended_on: date | None = None, expected_seq: int | None = None,
    reason: str = "",
) -> Contact:  # fmt: skip
    """Say that he is a contact no more from ``ended_on`` (today) on."""
    with change(by=by, at=at, reason=reason) as trail:
        contact = _contact(trail, contact, expected_seq)
        contact.ended_on = ended_on or day_of(at)
        return trail.save(contact, "contact.ended")


def show_contact(*, by: Actor, at: datetime, contact: Contact) -> dict[str, str]:
    """``phone`` and ``email`` of a contact unmasked, for one answer; the trail says who looked."""
    with change(by=by, at=at) as trail:
        demand(policy.may_keep_accounts(policy.standing_of(by, day_of(at)), contact.account.party))
        trail.note("contact.shown", kind=Contact.kind, object_id=contact.public_id)
    return {"phone": contact.phone, "email": contact.email}


def note_contacts_taken(*, by: Actor, at: datetime, party: Party, reason: str) -> None:
    """Say in the trail that the contacts of a party are taken away unmasked, and what for."""
    _note_taken(by, at, reason, Party.kind, party.public_id)


def note_all_contacts_taken(*, by: Actor, at: datetime, reason: str) -> None:
    """Say in the trail that the contacts of all parties are taken away unmasked, and what for."""
    _note_taken(by, at, reason, Contact.kind, "")


def _note_taken(by: Actor, at: datetime, reason: str, kind: str, object_id: str) -> None:
    demand(policy.may_take_contacts(by))
    if not reason.strip():
        raise Refused(
            field="reason",
            expected=gettext_noop("Exporting contacts unmasked needs a reason, which stands in the audit trail."),
            remedy=gettext_noop("Say what they are needed for, or export the list masked."),
        )
    with change(by=by, at=at, reason=reason) as trail:
        trail.note("contacts.taken", kind=kind, object_id=object_id)


def forget_contact(*, by: Actor, at: datetime, contact: Contact, reason: str) -> Contact:
    """Destroy the personal data of a contact, and the name of his account where it is his. Cannot be undone."""
    demand(policy.may_take_contacts(by))
    if not reason.strip():
        raise Refused(
            field="reason",
            expected=gettext_noop("Forgetting a contact needs a reason, which stands in the audit trail."),
            remedy=gettext_noop("Say why, without naming the contact."),
        )
    with change(by=by, at=at, reason=reason) as trail:
        fresh = trail.lock(Contact, contact)
        account = trail.lock(Account, fresh.account)
        own = folded(account.name) == folded(fresh.name)
        for name in ("phone", "email", "phone_digest", "email_digest", "consent_source"):
            setattr(fresh, name, "")
        fresh.name, fresh.quiet, fresh.consented_on = _nobody(fresh.public_id), True, None
        fresh.ended_on, fresh.forgotten_at = fresh.ended_on or day_of(at), at
        forgotten = trail.save(fresh, "contact.forgotten")
        if own:
            account.name = _nobody(account.public_id)
            trail.save(account, "account.forgotten")
            vault.destroy(account.public_id)
        forget_keys(trail, fresh.public_id)
        vault.destroy(fresh.public_id)
        tables = ("chain_contact", "chain_account", "core_subjectkey", "core_personalvalue", "core_externalkey")
        transaction.on_commit(lambda: scrub(*tables), robust=True)
        return forgotten


def describe_account(account: Account, number: str, name: str) -> None:
    """Put number and name into an account that is not saved yet, cleaned; refuses what cannot be."""
    account.number, account.name = clean_text(number), clean_text(name)
    account.number_key = number_key(account.number)
    for field, text, most in (("number", account.number, NUMBER_LENGTH), ("name", account.name, NAME_LENGTH)):
        if not text or len(text) > most:
            raise TooLong(
                field=field,
                most=most,
                length=len(text),
                remedy=gettext_noop("Enter what stands on the invoice or in the list of customers."),
            )


def describe_contact(
    contact: Contact, *, at: datetime, name: str, phone: str, email: str, language: str, consented_on: date | None,
    consent_source: str, quiet: bool, quiet_until: date | None, budget: int,
) -> None:  # fmt: skip
    """Put what is known into a contact that is not saved yet, cleaned; refuses what cannot be."""
    contact.name = clean_text(name)
    if not contact.name or len(contact.name) > NAME_LENGTH:
        raise TooLong(
            field="name",
            most=NAME_LENGTH,
            length=len(contact.name),
            remedy=gettext_noop("Enter how this person is addressed."),
        )
    contact.phone, contact.email = _phone(phone), _email(email)
    contact.phone_digest, contact.email_digest = digest(contact.phone), digest(contact.email)
    contact.language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    source = clean_text(consent_source)[:NAME_LENGTH]
    if (consented_on is None) is not (source == "") or (consented_on is not None and consented_on > day_of(at)):
        raise Refused(
            field="consent_source" if consented_on is not None else "consented_on",
            expected=gettext_noop("Expected the day of the consent, not in the future, together with its source."),
            remedy=gettext_noop("Give both, or neither where there is no consent."),
        )
    contact.consented_on, contact.consent_source = consented_on, source
    contact.quiet, contact.quiet_until = quiet, quiet_until
    if budget not in BUDGETS:
        raise Refused(
            field="budget",
            expected=gettext_noop("Expected 0 to {most} contacts a month."),
            found=gettext_noop("Found {budget}."),
            remedy=gettext_noop("Give a number a month; 0: no contact at all."),
            most=BUDGETS.stop - 1,
            budget=budget,
        )
    contact.budget = budget


def _phone(raw: str) -> str:
    phone = normal_phone(clean_text(raw))
    if phone and not PHONE.fullmatch(phone):
        raise Refused(
            field="phone",
            expected=gettext_noop("Expected a telephone number of 3 to 20 digits, with a plus in front if you like."),
            remedy=gettext_noop("Correct it, or leave it empty."),
        )
    return phone


def _email(raw: str) -> str:
    email = normal_sign_in_name(clean_text(raw))
    try:
        if email:
            validate_email(email)
    except ValidationError as wrong:
        raise Refused(
            field="email",
            expected=gettext_noop("Expected an address such as name@example.org."),
            remedy=gettext_noop("Correct it, or leave it empty."),
        ) from wrong
    return email


def _nobody(public_id: str) -> str:
    with override(settings.LANGUAGE_CODE):
        return gettext("Forgotten contact {mark}").format(mark=public_id[:4])


def _kept(trail: Trail, party: Party) -> Party:
    party = Party.objects.get(pk=party.pk)
    demand(policy.may_keep_accounts(policy.standing_of(trail.by, day_of(trail.at)), party))
    still_there(party.ended_on, party.number)
    return party


def _account(trail: Trail, account: Account, expected_seq: int | None) -> Account:
    account = trail.lock(Account, account, expected_seq=expected_seq)
    demand(policy.may_keep_accounts(policy.standing_of(trail.by, day_of(trail.at)), account.party))
    still_there(account.ended_on, account.number)
    return account


def _contact(trail: Trail, contact: Contact, expected_seq: int | None) -> Contact:
    contact = trail.lock(Contact, contact, expected_seq=expected_seq)
    demand(policy.may_keep_accounts(policy.standing_of(trail.by, day_of(trail.at)), contact.account.party))
    still_there(contact.ended_on, contact.account.number)
    return contact


def taken_number(number: str) -> Refused:
    """The refusal of a number that another live account of the party has."""
    return Refused(
        field="number",
        expected=gettext_noop("Expected a number that no other account of this party has."),
        found=gettext_noop("{number} is there already."),
        remedy=gettext_noop("Open that account, or give another number."),
        number=number,
    )


def _check_number(account: Account) -> None:
    same = Account.everything.filter(party=account.party, number_key=account.number_key, ended_on__isnull=True)
    if same.exclude(pk=account.pk).exists():
        raise taken_number(account.number)


def check_outside(party: Party) -> None:
    """Refuse accounts of a party that is part of the organisation, or has ended."""
    still_there(party.ended_on, party.number)
    if party.party_kind not in OUTSIDE:
        raise Refused(
            field="party",
            expected=gettext_noop("Expected an outside customer, a group of consumers or an outside supplier."),
            found=gettext_noop("{number} is part of the organisation."),
            remedy=gettext_noop("Choose a party outside."),
            number=party.number,
        )
