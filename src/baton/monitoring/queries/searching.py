"""What of signals a search finds, what they are called, and who is told of comments on them.

What is read here for the index knows no viewer; :func:`search_sight` decides what of it is found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import override

from baton.core.actors import Actor
from baton.core.policy import may_use
from baton.core.registries import Findable
from baton.core.texts import Texts, say
from baton.monitoring.models import Signal
from baton.monitoring.models.signals import MEASURE_WORDS, SIGNAL_STATES
from baton.monitoring.queries.measured import in_sight, named
from baton.monitoring.rules import SignalState

if TYPE_CHECKING:
    from baton.core.models import Person

_ASKING = Actor.system("signals")


def search_sight(*, viewer: Actor, at: datetime) -> Mapping[str, Any]:
    """The signals that the viewer may know of; guests find none."""
    return {Signal.kind: Signal.objects.filter(in_sight(viewer=viewer, at=at))} if may_use(viewer) else {}


def signals_read(public_ids: Collection[str]) -> Iterator[Findable]:
    """Signals by number, chart and rule, and by what somebody said about them. The name of what is measured is not
    among it: that is found itself, and leads to its charts."""
    for signal in Signal.objects.filter(public_id__in=public_ids):
        state = SIGNAL_STATES[SignalState(signal.state)]
        yield Findable(
            signal.public_id, signal.number, _of_chart(signal), texts=[signal.rules, signal.reason], note=str(state),
            ended_on=None if signal.is_open or signal.said_at is None else signal.said_at.date(),
        )  # fmt: skip


def signal_ids() -> Iterable[str]:
    """Every signal."""
    return Signal.objects.values_list("public_id", flat=True)


def signals_of_person(person: str) -> Iterable[str]:
    """Signals about which this person (public id) said something: his words may hold a name."""
    return Signal.objects.filter(said_by__public_id=person).values_list("public_id", flat=True)


def signal_called(public_id: str, at: datetime) -> Mapping[str, str]:
    """Its number and what it is about, without names of persons."""
    signal = Signal.objects.get(public_id=public_id)
    about = named(viewer=_ASKING, at=at, keys=[signal.subject]).get(signal.subject)
    said: Texts = {}
    for code, chart in _of_chart(signal).items():
        parts = [signal.number, say(about.lasting_name, code) if about is not None else "", chart]
        said[code] = " · ".join(part for part in parts if part)
    return said


def told_of_signal(public_id: str) -> Iterable[Person]:
    """Who is told of comments on it without having asked: its owner."""
    owners = Signal.objects.filter(public_id=public_id, owner__isnull=False).select_related("owner")
    return [signal.owner for signal in owners if signal.owner is not None]


def _of_chart(signal: Signal) -> Texts:
    """``Waiting time, WE1 WE4`` by language."""
    said = {}
    for code, _label in settings.LANGUAGES:
        with override(code):
            said[code] = f"{MEASURE_WORDS[signal.measure]}, {signal.rules}"
    return said
