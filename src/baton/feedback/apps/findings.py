"""Findings: who may see them, where people find them, what they are told, what the director signs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.chain.queries.discussing import heads_of_party
from baton.core.actors import Actor
from baton.core.audit import words
from baton.core.policy import may_use
from baton.core.present import now, today
from baton.core.registries import (
    Discussion,
    NavigationEntry,
    Policy,
    Section,
    Signable,
    Topic,
    api_routers,
    navigation,
    policies,
    signables,
    topics,
)
from baton.core.rules import MailRhythm
from baton.feedback.apps import COUNTED
from baton.feedback.changes import FOUND_TOPIC
from baton.feedback.models import Finding, WaveException
from baton.feedback.pages.findings import ACTIONS
from baton.feedback.queries import findings as queries
from baton_analysis.errors import gettext_noop


def register() -> None:
    """Enter policies, navigation, message, signature and API."""
    said = Discussion(queries.finding_called, lambda one: heads_of_party(queries.supplier_of(one), today()))
    policies.add(Finding.kind, Policy(_sees_finding, lambda one: f"/surveys/findings/{one}/", discussion=said))
    policies.add(WaveException.kind, Policy(_sees_exception, lambda one: f"/surveys/exceptions/{one}/"))
    navigation.add(
        "feedback.findings",
        NavigationEntry(
            _("Findings"), "flag", "surveys:findings", may_use, order=60, section=Section.LISTENING,
            count=lambda actor: queries.waiting_to_answer(viewer=actor, at=now()),
            reads=COUNTED,
        ),
    )  # fmt: skip
    navigation.add(
        "feedback.said_and_done",
        NavigationEntry(
            _("You said, we did"), "message-square", "surveys:said_and_done", may_use, order=61,
            section=Section.LISTENING, under="feedback.findings",
        ),
    )  # fmt: skip
    topics.add(
        FOUND_TOPIC,
        Topic(
            gettext_noop("A survey found something for {supplier} to mend: {count}. Say what is done about it."),
            _("What surveys found about my parties"), MailRhythm.AT_ONCE,
            nameless=gettext_noop("A survey found something to mend: {count}."),
        ),
    )  # fmt: skip
    signables.add(WaveException.kind, Signable(contents=queries.exception_contents, names=queries.exception_names))
    api_routers.add("findings", "baton.feedback.api.findings.router")
    words.declare({code: label for code, (label, _icon) in ACTIONS.items()})


def _sees_finding(actor: Actor, public_id: str) -> bool:
    return queries.findings_in_sight(viewer=actor, at=now()).filter(public_id=public_id).exists()


def _sees_exception(actor: Actor, public_id: str) -> bool:
    return queries.sees_exception(viewer=actor, public_id=public_id)
