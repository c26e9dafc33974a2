"""Workshops: who may see them, where people find them, what they are told, what is done by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from baton.agreements import policy, tasks
from baton.agreements import queries as agreed
from baton.agreements.changes.workshops.closing import CLOSE_JOB
from baton.agreements.changes.workshops.leading import INVITED_TOPIC
from baton.agreements.models import ClauseOrigin, Workshop
from baton.agreements.pages.workshops import people_rows
from baton.agreements.queries import finding_workshops as finding
from baton.agreements.queries import offers
from baton.agreements.queries import workshops as queries
from baton.agreements.rules import OfferState, VersionState
from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.policy import may_use
from baton.core.present import now
from baton.core.registries import (
    ForgettingNote,
    Job,
    NavigationEntry,
    Panel,
    Policy,
    Searchable,
    Section,
    Topic,
    api_routers,
    forgetting_notes,
    jobs,
    navigation,
    panels,
    policies,
    search_sights,
    searchables,
    topics,
)
from baton.core.rules import MailRhythm
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from baton.agreements.models import Clause
    from baton.core.middleware import BatonRequest
    from baton.core.registries import Subject


def register() -> None:
    """Enter policies, navigation, panel, message, job and search."""
    policies.add(Workshop.kind, Policy(_sees_workshop, lambda one: f"/agreements/workshops/{one}/"))
    policies.add(ClauseOrigin.kind, Policy(_sees_origin, queries.address_of_origin))
    navigation.add(
        "agreements.workshops",
        NavigationEntry(
            _("Needs and workshops"),
            "users",
            "agreements:workshops",
            may_use,
            order=34,
            section=Section.AGREEMENTS,
            tab=_("Workshops"),
        ),
    )
    for slot, context in (("agreement", workshops_of_agreement), ("service_offer", workshops_of_offer)):
        panel = Panel(slot, _("Workshop"), "agreements/workshops/_panel.html", context, order=10)
        panels.add(f"agreements.workshops_of_{slot}", panel)
    message = gettext_noop("You are asked to take part in a workshop about {number}: {link}.")
    nameless = gettext_noop("You are asked to take part in a workshop about an agreement.")
    topics.add(INVITED_TOPIC, Topic(message, _("Workshops of my parties"), MailRhythm.AT_ONCE, nameless=nameless))
    jobs.add(
        CLOSE_JOB,
        Job(
            _("Close workshops that nobody has closed"), tasks.close_workshops,
            "FREQ=DAILY;BYHOUR=4;BYMINUTE=15;BYSECOND=0",
        ),
    )  # fmt: skip
    forgetting_notes.add(
        "agreements.workshops",
        ForgettingNote(
            "",
            _("Notes of workshops: nobody can say who wrote them. One that names somebody can be taken out."),
        ),
    )
    searchables.add(
        Workshop.kind,
        Searchable(
            _("Workshops"), "users", finding.workshops_read, finding.workshop_ids,
            lambda found: f"/agreements/workshops/{found.public_id}/", order=29,
            follows={"link": finding.workshops_of_links, "output": finding.workshops_of_outputs},
        ),
    )  # fmt: skip
    search_sights.add("agreements.workshops", finding.search_sight)
    api_routers.add("workshops", "baton.agreements.api.workshops.router")


def workshops_of_agreement(request: HttpRequest, subject: Subject) -> dict[str, Any]:
    """The workshops about the version that the page of an agreement shows, who took part, and which clauses came out of
    one."""
    asked = cast("BatonRequest", request)
    viewer, at = asked.actor, asked.now
    version = agreed.version(viewer=viewer, at=at, public_id=subject.measured_as)
    clauses = agreed.clauses_by_version(viewer=viewer, versions=[version])[version.pk]
    may = policy.may_edit_clauses(standing_of(viewer, day_of(at)), version.agreement.link, VersionState(version.state))
    return _workshops(asked, version.public_id, clauses, may_begin=may)


def workshops_of_offer(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """The same of the version that the page of a service offer shows; nothing where none was held and none can be."""
    asked = cast("BatonRequest", request)
    viewer, at = asked.actor, asked.now
    version = offers.offer_version(viewer=viewer, at=at, public_id=subject.measured_as)
    clauses = offers.offered_clauses(viewer=viewer, version=version)
    may = policy.may_edit_offered(standing_of(viewer, day_of(at)), version.offer.supplier, OfferState(version.state))
    found = _workshops(asked, version.public_id, clauses, may_begin=may)
    return found if any(found.values()) else None


def _workshops(request: BatonRequest, version: str, clauses: Sequence[Clause], *, may_begin: bool) -> dict[str, Any]:
    viewer, at = request.actor, request.now
    found = queries.workshops_of(viewer=viewer, at=at, version=version)
    people = queries.people_by_workshop(viewer=viewer, workshops=found)
    origins = queries.origins_of(viewer=viewer, at=at, clauses=clauses)
    is_open = any(one.closed_at is None for one in found)
    return {
        "held": [{"workshop": one, "people": people_rows(people[one.pk].values(), one)} for one in found],
        "origins": [(one, origins[one.line]) for one in clauses if one.line in origins],
        "begin": reverse("agreements:begin_workshop", args=[version]) if may_begin and not is_open else "",
    }


def _sees_workshop(actor: Actor, public_id: str) -> bool:
    return queries.workshops_in_sight(viewer=actor, at=now()).filter(public_id=public_id).exists()


def _sees_origin(actor: Actor, public_id: str) -> bool:
    return queries.workshops_in_sight(viewer=actor, at=now()).filter(origins__public_id=public_id).exists()
