"""Signals for the services of the core: who sees one, comments, list, messages, search, export."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from baton.core import registries
from baton.core.actors import Actor
from baton.core.audit import words
from baton.core.lists.registry import lists
from baton.core.policy import may_use
from baton.core.present import now
from baton.core.rules import MailRhythm
from baton.monitoring import policy, queries
from baton.monitoring.changes import signal_rules, signals, telling
from baton.monitoring.pages.acting import SIGNAL_LIST
from baton.monitoring.pages.signals import ACTIONS, DIGESTED_ACTIONS, export_header, export_rows
from baton.monitoring.queries import searching
from baton_analysis.errors import gettext_noop


def register() -> None:
    """Enter what the core asks about signals."""
    said = registries.Discussion(
        lambda one: searching.signal_called(one, now()), lambda one: searching.told_of_signal(one)
    )
    registries.policies.add("signal", registries.Policy(_sees, _address, discussion=said))
    registries.policies.add("signal_rule", registries.Policy(_sees_rule, lambda one: reverse("monitoring:rules")))
    registries.policies.add("signal_digest", registries.Policy(_may_see_digests, _address_of_digest))
    words.declare({code: label for code, (label, _icon) in ACTIONS.items()})
    lists.add("monitoring.signals", SIGNAL_LIST)
    registries.navigation.add(
        "monitoring.signals",
        registries.NavigationEntry(
            _("Signals"), "triangle-alert", "monitoring:signals", policy.may_see_signals, 35, _waiting,
            reads=("monitoring.Signal",),
        ),
    )  # fmt: skip
    text = _("What charts say now, who looks at it, and what is behind it; closed signals, too.")
    registries.exports.add(
        "monitoring.signals", registries.Export(_("Signals"), export_header, _everything, text, may_use)
    )
    registries.searchables.add(
        "signal",
        registries.Searchable(
            _("Signals"), "triangle-alert", searching.signals_read, searching.signal_ids,
            lambda found: _address(found.public_id), order=60, about=searching.signals_of_person,
        ),
    )  # fmt: skip
    registries.search_sights.add("monitoring", _sight)
    _topics()
    _group_chats()
    destroys = _("What the person said about signals.")
    leaves = _("What the person said about phases and limits of charts; it stands in them without the name.")
    registries.forgetting.add("monitoring.signals", signals.forget_person)
    registries.forgetting.add("monitoring.signal_rules", signal_rules.forget_person)
    registries.forgetting_notes.add("monitoring", registries.ForgettingNote(destroys, leaves))


def _topics() -> None:
    opened = gettext_noop("New signals: {count}. {about}.")
    registries.topics.add(
        telling.OPENED_TOPIC,
        registries.Topic(opened, _("New signals"), nameless=gettext_noop("New signals: {count}.")),
    )
    title, at_once = _("Signals that I am to look at"), MailRhythm.AT_ONCE
    nameless = signals.GIVEN_NAMELESS
    registries.topics.add(
        signals.GIVEN_TOPIC, registries.Topic(signals.GIVEN_MESSAGE, title, at_once, nameless=nameless)
    )
    registries.topics.add(
        signals.GIVEN_TOGETHER_TOPIC,
        registries.Topic(signals.GIVEN_TOGETHER_MESSAGE, title, at_once, nameless=nameless),
    )


def _group_chats() -> None:
    """One line a day of new signals; what people say to them comes one by one, without their words."""
    registries.announcements.add("signal", lambda one: queries.signal_announced(one, now()))
    registries.digests.add(
        "signal_digest", registries.Digest(lambda one: queries.digest_parts(one, now()), DIGESTED_ACTIONS)
    )


def _may_see_digests(actor: Actor, public_id: str) -> bool:
    return policy.may_see_signals(actor)


def _address_of_digest(public_id: str) -> str:
    return f"{reverse('monitoring:signals')}?show=new"


def _sees(actor: Actor, public_id: str) -> bool:
    return policy.may_see_signals(actor) and queries.sees_signal(viewer=actor, at=now(), public_id=public_id)


def _sees_rule(actor: Actor, public_id: str) -> bool:
    return queries.sees_rule(viewer=actor, public_id=public_id)


def _address(public_id: str) -> str:
    return reverse("monitoring:signal", args=[public_id])


def _waiting(actor: Actor) -> int:
    return queries.waiting_signals(viewer=actor)


def _sight(viewer: Actor, at: datetime) -> Mapping[str, Any]:
    return searching.search_sight(viewer=viewer, at=at)


def _everything(viewer: Actor, at: datetime) -> Any:
    filters = queries.SignalFilters(show=queries.ALL)
    return export_rows(queries.signals_to_export(viewer=viewer, at=at, filters=filters))
