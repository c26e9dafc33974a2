"""Panels that the agreements offer to pages."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from baton.agreements import policy, queries
from baton.agreements.pages.agreements import panel_context
from baton.agreements.pages.certificates import certificate_rows
from baton.agreements.pages.guarantees import guarantee_rows
from baton.agreements.pages.leaders import lines as leader_lines
from baton.agreements.pages.offers import offer_rows
from baton.agreements.pages.owed import counts
from baton.agreements.pages.plans import item_rows
from baton.agreements.pages.reviews import decision_rows
from baton.agreements.pages.signing import signing_context
from baton.agreements.pages.training import clause_rows
from baton.agreements.queries import certificates as kept
from baton.agreements.queries import guarantees as given
from baton.agreements.queries import houses, leaders, offers, plans, reviews
from baton.agreements.queries import training as trained
from baton.agreements.queries.owed import View, owed_in_short
from baton.agreements.queries.waiting import waiting_for
from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.policy import may_use
from baton.core.registries import Panel

if TYPE_CHECKING:
    from django.http import HttpRequest

    from baton.agreements.models import Agreement
    from baton.core.middleware import BatonRequest
    from baton.core.registries import Subject


READS = (
    "agreements", "chain", "core.Attachment", "core.Comment", "core.Person", "core.RenamedWord", "core.Signature",
    "core.WorkCalendar",
)  # fmt: skip
"""Of what it depends what the panels of agreements show on the pages that people open all day."""
_by_day = partial(Panel, reads=READS, by_day=True)
_alike = partial(_by_day, alike=True)


def waiting(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """What the reader is to sign or to talk over; nothing where there is none."""
    asked = cast("BatonRequest", request)
    found = waiting_for(viewer=asked.actor, at=asked.now)
    return {"waiting": found} if found else None


def of_link(request: HttpRequest, subject: Subject) -> dict[str, Any]:
    """What is agreed on a link, or how to begin."""
    asked = cast("BatonRequest", request)
    viewer, at = asked.actor, asked.now
    row = queries.row_of_link(viewer=viewer, at=at, link=subject.public_id)
    if row is None:
        link = chain.link(viewer=viewer, at=at, public_id=subject.public_id)
        may = policy.may_write(standing_of(viewer, day_of(at)), link)
        begin = reverse("agreements:begin", args=[subject.public_id]) if may else ""
        return panel_context(None, [], begin=begin)
    held = queries.clauses_by_version(viewer=viewer, versions=[row.version]).get(row.version.pk, [])
    return panel_context(row, [queries.held_on(one, day_of(at)) for one in held], begin="")


def certificates(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """What is attested to a party, and a button to enter more; nothing where there is neither."""
    asked = cast("BatonRequest", request)
    rows = kept.certificates_of(viewer=asked.actor, at=asked.now, party=subject.public_id)
    may_add = kept.may_keep(viewer=asked.actor, at=asked.now, party=subject.public_id)
    if not rows and not may_add:
        return None
    return {"rows": certificate_rows(rows), "may_add": may_add, "party": subject.public_id}


def guarantees_of_link(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """What the customer of a link gets at once when it was not as promised."""
    asked = cast("BatonRequest", request)
    found = queries.agreement_of_link(viewer=asked.actor, at=asked.now, link=subject.public_id)
    return _guarantees(asked, found) if found is not None else None


def guarantees_of_agreement(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """The same on the page of its agreement."""
    asked = cast("BatonRequest", request)
    return _guarantees(asked, queries.agreement(viewer=asked.actor, at=asked.now, public_id=subject.public_id))


def _guarantees(request: BatonRequest, agreement: Agreement) -> dict[str, Any] | None:
    viewer, at = request.actor, request.now
    rows = given.guarantees_of(viewer=viewer, at=at, agreement=agreement)
    may_give = given.may_give(viewer=viewer, at=at, agreement=agreement)
    if not rows and not may_give:
        return None
    may_call = bool(given.callable_by(viewer=viewer, at=at, agreements=[agreement]))
    return {
        "rows": guarantee_rows(rows), "may_give": may_give, "may_call": may_call, "agreement": agreement.public_id,
    }  # fmt: skip


def owed_by_party(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """How much a party owes and is owed; a guest reads none."""
    return _owed(cast("BatonRequest", request), subject.public_id)


def owed_by_me(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """The same of the reader's own parties; nothing where nothing is in force."""
    return _owed(cast("BatonRequest", request), "")


