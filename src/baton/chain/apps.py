"""The room chain, and what it offers to the rooms below through their registries."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.actors import Actor
    from baton.core.models import Person


class ChainConfig(AppConfig):
    name = "baton.chain"
    label = "chain"
    verbose_name = "Chain"

    def ready(self) -> None:
        _register_navigation()
        _register_policies()
        _register_exports()
        _register_imports()
        _register_discovery()
        _name_actions()


def _register_discovery() -> None:
    from baton.chain import facts, policy, tasks
    from baton.chain.changes.event_logs import FAILED_TOPIC, MINE_JOB, MINED_TOPIC
    from baton.core.registries import (
        FactBuilder,
        Job,
        NavigationEntry,
        Policy,
        Topic,
        fact_builders,
        jobs,
        navigation,
        policies,
        topics,
    )

    shown = policy.may_see_event_logs
    navigation.add("chain.discovery", NavigationEntry(_("Discovery"), "waypoints", "chain:event_logs", shown, 50))
    policies.add(
        "event_log",
        Policy(lambda actor, public_id: policy.may_see_event_logs(actor), lambda public_id: f"/discovery/{public_id}/"),
    )
    jobs.add(MINE_JOB, Job(_("Read an event log"), tasks.mine_event_log))
    topics.add(MINED_TOPIC, Topic(gettext_noop("The event log “{name}” is read: see who hands work to whom.")))
    topics.add(FAILED_TOPIC, Topic(gettext_noop("The event log “{name}” could not be read. The page says why.")))
    kinds = frozenset({"event_log"})
    fact_builders.add("chain.handovers", FactBuilder(facts.TABLE, kinds, facts.handover_sources, facts.handover_facts))


def _name_actions() -> None:
    from baton.chain.pages.history import ACTIONS, EVENT_LOG_ACTIONS
    from baton.core.audit import words

    words.declare({code: label for code, (label, _icon) in ACTIONS.items()} | EVENT_LOG_ACTIONS)


def _register_navigation() -> None:
    from baton.core.policy import is_signed_in, may_use
    from baton.core.registries import NavigationEntry, navigation

    navigation.add("chain.home", NavigationEntry(_("My chain"), "house", "chain:home", is_signed_in, 10))
    navigation.add("chain.map", NavigationEntry(_("Map"), "network", "chain:map", may_use, 20))
    navigation.add("chain.links", NavigationEntry(_("Links"), "arrow-left-right", "chain:links", may_use, 30))
    navigation.add("chain.parties", NavigationEntry(_("Parties"), "building-2", "chain:parties", is_signed_in, 40))


def _register_policies() -> None:
    from baton.chain import queries
    from baton.chain.changes.parties import forget_person
    from baton.core.registries import Policy, forgetting, policies, superiors

    def is_superior(actor: Actor, person: Person) -> bool:
        return queries.is_superior(viewer=actor, at=_now(), person=person)

    policies.add("party", Policy(_sees_party, lambda public_id: f"/parties/{public_id}/"))
    policies.add("link", Policy(_sees_link, lambda public_id: f"/links/{public_id}/", _measured_as))
    superiors.add("chain", is_superior)
    forgetting.add("chain", forget_person)


def _register_exports() -> None:
    from baton.chain.pages import exports as tables
    from baton.core.registries import Export, exports

    links = _("Who hands what to whom, ended links too, each with its status and its latest figures.")
    parties = _("Everybody who gives or receives work, with the place in the tree; ended parties too.")
    exports.add("chain.links", Export(_("Links"), tables.link_header, tables.all_links, links))
    exports.add("chain.parties", Export(_("Parties"), tables.party_header, tables.all_parties, parties))


def _register_imports() -> None:
    from baton.chain import policy
    from baton.core.registries import Import, imports

    text = _("XES, CSV or Parquet with case, time, activity and party: shows who hands work to whom and draws charts.")
    imports.add("chain.event_logs", Import(_("Event log"), text, "chain:event_logs", policy.may_bring_event_logs))


def _sees_party(actor: Actor, public_id: str) -> bool:
    from baton.chain import queries

    return queries.sees_party(viewer=actor, at=_now(), public_id=public_id)


def _sees_link(actor: Actor, public_id: str) -> bool:
    from baton.chain import queries

    return queries.sees_link(viewer=actor, at=_now(), public_id=public_id)


def _measured_as(public_id: str) -> str:
    from baton.chain import queries

    return queries.pair_of(public_id=public_id)


def _now() -> datetime:
    """The registries of the core ask about the present and pass no time."""
    return timezone.now()  # noqa: TID251
