"""Navigation, and what waits for somebody: gaps, proposed links, event logs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.chain import facts, policy, queries, tasks
from baton.chain.changes.event_logs import FAILED_TOPIC, MINE_JOB, MINED_TOPIC
from baton.chain.changes.gaps import (
    ASSIGNED_MESSAGE,
    ASSIGNED_TOGETHER_MESSAGE,
    ASSIGNED_TOGETHER_NAMELESS,
    ASSIGNED_TOGETHER_TOPIC,
    ASSIGNED_TOPIC,
)
from baton.chain.changes.proposals import ANSWERED_TOPIC, PROPOSED_TOPIC
from baton.chain.pages import gaps
from baton.chain.panels import assigned_gaps
from baton.core.actors import Actor
from baton.core.policy import is_signed_in, may_use
from baton.core.present import now
from baton.core.registries import (
    Export,
    FactBuilder,
    Job,
    NavigationEntry,
    Panel,
    Policy,
    Section,
    Topic,
    exports,
    fact_builders,
    jobs,
    navigation,
    panels,
    policies,
    topics,
    who_reads,
)
from baton.core.rules import MailRhythm
from baton_analysis.errors import gettext_noop


def register() -> None:
    """Enter what people are led to and told of."""
    _navigation()
    _gaps()
    _proposals()
    _discovery()


def _navigation() -> None:
    navigation.add("chain.home", NavigationEntry(_("My chain"), "house", "chain:home", is_signed_in, 10))
    navigation.add("chain.map", NavigationEntry(_("Map"), "network", "chain:map", may_use, 20))
    navigation.add(
        "chain.matrix", NavigationEntry(_("Matrix"), "layout-grid", "chain:matrix", may_use, 25, section=Section.CHAIN)
    )
    navigation.add("chain.links", NavigationEntry(_("Links"), "arrow-left-right", "chain:links", may_use, 30))
    navigation.add(
        "chain.parties",
        NavigationEntry(_("Parties"), "building-2", "chain:parties", is_signed_in, 40, section=Section.CHAIN),
    )
    navigation.add(
        "chain.outputs", NavigationEntry(_("Outputs"), "package", "chain:outputs", may_use, 42, section=Section.CHAIN)
    )
    navigation.add(
        "chain.needs", NavigationEntry(_("Outside needs"), "heart", "chain:needs", may_use, 44, section=Section.CHAIN)
    )
    navigation.add(
        "chain.reading",
        NavigationEntry(
            _("Who reads what"),
            "eye",
            "chain:reading",
            policy.may_say_how_far_members_read,
            819,
            section=Section.ORGANISATION,
        ),
    )
    navigation.add(
        "chain.projects",
        NavigationEntry(_("Projects"), "briefcase", "chain:projects", may_use, 46, section=Section.CHAIN),
    )


def _gaps() -> None:
    def waiting(actor: Actor) -> int:
        return queries.open_gaps(viewer=actor, at=now())

    navigation.add("chain.gaps", NavigationEntry(_("Gaps"), "flag", "chain:gaps", may_use, 45, waiting, Section.CHAIN))
    title, at_once = _("Gaps that I am to close"), MailRhythm.AT_ONCE
    topics.add(ASSIGNED_TOPIC, Topic(ASSIGNED_MESSAGE, title, at_once))
    together = Topic(ASSIGNED_TOGETHER_MESSAGE, title, at_once, nameless=ASSIGNED_TOGETHER_NAMELESS)
    topics.add(ASSIGNED_TOGETHER_TOPIC, together)
    text = _("What nobody has made clear, what to do about it, and what was said to it.")
    exports.add("chain.gaps", Export(_("Gaps"), gaps.header, gaps.all_gaps, text, may_use))
    panels.add(
        "chain.assigned_gaps",
        Panel("home", _("Gaps assigned to me"), "chain/_assigned_gaps.html", assigned_gaps, order=10),
    )


def _proposals() -> None:
    def read(*, viewer: Actor, public_id: str) -> object:
        return queries.proposal(viewer=viewer, at=now(), public_id=public_id)

    policies.add("link_proposal", Policy(who_reads(read), lambda public_id: f"/proposals/#p-{public_id}"))
    proposed = gettext_noop("{name} proposes links of {party}. Enter or decline them: {count}.")
    topics.add(PROPOSED_TOPIC, Topic(proposed, _("Proposed links")))
    topics.add(ANSWERED_TOPIC, Topic(gettext_noop("Your proposed link is answered: {output}."), _("Proposed links")))


def _discovery() -> None:
    shown = policy.may_see_event_logs
    navigation.add(
        "chain.discovery",
        NavigationEntry(_("Discovery"), "waypoints", "chain:event_logs", shown, 50, section=Section.CHAIN),
    )
    policies.add(
        "event_log",
        Policy(lambda actor, public_id: policy.may_see_event_logs(actor), lambda public_id: f"/discovery/{public_id}/"),
    )
    jobs.add(MINE_JOB, Job(_("Read an event log"), tasks.mine_event_log))
    mined = gettext_noop("The event log “{name}” is read: see who hands work to whom.")
    failed = gettext_noop("The event log “{name}” could not be read. The page says why.")
    topics.add(MINED_TOPIC, Topic(mined, _("Event logs of mine")))
    topics.add(FAILED_TOPIC, Topic(failed, _("Event logs of mine")))
    kinds = frozenset({"event_log"})
    handovers = FactBuilder(facts.TABLE, kinds, facts.handover_sources, facts.handover_facts, named=facts.log_name)
    fact_builders.add("chain.handovers", handovers)