def _owed(request: BatonRequest, party: str) -> dict[str, Any] | None:
    if not may_use(request.actor):
        return None
    try:
        found = owed_in_short(viewer=request.actor, at=request.now, party=party)
    except NotFound:  # a party that has ended owes nothing
        return None
    if not party and not any(found.number(view) for view in View):
        return None
    return {"ends": counts(found), "party": party}


OF_OWED = {
    "agreements.owed_by_party": _alike(
        "party", _("What it promises and is promised"), "agreements/owed/_panel.html", owed_by_party, order=15
    ),
    "agreements.owed_by_me": _alike(
        "home", _("What we promise and are promised"), "agreements/owed/_panel.html", owed_by_me, order=14
    ),
}
OF_GUARANTEES = {
    f"agreements.guarantees_of_{slot}": _alike(
        slot, _("Service guarantee"), "agreements/guarantees/_panel.html", context, order=8
    )
    for slot, context in (("link", guarantees_of_link), ("agreement", guarantees_of_agreement))
}
CERTIFICATES = _alike("party", _("Certificates"), "agreements/certificates/_panel.html", certificates, order=60)


def signing(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """Who has signed the version that the page of an agreement shows, and who may."""
    asked = cast("BatonRequest", request)
    version = queries.version(viewer=asked.actor, at=asked.now, public_id=subject.measured_as)
    if version.proposed_at is None:
        return None
    return signing_context(queries.signing_page(viewer=asked.actor, at=asked.now, version=version), asked.now)


SIGNING = Panel("agreement", _("Signatures"), "agreements/_signing.html", signing, order=5)
WAITING = _by_day("home", _("Agreements that wait for me"), "agreements/_waiting.html", waiting, order=12)
OF_LINK = _alike("link", _("Agreement"), "agreements/_panel.html", of_link, order=5)


def houses_of_link(request: HttpRequest, subject: Subject) -> dict[str, Any]:
    """The houses of quality of a link, or how to begin one."""
    asked = cast("BatonRequest", request)
    viewer, at = asked.actor, asked.now
    link = chain.link(viewer=viewer, at=at, public_id=subject.public_id)
    may = policy.may_write(standing_of(viewer, day_of(at)), link)
    begin = reverse("agreements:begin_house", args=[subject.public_id]) if may else ""
    return {"houses": houses.houses_of_link(viewer=viewer, at=at, link=subject.public_id), "begin": begin}


def reviews_of_link(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """The next meeting of both sides, the last one, and what of it is open."""
    asked = cast("BatonRequest", request)
    viewer, at = asked.actor, asked.now
    link = chain.link(viewer=viewer, at=at, public_id=subject.public_id)
    found = reviews.reviews_of_link(viewer=viewer, at=at, link=link)
    if found is None:
        return None
    may_plan = policy.may_write(standing_of(viewer, day_of(at)), link)
    rows = decision_rows(found.decisions[:5], day_of(at))
    return {"reviews": found, "rows": rows, "may_plan": may_plan, "link": link.public_id}


def plan_of_link(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """The joint quality plan of a link: what is to be done next; or how to begin one."""
    asked = cast("BatonRequest", request)
    viewer, at = asked.actor, asked.now
    link = chain.link(viewer=viewer, at=at, public_id=subject.public_id)
    if not reviews.may_see_reviews(viewer=viewer, at=at, link=link):
        return None
    plan = plans.plan_of_link(viewer=viewer, at=at, link=link)
    if plan is None:
        may = policy.may_write(standing_of(viewer, day_of(at)), link)
        return {"plan": None, "begin": reverse("agreements:begin_plan", args=[subject.public_id]) if may else ""}
    plan.link = link
    items = [one for one in plans.items_of(viewer=viewer, plan=plan) if one.state not in plans.OVER]
    for one in items:
        one.plan = plan
    late = sum(one.due_on is not None and one.due_on < day_of(at) for one in items)
    rows = item_rows(sorted(items, key=lambda one: (one.due_on is None, one.due_on))[:3], {}, day_of(at))
    return {"plan": plan, "open": len(items), "late": late, "rows": rows}


def owed(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """What the reader said he would do; nothing where there is none."""
    asked = cast("BatonRequest", request)
    decisions = reviews.owed_by(viewer=asked.actor, at=asked.now)
    items = plans.items_owed_by(viewer=asked.actor, at=asked.now)
    if not decisions and not items:
        return None
    day = day_of(asked.now)
    return {"rows": decision_rows(decisions, day), "items": item_rows(items, {}, day)}


OF_REVIEWS = {
    "agreements.reviews_of_link": _by_day(
        "link", _("Review meetings"), "agreements/reviews/_panel.html", reviews_of_link, order=24
    ),
    "agreements.plan_of_link": _by_day(
        "link", _("Joint quality plan"), "agreements/plans/_panel.html", plan_of_link, order=26
    ),
    "agreements.owed": _by_day("home", _("What I said I would do"), "agreements/reviews/_owed.html", owed, order=11),
}


def promises_of_party(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """Whether the promises from this party on hold together: filled once the page is there. A guest reads none."""
    if not may_use(cast("BatonRequest", request).actor):
        return None
    query = urlencode({"start": subject.public_id})
    return {
        "address": f"{reverse('agreements:promises_panel')}?{query}",
        "page": f"{reverse('agreements:promises')}?{query}",
    }


def promises_of_way(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """The same for the way that a page draws: as it was asked for."""
    asked = {name: request.GET.get(name, "") for name in ("start", "person", "end", "way")}
    query = urlencode({name: value for name, value in asked.items() if value})
    short = urlencode({**asked, "start": subject.public_id})
    return {
        "address": f"{reverse('agreements:promises_panel')}?{short}",
        "page": f"{reverse('agreements:promises')}?{query}",
    }


_HOLD_TOGETHER = _("Do our promises hold together?")
OF_HOUSES = {
    "agreements.houses_of_link": _alike(
        "link", _("Houses of quality"), "agreements/_houses_panel.html", houses_of_link, order=60
    ),
    "agreements.promises_of_party": _alike(
        "party", _HOLD_TOGETHER, "agreements/_promises_panel.html", promises_of_party, order=20
    ),
    "agreements.promises_of_way": Panel(
        "way", _HOLD_TOGETHER, "agreements/_promises_panel.html", promises_of_way, order=20
    ),
}


def offers_of_party(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """What a party offers to all its customers, and a button to begin; nothing where there is neither."""
    asked = cast("BatonRequest", request)
    viewer, at = asked.actor, asked.now
    rows = offers.offers_of_party(viewer=viewer, at=at, party=subject.public_id)
    party = chain.party(viewer=viewer, at=at, public_id=subject.public_id)
    may = policy.may_write_offers(standing_of(viewer, day_of(at)), party)
    may = may and bool(offers.outputs_to_offer(viewer=viewer, at=at, supplier=party))
    return {"rows": offer_rows(rows), "begin": subject.public_id if may else ""} if rows or may else None


def offer_of_link(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """What the supplier of a link offers to all its customers alike; nothing where it offers nothing."""
    asked = cast("BatonRequest", request)
    viewer, at = asked.actor, asked.now
    link = chain.link(viewer=viewer, at=at, public_id=subject.public_id)
    found = offers.offers_for_link(viewer=viewer, at=at, link=link)
    if not found:
        return None
    rows = offers.offer_rows(viewer=viewer, at=at, offers=found)
    return {"rows": offer_rows(rows), "begin": ""}


def guarantees_of_offer(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """What every customer of a service offer gets at once when it was not as promised."""
    asked = cast("BatonRequest", request)
    viewer, at = asked.actor, asked.now
    offer = offers.offer(viewer=viewer, at=at, public_id=subject.public_id)
    rows = given.guarantees_of_offer(viewer=viewer, at=at, offer=offer)
    may_give = given.may_give_on(viewer=viewer, at=at, offer=offer)
    if not rows and not may_give:
        return None
    return {"rows": guarantee_rows(rows), "may_give": may_give, "may_call": False, "offer": subject.public_id}


def houses_of_offer(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """The houses of quality of its customers: what they need of the service. Nothing where there is none."""
    asked = cast("BatonRequest", request)
    offer = offers.offer(viewer=asked.actor, at=asked.now, public_id=subject.public_id)
    found = houses.houses_of_offer(viewer=asked.actor, at=asked.now, offer=offer)
    return {"houses": found, "begin": ""} if found else None


OF_OFFERS = {
    "agreements.offers_of_party": _alike(
        "party", _("Service offers"), "agreements/offers/_panel.html", offers_of_party, order=15
    ),
    "agreements.offer_of_link": _alike(
        "link", _("Service offers"), "agreements/offers/_panel.html", offer_of_link, order=7
    ),
    "agreements.guarantees_of_offer": Panel(
        "service_offer", _("Service guarantee"), "agreements/guarantees/_panel.html", guarantees_of_offer, order=8
    ),
    "agreements.houses_of_offer": Panel(
        "service_offer", _("Houses of quality"), "agreements/_houses_panel.html", houses_of_offer, order=60
    ),
}


def promised_to_me(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """What leaders promise the reader, kept or late, and what he promises himself and has not made a clause; nothing
    where there is neither."""
    asked = cast("BatonRequest", request)
    if not may_use(asked.actor):
        return None
    rows = leaders.promised_to(viewer=asked.actor, at=asked.now)
    links = leaders.not_clauses_yet(viewer=asked.actor, at=asked.now, own=True)
    return {"lines": leader_lines(rows), "links": links} if rows or links else None


def promised_on_link(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """What a leader promises on a link, or how to begin."""
    asked = cast("BatonRequest", request)
    rows = leaders.promises_of_link(viewer=asked.actor, at=asked.now, link=subject.public_id)
    links = leaders.not_clauses_yet(viewer=asked.actor, at=asked.now, link=subject.public_id)
    return {"lines": leader_lines(rows), "links": links} if rows or links else None


OF_LEADERS = {
    "agreements.promised_to_me": _by_day(
        "home", _("What leaders promise"), "agreements/leaders/_panel.html", promised_to_me, order=11
    ),
    "agreements.promised_on_link": _by_day(
        "link", _("What the leader promises"), "agreements/leaders/_panel.html", promised_on_link, order=6
    ),
}


def training_of_agreement(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """How far the supplier's people are trained in its promises on behaviour; nothing where it makes none."""
    asked = cast("BatonRequest", request)
    version = queries.version(viewer=asked.actor, at=asked.now, public_id=subject.measured_as)
    found = trained.training_of_versions(viewer=asked.actor, at=asked.now, versions=[version])
    return {"rows": clause_rows(found)} if found else None


def training_of_party(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """The same for all that a party promises itself."""
    asked = cast("BatonRequest", request)
    if not may_use(asked.actor):
        return None
    party = chain.party(viewer=asked.actor, at=asked.now, public_id=subject.public_id)
    found = trained.training_of_party(viewer=asked.actor, at=asked.now, party=party)
    return {"rows": clause_rows(found)} if found else None


OF_TRAINING = {
    "agreements.training_of_agreement": Panel(
        "agreement", _("Training in behaviour"), "agreements/training/_panel.html", training_of_agreement, order=40
    ),
    "agreements.training_of_party": _by_day(
        "party", _("Training in behaviour"), "agreements/training/_panel.html", training_of_party, order=40
    ),
}
