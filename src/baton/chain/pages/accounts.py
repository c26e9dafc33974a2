"""Pages and tables of accounts and contacts; phones and addresses masked unless they are given unmasked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext, pgettext

from baton.chain.models import Account, Contact
from baton.chain.models.accounts import REACHABLE
from baton.chain.pages.history import timeline
from baton.chain.queries.accounts import AccountPage
from baton.chain.rules import Reachable
from baton.core.rules import masked_email, masked_phone


def contact_row(contact: Contact, day: date, shown: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A contact as pages show him."""
    state = contact.reachable(day)
    return {
        "contact": contact,
        "phone": (shown or {}).get("phone") or masked_phone(contact.phone),
        "email": (shown or {}).get("email") or masked_email(contact.email),
        "shown": shown is not None,
        "masked": bool(contact.phone or contact.email),
        "status": "kept" if state is Reachable.YES else "unknown" if state is Reachable.ENDED else "at_risk",
        "word": REACHABLE[state],
    }


def account_context(page: AccountPage, day: date, shown: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """What ``chain/account.html`` shows; ``shown`` are contacts unmasked for this answer, by public id."""
    return {
        "account": page.account,
        "party": page.account.party,
        "contacts": [contact_row(one, day, shown.get(one.public_id)) for one in page.contacts],
        "history": timeline(page.history, {one.public_id: {"": one.name} for one in page.contacts}),
    }


def account_header() -> list[str]:
    return [
        gettext("Account number"), gettext("Name"), gettext("From"), gettext("Contact"), gettext("Phone"),
        gettext("E-mail"), gettext("Language"), gettext("Consent on"), gettext("Source of the consent"),
        pgettext("of a contact", "Status"), gettext("Quiet until"), gettext("Contacts a month"),
    ]  # fmt: skip


def account_rows(
    rows: Iterable[tuple[Account, Contact | None]], day: date, *, unmasked: bool
) -> Iterator[Sequence[object]]:
    """One row for each contact; an account without any has one, too."""
    for account, contact in rows:
        own = (account.number, account.name, account.began_on.isoformat())
        if contact is None:
            yield (*own, *("",) * 9)
            continue
        phone = contact.phone if unmasked else masked_phone(contact.phone)
        email = contact.email if unmasked else masked_email(contact.email)
        yield (
            *own, contact.name, phone, email, contact.language, contact.consented_on or "", contact.consent_source,
            REACHABLE[contact.reachable(day)], contact.quiet_until or "", contact.budget,
        )  # fmt: skip
