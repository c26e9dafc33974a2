"""Points for handoffs: jobs, messages, panels, policies."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baton.core.actors import Actor
from baton.core.present import now
from baton.core.registries import Job, Policy, Topic, api_routers, jobs, policies, topics, who_reads
from baton.core.registries import panels as registered_panels
from baton.handoffs import changes, panels, tasks
from baton.handoffs.models import LedgerEntry, LinkSettlement, SettlementClaim
from baton.handoffs.queries import settlement, settlement_parts
from baton_analysis.errors import gettext_noop


def register() -> None:
    """Enter all that the settlement offers. Where the installation has it off, what was told and written before keeps
    its words and shows nothing of what it was about, and nothing else of it is there."""
    _register_messages()
    policies.add(LinkSettlement.kind, Policy(who_reads(_terms), settlement_parts.address_of_terms))
    policies.add(SettlementClaim.kind, Policy(who_reads(_claim), settlement_parts.address_of_claim))
    policies.add(LedgerEntry.kind, Policy(_sees_entry, settlement_parts.address_of_entry))
    if not settings.SETTLEMENT:
        return
    jobs.add(
        changes.POST_JOB,
        Job(_("Post what accepted handoffs earned"), tasks.post_points, "FREQ=MINUTELY;BYSECOND=45"),
    )
    jobs.add(
        changes.TRIP_JOB,
        Job(_("Let the arbiter decide what nobody claimed or answered"), tasks.trip_breaches,
            "FREQ=DAILY;BYHOUR=3;BYMINUTE=40;BYSECOND=0"),
    )  # fmt: skip
    registered_panels.add("handoffs.settlement_of_link", panels.SETTLEMENT_OF_LINK)
    registered_panels.add("handoffs.points_of_handoff", panels.POINTS_OF_HANDOFF)
    registered_panels.add("handoffs.account_of_party", panels.ACCOUNT_OF_PARTY)
    api_routers.add("settlement", "baton.handoffs.api.settlement.router")


def _register_messages() -> None:
    """Nobody is asked how he wants to be told of what is off."""
    for topic, told, title, nameless in (
        (changes.TERMS_TOPIC, gettext_noop("Terms of settlement on {link} were proposed, agreed or ended."),
         _("Points: terms of my links"), gettext_noop("Terms of settlement were proposed, agreed or ended.")),
        (changes.ANSWER_TOPIC, gettext_noop("Claim {number} on {link} waits for an answer."),
         _("Points: claims to answer"), gettext_noop("A claim waits for an answer.")),
        (changes.ARBITER_TOPIC, gettext_noop("Claim {number} on {link} waits for your decision."),
         _("Points: claims to decide"), gettext_noop("A claim waits for your decision.")),
        (changes.DECIDED_TOPIC, gettext_noop("Claim {number} on {link} stands otherwise now."),
         _("Points: what became of claims"), gettext_noop("A claim stands otherwise now.")),
    ):  # fmt: skip
        topics.add(topic, Topic(told, title if settings.SETTLEMENT else "", nameless=nameless))


def _terms(*, viewer: Actor, public_id: str) -> LinkSettlement:
    return settlement.terms(viewer=viewer, at=now(), public_id=public_id)


def _claim(*, viewer: Actor, public_id: str) -> SettlementClaim:
    return settlement.claim(viewer=viewer, at=now(), public_id=public_id)


def _sees_entry(actor: Actor, public_id: str) -> bool:
    return settlement_parts.sees_entry(viewer=actor, at=now(), public_id=public_id)
