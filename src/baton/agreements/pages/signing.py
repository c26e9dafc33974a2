"""A version as it is read before it is signed, and who has signed it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from baton.agreements import queries
from baton.agreements.models import AgreementVersion
from baton.agreements.pages.agreements import shown
from baton.agreements.pages.consulting import took_part
from baton.agreements.queries import SigningPage
from baton.agreements.queries.hearing import held_in, line_of
from baton.agreements.queries.signing import version_to_read
from baton.agreements.rules import Side, VersionState
from baton.chain.rules import OUTSIDE
from baton.core import formats
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.pdf.printing import is_available
from baton.core.present import now
from baton.core.signing_rules import LinkFate

if TYPE_CHECKING:
    from baton.core.models import TaskLink

LINK_FATES = {
    LinkFate.OPEN: ("info", pgettext_lazy("task link", "Open")),
    LinkFate.USED: ("kept", pgettext_lazy("task link", "Used")),
    LinkFate.WITHDRAWN: ("unknown", pgettext_lazy("task link", "Withdrawn")),
    LinkFate.LOCKED: ("broken", pgettext_lazy("task link", "Locked after wrong codes")),
    LinkFate.EXPIRED: ("at_risk", pgettext_lazy("task link", "Expired")),
}
"""Code of the status under which the fate of a task link is shown, and its word."""
_READING = Actor.system("agreements")


def text_of(public_id: str) -> dict[str, Any]:
    """What ``agreements/_text.html`` shows of a version, all of it: for whoever may read it."""
    return version_text(version_to_read(public_id), now())


def clauses_of(public_id: str) -> list[tuple[str, str]]:
    """The clauses of which somebody outside may speak, by their lines."""
    held = held_in(viewer=_READING, version=version_to_read(public_id))
    return [(line_of(one), str(one)) for one in held]


def version_text(version: AgreementVersion, at: datetime) -> dict[str, Any]:
    """The version in words: its facts, and what each side owes."""
    link = version.agreement.link
    clauses = queries.clauses_by_version(viewer=_READING, versions=[version]).get(version.pk, [])
    held = [queries.held_on(one, day_of(at)) for one in clauses]
    return {
        "version": version,
        "facts": _facts(version),
        "parts": [
            {
                "promises": side is Side.SUPPLIER,
                "party": link.supplier if side is Side.SUPPLIER else link.customer,
                "clauses": [shown(one, version.state) for one in held if one.clause.owed_by == side],
            }
            for side in Side
        ],
    }


def _facts(version: AgreementVersion) -> list[tuple[str, str]]:
    link = version.agreement.link
    said = [
        (_("Agreement"), f"{version.agreement.number} v{version.version}"),
        (_("Supplier"), str(link.supplier)),
        (_("Customer"), str(link.customer)),
        (_("Output"), str(link.output)),
        (_("First day"), formats.day(version.starts_on) if version.starts_on else _("with the last signature")),
        (_("Last day"), formats.day(version.ends_on) if version.ends_on else _("no end")),
        (_("Review"), formats.day(version.review_on) if version.review_on else ""),
    ]
    return [(label, value) for label, value in [*said, *took_part(version)] if value]


def links_shown(links: Iterable[TaskLink], at: datetime, *, withdraw: str) -> list[dict[str, Any]]:
    """What ``agreements/_asked_outside.html`` shows of task links; ``withdraw`` is the name of the address at which an
    open one is taken back, empty where the reader may not."""
    return [
        {
            "link": one, "fate": LINK_FATES[one.fate(at)],
            "withdraw": reverse(withdraw, args=[one.public_id]) if withdraw and one.fate(at) is LinkFate.OPEN else "",
        }
        for one in links
    ]  # fmt: skip


def signing_context(page: SigningPage, at: datetime) -> dict[str, Any]:
    """What ``agreements/_signing.html`` shows."""
    current = {one.standing.signature.pk for one in page.sides if one.standing is not None}
    proposed = page.version.state == VersionState.PROPOSED
    return {
        "version": page.version,
        "sides": [
            {
                "side": one,
                "asks": page.may_ask and not one.is_signed and one.party.party_kind in OUTSIDE,
                "registers": page.may_ask
                and not one.is_signed
                and (one.party.party_kind in OUTSIDE or one.objection is None),
            }
            for one in page.sides
        ],
        "earlier": [one for one in page.signatures if one.signature.pk not in current],
        "links": links_shown(page.links, at, withdraw="agreements:withdraw_asking" if page.may_ask else ""),
        "proposed": proposed,
        "sets_documents": is_available(),
    }  # fmt: skip
