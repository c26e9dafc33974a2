"""Telling people of signals that were opened: in one message a day and person, whatever came.

Who hears of a signal: its owner; where it has none, the quality managers; whoever follows what is measured; and those
whom a rule names. Of signals towards the better only those hear who asked for that with a rule. Of a signal about weeks
long past nobody hears: it stands in the list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from baton.core import registries
from baton.core.actors import Actor
from baton.core.changes import notify_once_a_day
from baton.core.changes.notifications import Told
from baton.core.discussions.queries import followers
from baton.core.policy import may_use
from baton.core.queries import people, roles_of
from baton.core.rules import Role
from baton.monitoring.changes.digests import make_digest
from baton.monitoring.models import Signal, SignalRule
from baton.monitoring.queries.measured import in_sight, in_words
from baton.monitoring.rules import TOLD_AFTER, Severity, SignalState, is_history, number_of_day

if TYPE_CHECKING:
    from baton.core.models import Person

OPENED_TOPIC = "monitoring.signals_opened"
NAMED = 3
"""Things that a message names; the others it counts."""


def tell_of_signals(*, by: Actor, at: datetime) -> int:
    """Tell everybody whom new signals concern, and once a day group chats. Returns how many messages to people were
    written or renewed.

    Called again it tells nobody twice: each message knows up to when it tells.
    """
    make_digest(by=by, at=at)
    fresh = Signal.objects.filter(state=SignalState.NEW, opened_at__gt=at - TOLD_AFTER).select_related("owner")
    today = number_of_day(at.date())
    signals = [one for one in fresh.order_by("pk") if not is_history(one.last_week, today)]
    told = 0
    for person, keys in _listeners(by, at, signals):
        actor = Actor(person, roles_of(person, at))
        if not person.is_active or not may_use(actor):
            continue
        seen = Signal.objects.filter(in_sight(viewer=actor, at=at), pk__in=keys)
        says = partial(_said, person, list(seen), at)
        told += notify_once_a_day(by=by, at=at, person=person, topic=OPENED_TOPIC, told=says) is not None
    return told


def _listeners(by: Actor, at: datetime, signals: Sequence[Signal]) -> list[tuple[Person, list[int]]]:
    """Who is to hear of which of the signals (primary keys), before it is asked what each may see."""
    found: dict[int, tuple[Person, list[int]]] = {}

    def hear(listeners: Iterable[Person], signal: Signal) -> None:
        for person in listeners:
            keys = found.setdefault(person.pk, (person, []))[1]
            if signal.pk not in keys[-1:]:
                keys.append(signal.pk)

    holders = _holders(by, at)
    following = _following(by, [one.subject for one in signals if one.is_worse])
    rules = list(SignalRule.objects.filter(withdrawn_at__isnull=True).select_related("person"))
    for signal in signals:
        if signal.is_worse:
            owner = signal.owner if signal.owner is not None and signal.owner.is_active else None
            hear([owner] if owner is not None else holders(Role.QUALITY_MANAGER), signal)
            hear(following.get(signal.subject, ()), signal)
        for rule in rules:
            if _matches(rule, signal):
                hear([rule.person] if rule.person is not None else holders(Role(rule.role)), signal)
    return list(found.values())


def _holders(by: Actor, at: datetime) -> Callable[[Role], list[Person]]:
    """Who holds a role; asked of the database once a role."""
    known: dict[Role, list[Person]] = {}

    def holders(role: Role) -> list[Person]:
        if role not in known:
            known[role] = list(people(viewer=_ASKING, at=at, role=role, active=True))
        return known[role]

    return holders


_ASKING = Actor.system("signals")


def _following(by: Actor, subjects: Iterable[str]) -> dict[str, list[Person]]:
    """By key of a subject: who follows a record whose key it is."""
    keys = set(subjects)
    found: dict[str, list[Person]] = defaultdict(list)
    for _room, asked in registries.measurables if keys else ():
        records = asked.records(keys)
        for kind in asked.kinds:
            ids = {public_id for those in records.values() for one, public_id in those if one == kind}
            follow = followers(viewer=_ASKING, kind=kind, public_ids=ids)
            for key, those in records.items():
                found[key] += [
                    person for one, public_id in those if one == kind for person in follow.get(public_id, ())
                ]
    return found


def _matches(rule: SignalRule, signal: Signal) -> bool:
    return (
        rule.measure in ("", signal.measure)
        and (not rule.rule or rule.rule in signal.rules.split())
        and rule.severity in ("", signal.severity)
        and (rule.better or signal.is_worse)
    )


def _said(person: Person, signals: Sequence[Signal], at: datetime, since: datetime | None) -> Told | None:
    """One message about all of the signals that were opened after ``since``, those first that hold over all charts,
    then the strong ones, then what costs most."""
    new = [one for one in signals if since is None or one.opened_at > since]
    if not new:
        return None
    new.sort(key=lambda one: (not one.holds, one.severity != Severity.STRONG, -one.cost, one.pk))
    first = {one.subject: one for one in reversed(new)}
    subjects = list(dict.fromkeys(one.subject for one in new))
    own = all(one.owner_id == person.pk for one in new)
    address = f"{reverse('monitoring:signals')}?{urlencode({'show': 'mine' if own else 'new'})}"
    named = subjects[:NAMED]
    about = in_words(viewer=_ASKING, at=at, keys=named, more=len(subjects) > NAMED)
    return {"count": len(new), "about": about}, address, [(Signal.kind, first[key].public_id) for key in named]
