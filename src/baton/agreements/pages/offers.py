"""The page of a service offer, its line in the list, its customers' answers, its public page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from baton.agreements.models import OfferVersion, ServiceStep
from baton.agreements.pages.agreements import comparison_rows, shown_in_order
from baton.agreements.pages.history import timeline
from baton.agreements.pages.paper import qr_code
from baton.agreements.pages.words import sentence, target_of
from baton.agreements.queries.offered_texts import PublishedOffer
from baton.agreements.queries.offering import Customer, OfferPage
from baton.agreements.queries.offers import OfferFilters, OfferRow, offers_to_export
from baton.agreements.rules import Answer, Clock, Difference, OfferState, Side, VersionState
from baton.core import formats
from baton.core.actors import Actor
from baton.core.texts import say

STATE_SIGNS = {
    OfferState.DRAFT: "unknown",
    OfferState.PROPOSED: "info",
    OfferState.ACTIVE: "kept",
    OfferState.SUPERSEDED: "unknown",
    OfferState.ENDED: "unknown",
}
"""Code of the status under which a state is shown; its word is the state's own."""
ANSWER_WORDS = {
    Answer.WAITING: ("info", pgettext_lazy("answer to a service offer", "Not answered")),
    Answer.TALKING: ("info", pgettext_lazy("answer to a service offer", "In consultation")),
    Answer.REVISED: ("at_risk", pgettext_lazy("answer to a service offer", "Changed on this link")),
    Answer.ACCEPTED: ("kept", pgettext_lazy("answer to a service offer", "Accepted")),
    Answer.DECLINED: ("broken", pgettext_lazy("answer to a service offer", "Declined")),
    Answer.OVER: ("unknown", pgettext_lazy("answer to a service offer", "Over")),
}
"""Status and word of what a customer answered."""
_HOUR, _DAY = 60, 60 * 24


def minutes_words(minutes: int) -> str:
    """``45 min``, ``2 h 30 min``, ``3 d 4 h``: a time of steps as people say it."""
    days, rest = divmod(minutes, _DAY)
    hours, left = divmod(rest, _HOUR)
    parts = [
        pgettext("time of a service", "{n} d").format(n=formats.number(days)) if days else "",
        pgettext("time of a service", "{n} h").format(n=hours) if hours else "",
        pgettext("time of a service", "{n} min").format(n=left) if left or not minutes else "",
    ]
    return " ".join(part for part in parts if part)


def clock_words(found: Clock) -> str:
    """How long the service takes, and of how many steps nobody has said; empty where nobody has said anything."""
    if not found.begins or found.unsaid == len(found.begins):
        return ""
    total = minutes_words(found.total)
    if not found.unsaid:
        return total
    said = ngettext(
        "at least {total}; {n} step does not say how long it takes",
        "at least {total}; {n} steps do not say how long they take", found.unsaid,
    )  # fmt: skip
    return said.format(total=total, n=found.unsaid)


def step_rows(steps: Sequence[ServiceStep], found: Clock) -> list[dict[str, Any]]:
    """Steps with their times in words: how long each takes, and after which time it begins."""
    return [
        {
            "step": step,
            "takes": minutes_words(step.minutes) if step.minutes is not None else "",
            "begins": minutes_words(after) if after else "",
        }
        for step, after in zip(steps, found.begins, strict=True)
    ]


def customer_rows(customers: Iterable[Customer]) -> list[dict[str, Any]]:
    """Customers with their answers and deviations in words."""
    return [
        {
            "customer": one, "sign": ANSWER_WORDS[one.answer][0], "answer": ANSWER_WORDS[one.answer][1],
            "deviations": deviation_words(one),
        }
        for one in customers
    ]  # fmt: skip


def deviation_words(one: Customer) -> list[str]:
    """What differs on the customer's link, a sentence each."""
    left_out = [str(_("Does not hold: {clause}")).format(clause=clause) for clause in one.deviations.left_out]
    more = [str(_("In addition: {clause}")).format(clause=sentence(clause)) for clause in one.deviations.additional]
    return [*(sentence(clause) for clause in one.deviations.changed), *left_out, *more]


