"""Consultations: who reads what was said, where it stands, what people are told, and what is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext_lazy as _

from baton.agreements import changes, policy, tasks
from baton.agreements.changes import telling
from baton.agreements.changes.invitations import ASKED_TOPIC, REMIND_JOB, REMINDED_TOPIC
from baton.agreements.models import ConsultationRule, Invitation, Opinion
from baton.agreements.pages.consulting import consultation_context
from baton.agreements.panels import READS
from baton.agreements.queries import consulting
from baton.agreements.rules import VersionState
from baton.core.actors import Actor
from baton.core.present import now
from baton.core.registries import (
    ForgettingNote,
    Job,
    NavigationEntry,
    Panel,
    Policy,
    Section,
    Topic,
    api_routers,
    forgetting,
    forgetting_notes,
    jobs,
    navigation,
    panels,
    policies,
    topics,
    who_reads,
)
from baton.core.rules import MailRhythm
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from django.http import HttpRequest

    from baton.core.middleware import BatonRequest
    from baton.core.registries import Subject


def register() -> None:
    """Enter policies, panels, messages, the job that reminds, and what is forgotten with a person."""
    policies.add(Opinion.kind, Policy(who_reads(_opinion), consulting.address_of_opinion))
    policies.add(Invitation.kind, Policy(who_reads(_invitation), consulting.address_of_invitation))
    policies.add(
        ConsultationRule.kind,
        Policy(lambda actor, _one: policy.may_say_how_many_take_part(actor), lambda _one: "/agreements/participation/"),
    )
    panels.add(
        "agreements.consultation",
        Panel("agreement", _("Consultation"), "agreements/consulting/_panel.html", of_agreement, order=4),
    )
    panels.add(
        "agreements.asked",
        Panel(
            "home",
            _("What do you think of it?"),
            "agreements/consulting/_waiting.html",
            asked,
            order=11,
            reads=READS,
            by_day=True,
        ),
    )
    navigation.add(
        "agreements.participation",
        NavigationEntry(
            _("Participation"), "users", "agreements:consultation_rule", policy.may_say_how_many_take_part, 821,
            section=Section.ORGANISATION,
        ),
    )  # fmt: skip
    jobs.add(
        REMIND_JOB,
        Job(
            _("Remind of consultations"), tasks.remind_of_opinions, "FREQ=DAILY;BYHOUR=5;BYMINUTE=10;BYSECOND=0"
        ),
    )  # fmt: skip
    forgetting.add("agreements.opinions", changes.forget_person)
    forgetting_notes.add(
        "agreements",
        ForgettingNote(
            _("The words that the person said to agreements."),
            _("What the person proposed as the text of a clause, and what was answered: both belong to the agreement."),
        ),
    )
    for prefix, name in (
        ("consultations", "consulting.router"),
        ("opinions", "consulting.opinions_router"),
        ("invitations", "consulting.invitations_router"),
        ("participation", "consulting.rule_router"),
    ):
        api_routers.add(prefix, f"baton.agreements.api.{name}")
    _topics()


def _topics() -> None:
    somebody = gettext_noop("You are asked what you think of an agreement.")
    topics.add(
        ASKED_TOPIC,
        Topic(
            gettext_noop("What do you think of it? You are asked until {due_on}: {link}."),
            _("When I am asked what I think of an agreement"), nameless=somebody,
        ),
    )  # fmt: skip
    topics.add(
        REMINDED_TOPIC,
        Topic(gettext_noop("Agreements that wait for your opinion: {count}; the first until {due_on}.")),
    )
    topics.add(
        telling.ANSWERED_TOPIC,
        Topic(
            gettext_noop("What you said to an agreement was answered: {link}."),
            _("Answers to what I said to agreements"),
            nameless=gettext_noop("What you said to an agreement was answered."),
        ),
    )
    topics.add(
        telling.COUNTERED_TOPIC,
        Topic(
            gettext_noop("The other side objects to {number}, version {version}, or proposes other terms: {link}."),
            _("Agreements of my parties"), MailRhythm.AT_ONCE,
            nameless=gettext_noop("Something happened to an agreement of yours."),
        ),
    )  # fmt: skip


def of_agreement(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """Who took part in the version that the page of an agreement shows; nothing where nobody was asked and none is
    going on."""
    asking = cast("BatonRequest", request)
    found = consulting.consultation(viewer=asking.actor, at=asking.now, public_id=subject.measured_as)
    quiet = found.version.state != VersionState.CONSULTATION and not found.hearing.unanswered and not found.may_say
    if quiet and not found.hearing.asked and not any(part.heard for part in found.parts):
        return None
    return consultation_context(found, {})


def asked(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """The consultations in which the reader is asked and has not spoken to everything; nothing where there is none."""
    asking = cast("BatonRequest", request)
    found = consulting.waiting_for_me(viewer=asking.actor, at=asking.now)
    return {"asked": found} if found else None


def _opinion(*, viewer: Actor, public_id: str) -> Opinion:
    return consulting.opinion(viewer=viewer, at=now(), public_id=public_id)


def _invitation(*, viewer: Actor, public_id: str) -> Invitation:
    return consulting.invitation(viewer=viewer, at=now(), public_id=public_id)
