"""Service offers: who may see them, where they stand, how they are found, what is signed of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.agreements import panels
from baton.agreements.changes.telling import REMINDED_TOPIC
from baton.agreements.forms.offers import OfferFilterForm
from baton.agreements.models import OfferVersion, ServiceOffer, ServiceStep
from baton.agreements.models.agreements import SIDES
from baton.agreements.pages import offers as tables
from baton.agreements.pages.history import OFFER_ACTIONS
from baton.agreements.queries import offered_texts as texts
from baton.agreements.queries import offers as queries
from baton.agreements.queries import searching
from baton.core.actors import Actor
from baton.core.audit import words
from baton.core.lists.registry import FilteredList, lists
from baton.core.policy import may_use
from baton.core.present import now
from baton.core.registries import (
    Export,
    NavigationEntry,
    Policy,
    Searchable,
    Section,
    Signable,
    Topic,
    api_routers,
    exports,
    navigation,
    policies,
    search_sights,
    searchables,
    signables,
    topics,
    who_reads,
)
from baton.core.registries import panels as registered_panels
from baton.core.rules import MailRhythm
from baton_analysis.errors import gettext_noop

_ASKING = Actor.system("signing")
_ORDERS = frozenset({"number", "name", "supplier", "output", "state"})


def register() -> None:
    """Enter policies, navigation, panels, lists, exports, search, words and messages."""
    policies.add(ServiceOffer.kind, Policy(_sees_offer, lambda one: f"/agreements/offers/{one}/"))
    policies.add(OfferVersion.kind, Policy(who_reads(_version), searching.address_of_offer_version))
    policies.add(ServiceStep.kind, Policy(who_reads(_step), searching.address_of_step))
    signables.add(
        OfferVersion.kind,
        Signable(
            contents=lambda ids: texts.contents_of_offers(viewer=_ASKING, public_ids=ids),
            names=lambda ids: texts.names_of_offers(viewer=_ASKING, public_ids=ids),
            sides={side.value: label for side, label in SIDES.items()},
        ),
    )  # fmt: skip
    navigation.add(
        "agreements.offers",
        NavigationEntry(
            _("Service offers"), "book-open", "agreements:offers", may_use, 33, section=Section.AGREEMENTS,
            under="agreements",
        ),
    )  # fmt: skip
    for name, panel in panels.OF_OFFERS.items():
        registered_panels.add(name, panel)
    lists.add(
        "agreements.offers",
        FilteredList(
            _("Service offers"), "agreements:offers", OfferFilterForm, may_use, _ORDERS, {"order": "name"}
        ),
    )  # fmt: skip
    said = _("What suppliers offer to all their customers alike, and how many have accepted it.")
    exports.add("agreements.offers", Export(_("Service offers"), tables.header, tables.all_offers, said, may_use))
    _search()
    topics.add(
        REMINDED_TOPIC,
        Topic(
            gettext_noop("{number}, version {version}, still waits for your signature: {link}."),
            _("Agreements of my parties"), MailRhythm.AT_ONCE,
            nameless=gettext_noop("An agreement of yours still waits for a signature."),
        ),
    )  # fmt: skip
    for prefix, name in (
        ("service-offers", "router"),
        ("offer-versions", "versions_router"),
        ("deviations", "deviations_router"),
    ):
        api_routers.add(prefix, f"baton.agreements.api.offers.{name}")
    words.declare({code: label for code, (label, _icon) in OFFER_ACTIONS.items()})


def _search() -> None:
    searchables.add(
        ServiceOffer.kind,
        Searchable(
            _("Service offers"), "book-open", texts.offers_read, texts.offer_ids,
            lambda found: f"/agreements/offers/{found.public_id}/", order=26,
            follows={
                OfferVersion.kind: texts.offers_of_versions, "clause": texts.offers_of_clauses,
                ServiceStep.kind: texts.offers_of_steps, "output": texts.offers_of_outputs,
            },
        ),
    )  # fmt: skip
    search_sights.add("agreements.offers", texts.search_sight)


def _sees_offer(actor: Actor, public_id: str) -> bool:
    return queries.sees_offer(viewer=actor, at=now(), public_id=public_id)


def _version(*, viewer: Actor, public_id: str) -> OfferVersion:
    return queries.offer_version(viewer=viewer, at=now(), public_id=public_id)


def _step(*, viewer: Actor, public_id: str) -> ServiceStep:
    return queries.service_step(viewer=viewer, at=now(), public_id=public_id)
