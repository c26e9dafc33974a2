"""What people say to signals: seen, explained, closed, opened again by hand; and who should look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse

from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import notify
from baton.core.database.scrubbing import scrub
from baton.core.errors import Refused, TooLong
from baton.core.policy import demand, may_use
from baton.core.queries import roles_of
from baton.core.texts import clean_text
from baton.monitoring import policy
from baton.monitoring.models import Signal
from baton.monitoring.queries.measured import answerable, in_sight, in_words
from baton.monitoring.rules import OPEN_STATES, REASON_LENGTH, Closing, SignalState
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Person

GIVEN_TOPIC = "monitoring.signal_given"
GIVEN_MESSAGE = gettext_noop("You are to look at signal {number}: {about}.")
GIVEN_NAMELESS = gettext_noop("You are to look at signals: {count}.")
GIVEN_TOGETHER_TOPIC = "monitoring.signals_given"
GIVEN_TOGETHER_MESSAGE = gettext_noop("You are to look at {count} signals: {about}.")


def see_signal(*, by: Actor, at: datetime, signal: Signal, expected_seq: int | None = None) -> Signal:
    """Say that one has looked at a new signal. Where somebody has already, nothing is changed; refused when it is
    closed."""
    with change(by=by, at=at) as trail:
        signal = _open_one(trail, signal, expected_seq)
        if signal.state == SignalState.NEW:
            signal.state = SignalState.SEEN
            trail.save(signal, "signal.seen")
        return signal


def explain_signal(
    *,
    by: Actor,
    at: datetime,
    signal: Signal,
    reason: str,
    expected_seq: int | None = None,
) -> Signal:
    """Say what is behind a signal. It stays open as long as the chart shows it, and what comes meanwhile needs no
    further word. Refused: no reason, a closed signal."""
    said = _reason(reason, gettext_noop("Expected what is behind the signal."))
    with change(by=by, at=at) as trail:
        signal = _open_one(trail, signal, expected_seq)
        _set_aside(trail, signal)
        signal.state = SignalState.EXPLAINED
        return _say(trail, signal, said, "signal.explained")


def close_signal(
    *,
    by: Actor,
    at: datetime,
    signal: Signal,
    reason: str,
    expected_seq: int | None = None,
) -> Signal:
    """Say that nobody needs to look any more, and why. It is opened again when rules are violated anew before the
    process has returned. Refused: no reason, a signal that is closed."""
    said = _reason(reason, gettext_noop("Expected why nobody needs to look any more."))
    with change(by=by, at=at) as trail:
        signal = _open_one(trail, signal, expected_seq)
        _set_aside(trail, signal)
        signal.state, signal.closing = SignalState.CLOSED, Closing.PERSON
        return _say(trail, signal, said, "signal.closed")


def reopen_signal(
    *, by: Actor, at: datetime, signal: Signal, reason: str, expected_seq: int | None = None
) -> Signal:  # fmt: skip
    """Take back that somebody closed a signal. Refused: no reason, a signal that is open or that closed by itself."""
    said = _reason(reason, gettext_noop("Expected why it is opened again."))
    with change(by=by, at=at) as trail:
        signal = _to_answer(trail, signal, expected_seq)
        if signal.closing != Closing.PERSON:
            raise Refused(
                expected=gettext_noop("Expected a signal that somebody closed."),
                found=gettext_noop("This one is open, or it closed by itself."),
                remedy=gettext_noop("Leave it: what the chart shows later opens it again, or another one."),
            )
        if Signal.objects.filter(
            subject=signal.subject, measure=signal.measure, side=signal.side, state__in=OPEN_STATES
        ).exists():
            raise Refused(
                expected=gettext_noop("Expected a chart without another open signal in this direction."),
                found=gettext_noop("There is a later one."),
                remedy=gettext_noop("Say there what is to be said."),
            )
        _set_aside(trail, signal)
        signal.state, signal.closing = SignalState.SEEN, ""
        return _say(trail, signal, said, "signal.opened_by_hand")


def give_signal(
    *,
    by: Actor,
    at: datetime,
    signal: Signal,
    person: Person | None,
    reason: str = "",
    expected_seq: int | None = None,
    tell: bool = True,
) -> Signal:
    """Say who should look at a signal (None: nobody in particular); he is told, by :func:`tell_of_given` of several
    together where ``tell`` is off. Refused: a closed signal, somebody who may not see what it is about."""
    said = _short(reason)
    with change(by=by, at=at, reason=said) as trail:
        signal = _open_one(trail, signal, expected_seq)
        if person is not None and not _sees(person, signal, at):
            raise Refused(
                field="person",
                expected=gettext_noop("Expected somebody who may see what the signal is about."),
                found=gettext_noop("It is not shared with {name}."),
                remedy=gettext_noop("Choose somebody of one of its two sides, or the quality manager."),
                name=str(person),
            )
        moved = signal.owner_id != (person.pk if person is not None else None)
        signal.owner = person
        trail.save(signal, "signal.given")
        if tell and moved and person is not None:
            tell_of_given(by=by, at=at, person=person, signals=[signal], count=1)
        return signal


def tell_of_given(*, by: Actor, at: datetime, person: Person, signals: Sequence[Signal], count: int) -> None:
    """Tell ``person`` in one message of the ``count`` signals that he is to look at, by the first of them."""
    if by.person is not None and by.person.pk == person.pk:
        return
    keys = list(dict.fromkeys(one.subject for one in signals))
    about = in_words(viewer=Actor.system("signals"), at=at, keys=keys, more=count > len(signals))
    shows = [(Signal.kind, one.public_id) for one in signals]
    topic, address = GIVEN_TOPIC, reverse("monitoring:signal", args=[signals[0].public_id])
    if count > 1:
        topic, address = GIVEN_TOGETHER_TOPIC, f"{reverse('monitoring:signals')}?show=mine"
    values = {"number": signals[0].number, "about": about, "count": count}
    notify(by=by, at=at, person=person, topic=topic, address=address, values=values, shows=shows)


def forget_person(*, by: Actor, at: datetime, person: Person) -> None:
    """Take out what ``person`` said about signals, and give nobody what he was to look at; called when the core forgets
    him."""
    with change(by=by, at=at) as trail:
        for signal in Signal.objects.filter(said_by=person).exclude(reason=""):
            said = trail.lock(Signal, signal)
            said.reason = ""
            trail.save(said, "signal.forgotten")
        for signal in Signal.objects.filter(owner=person, state__in=OPEN_STATES):
            owned = trail.lock(Signal, signal)
            owned.owner = None
            trail.save(owned, "signal.given")
    transaction.on_commit(lambda: scrub("monitoring_signal"), robust=True)


def _to_answer(trail: Trail, signal: Signal, expected_seq: int | None) -> Signal:
    fresh = trail.lock(Signal, signal, expected_seq=expected_seq)
    may = answerable(viewer=trail.by, at=trail.at, keys=[fresh.subject])
    demand(policy.may_answer_signal(trail.by, fresh, may))
    return fresh


def _open_one(trail: Trail, signal: Signal, expected_seq: int | None) -> Signal:
    signal = _to_answer(trail, signal, expected_seq)
    if not signal.is_open:
        raise Refused(
            expected=gettext_noop("Expected a signal that is open."),
            found=gettext_noop("{number} is closed already."),
            remedy=gettext_noop("Look at its page: it says how it was closed."),
            number=signal.number,
        )
    return signal


def _set_aside(trail: Trail, signal: Signal) -> None:
    """What somebody else said before goes by an entry of its own: the trail keeps both words of a change under one key,
    and each is its author's."""
    if signal.reason and signal.said_by_id != (trail.by.person.pk if trail.by.person is not None else None):
        signal.reason = ""
        trail.save(signal, "signal.said_anew")


def _say(trail: Trail, signal: Signal, said: str, action: str) -> Signal:
    signal.reason, signal.said_by, signal.said_at = said, trail.by.person, trail.at
    return trail.save(signal, action)


def _reason(raw: str, expected: str) -> str:
    text = _short(raw)
    if not text:
        raise Refused(field="reason", expected=expected, remedy=gettext_noop("Write it in one sentence; all read it."))
    return text


def _short(raw: str) -> str:
    text = clean_text(raw)
    if len(text) > REASON_LENGTH:
        raise TooLong(field="reason", most=REASON_LENGTH, length=len(text))
    return text


def _sees(person: Person, signal: Signal, at: datetime) -> bool:
    actor = Actor(person, roles_of(person, at))
    return may_use(actor) and Signal.objects.filter(in_sight(viewer=actor, at=at), pk=signal.pk).exists()
