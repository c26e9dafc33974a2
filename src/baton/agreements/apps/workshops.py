"""Workshops: who may see them, where people find them, what they are told, what is done by itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.agreements import panels, tasks
from baton.agreements.changes.workshops.closing import CLOSE_JOB
from baton.agreements.changes.workshops.leading import INVITED_TOPIC
from baton.agreements.models import ClauseOrigin, Workshop
from baton.agreements.queries import finding_workshops as finding
from baton.agreements.queries import workshops as queries
from baton.core.actors import Actor
from baton.core.policy import may_use
from baton.core.present import now
from baton.core.registries import (
    ForgettingNote,
    Job,
    NavigationEntry,
    Policy,
    Searchable,
    Section,
    Topic,
    api_routers,
    forgetting_notes,
    jobs,
    navigation,
    policies,
    search_sights,
    searchables,
    topics,
)
from baton.core.registries import panels as registered_panels
from baton.core.rules import MailRhythm
from baton_analysis.errors import gettext_noop


def register() -> None:
    """Enter policies, navigation, panel, message, job and search."""
    policies.add(Workshop.kind, Policy(_sees_workshop, lambda one: f"/agreements/workshops/{one}/"))
    policies.add(ClauseOrigin.kind, Policy(_sees_origin, queries.address_of_origin))
    navigation.add(
        "agreements.workshops",
        NavigationEntry(_("Workshops"), "users", "agreements:workshops", may_use, order=33, section=Section.AGREEMENTS),
    )
    registered_panels.add("agreements.workshops", panels.WORKSHOPS)
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


def _sees_workshop(actor: Actor, public_id: str) -> bool:
    return queries.workshops_in_sight(viewer=actor, at=now()).filter(public_id=public_id).exists()


def _sees_origin(actor: Actor, public_id: str) -> bool:
    return queries.workshops_in_sight(viewer=actor, at=now()).filter(origins__public_id=public_id).exists()