def offer_context(page: OfferPage) -> dict[str, Any]:
    """What ``agreements/offers/offer.html`` shows."""
    version = page.version
    named = {one.public_id: str(_("Version {n}")).format(n=one.version) for one in page.versions}
    named |= {held.clause.public_id: str(held.clause) for held in page.clauses}
    named |= {one.public_id: str(one) for one in [*page.left_out, *page.steps]}
    return {
        "page": page, "offer": page.offer, "version": version, "state_sign": STATE_SIGNS[OfferState(version.state)],
        "sides": [
            {"side": side.value, "promises": side is Side.SUPPLIER,
             "clauses": shown_in_order(page.owed_by(side), VersionState.DRAFT)}
            for side in Side
        ],
        "steps": step_rows(page.steps, page.clock), "clock": clock_words(page.clock),
        "customers": customer_rows(page.customers),
        "before": next((one for one in page.versions if one.version < version.version), None),
        "signs": {one.pk: STATE_SIGNS[OfferState(one.state)] for one in page.versions},
        "history": timeline(page.history, named),
    }  # fmt: skip


def offer_rows(rows: Iterable[OfferRow]) -> list[dict[str, Any]]:
    """Offers with the sign of the version that counts."""
    return [{"row": row, "sign": STATE_SIGNS[OfferState(row.version.state)]} for row in rows]


def offer_comparison_context(
    before: OfferVersion, after: OfferVersion, differences: Sequence[Difference], calendars: Mapping[str, str]
) -> dict[str, Any]:
    """What ``agreements/offers/comparison.html`` shows."""
    return {"before": before, "after": after, "offer": after.offer, **comparison_rows(differences, calendars)}


def published_context(found: PublishedOffer, today: date) -> dict[str, Any]:
    """What ``agreements/offers/published.html`` shows to anybody; ``begins`` where its first day has not come."""
    first = found.version.starts_on
    sides = [(side is Side.SUPPLIER, [one for one in found.clauses if one.owed_by == side]) for side in Side]
    return {
        "offer": found.offer, "version": found.version, "steps": step_rows(found.steps, found.clock),
        "clock": clock_words(found.clock), "guarantees": found.guarantees,
        "begins": first if first is not None and first > today else None,
        "parts": [(promises, [(one, target_of(one)) for one in clauses]) for promises, clauses in sides if clauses],
    }  # fmt: skip


def poster_context(found: PublishedOffer, today: date) -> dict[str, Any]:
    """What ``agreements/offers/poster.html`` shows: the same, with the QR code of the address."""
    link = settings.BASE_URL + reverse("agreements:published", args=[found.offer.page_token])
    return {**published_context(found, today), "address": link, "code": qr_code(link, scale=6)}


def header() -> Sequence[str]:
    """Names of the columns of the list of service offers as a table."""
    return [
        str(name) for name in (
            _("Number"), _("Service offer"), _("Supplier"), _("Output"), _("Version"), _("State"), _("First day"),
            _("Asked"), _("Accepted"), _("Not answered"), _("Declined"), _("Links with deviations"),
        )
    ]  # fmt: skip


def rows(found: Iterable[OfferRow]) -> Iterator[Sequence[object]]:
    """A row for each service offer: the version that counts."""
    for row in found:
        offer, version, tally = row.offer, row.version, row.tally
        yield [
            offer.number, say(offer.name), say(offer.supplier.name), str(offer.output), version.version,
            str(version.get_state_display()), version.starts_on, tally.asked, tally.accepted, tally.waiting,
            tally.declined, tally.deviating,
        ]  # fmt: skip


def all_offers(viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """Every service offer that the viewer sees."""
    return rows(offers_to_export(viewer=viewer, at=at, filters=OfferFilters()))


def answers_header() -> Sequence[str]:
    """Names of the columns of the answers to a version."""
    return [
        str(name) for name in (
            _("Service offer"), _("Version"), _("Link"), _("Customer"), _("Agreement"), _("Answer"), _("Since"),
            _("Holds meanwhile"), _("Deviations"),
        )
    ]  # fmt: skip


def answers(version: OfferVersion, customers: Iterable[Customer]) -> Iterator[Sequence[object]]:
    """A row for each customer who was asked."""
    for one in customers:
        yield [
            version.offer.number, version.version, one.link.number, say(one.link.customer.name),
            one.version.agreement.number, str(ANSWER_WORDS[one.answer][1]), one.since,
            str(one.holds) if one.holds is not None else "", "\n".join(deviation_words(one)),
        ]  # fmt: skip
