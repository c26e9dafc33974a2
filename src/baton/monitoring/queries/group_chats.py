"""What of signals group chats are told.

What is read here knows no viewer: :mod:`baton.core.webhooks.audiences` asks everybody in a chat whether he may see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from baton.core import registries
from baton.core.actors import Actor
from baton.core.registries import Announced, Measured
from baton.monitoring.models import Signal, SignalDigest
from baton.monitoring.models.signals import WORSE
from baton.monitoring.queries.measured import named
from baton.monitoring.rules import OPEN_STATES, Severity

_ASKING = Actor.system("group_chats")


def signal_announced(public_id: str, at: datetime) -> Announced | None:
    """A signal, without what was said about it, to the chats of whom the thing concerns that is measured; none of
    somebody who is one person."""
    signal = Signal.objects.filter(public_id=public_id).first()
    if signal is None:
        return None
    about = named(viewer=_ASKING, at=at, keys=[signal.subject]).get(signal.subject)
    return _announced(signal, about) if about is not None else None


def digest_parts(public_id: str, at: datetime) -> Sequence[Announced]:
    """The signals of a digest that are still open, each as it would be announced alone, those first that hold over
    all charts, then the strong ones, then what costs most."""
    digest = SignalDigest.objects.filter(public_id=public_id).first()
    if digest is None:
        return []
    rows = Signal.objects.filter(
        WORSE, opened_at__gt=digest.after, opened_at__lte=digest.until, state__in=OPEN_STATES
    )  # fmt: skip
    signals = sorted(rows, key=lambda one: (not one.holds, one.severity != Severity.STRONG, -one.cost, one.pk))
    about = named(viewer=_ASKING, at=at, keys={one.subject for one in signals})
    told = [_announced(one, about[one.subject]) for one in signals if one.subject in about]
    return [one for one in told if one is not None]


def _announced(signal: Signal, about: Measured) -> Announced | None:
    """By the name of what is measured, to whom that concerns."""
    record = registries.announcements.get(about.kind) if about.kind in registries.announcements else None
    found = record(about.public_id) if record is not None else None
    if found is None:
        return None
    return Announced(about.lasting_name, found.shows | {(Signal.kind, signal.public_id)}, found.concerns)
