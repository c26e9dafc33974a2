"""The list of signals, and what can be done to many of them: each goes through the function that changes one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from baton.core import formats
from baton.core.actors import Actor
from baton.core.lists.registry import Act, Chosen, FilteredList
from baton.core.rules import Role
from baton.monitoring import changes, forms, policy, queries
from baton.monitoring.models import Signal
from baton.monitoring.pages.signals import asked_signals, sentence, shown
from baton.monitoring.queries import SignalRow

_CLOSED = _("Closed already")
_NOT_YOURS = _("Not yours to answer")


def _see(*, by: Actor, at: datetime, row: SignalRow, **given: Any) -> Signal:
    return changes.see_signal(by=by, at=at, signal=row.signal, **given)


def _explain(*, by: Actor, at: datetime, row: SignalRow, **given: Any) -> Signal:
    return changes.explain_signal(by=by, at=at, signal=row.signal, **given)


def _close(*, by: Actor, at: datetime, row: SignalRow, **given: Any) -> Signal:
    return changes.close_signal(by=by, at=at, signal=row.signal, **given)


def _give(*, by: Actor, at: datetime, row: SignalRow, **given: Any) -> Signal:
    return changes.give_signal(by=by, at=at, signal=row.signal, tell=False, **given)


def _tell(*, by: Actor, at: datetime, rows: Sequence[SignalRow], count: int, **given: Any) -> None:
    signals = [row.signal for row in rows]
    changes.tell_of_given(by=by, at=at, person=given["person"], signals=signals, count=count)


def _refused(viewer: Actor, at: datetime, rows: Sequence[SignalRow]) -> list[Any]:
    return [_CLOSED if not row.signal.is_open else "" if row.may_answer else _NOT_YOURS for row in rows]


def _now(row: SignalRow) -> str:
    one = shown(row)
    return " · ".join(part for part in (one.state, str(row.signal.owner or gettext("nobody")), one.said) if part)


def _offered(actor: Actor, at: datetime) -> Collection[str]:
    """To whoever may say something of any signal; which, each row says."""
    return tuple(ACTS) if policy.may_see_signals(actor) and not actor.has(Role.AUDITOR) else ()


ACTS = {
    "see": Act(_("Seen"), _("Say that signals were seen"), "eye", forms.SeeSignalsForm, _see, _now, _refused),
    "explain": Act(
        _("Explain"), _("Say what is behind signals"), "message-square", forms.ReasonForSignalsForm, _explain, _now,
        _refused,
    ),
    "give": Act(
        _("Give"), _("Say who should look at signals"), "user-check", forms.GiveSignalsForm, _give, _now, _refused,
        afterwards=_tell,
    ),
    "close": Act(
        _("Close"), _("Close signals"), "check", forms.ReasonForSignalsForm, _close, _now, _refused
    ),
}  # fmt: skip
SIGNALS = Chosen(
    matching=lambda *, viewer, at, query: queries.signals_matching(viewer=viewer, at=at, filters=asked_signals(query)),
    find=lambda *, viewer, at, ids: queries.signals_chosen(viewer=viewer, at=at, public_ids=ids),
    named=sentence,
    address=lambda row: reverse("monitoring:signal", args=[row.signal.public_id]),
    some=lambda n: ngettext("{n} signal", "{n} signals", n).format(n=formats.number(n)),
)
SIGNAL_LIST = FilteredList(
    _("Signals"), "monitoring:signals", forms.SignalFilterForm, policy.may_see_signals,
    frozenset({"week", "severity", "state", "number"}), {"show": "open", "order": "-week"},
    rows=SIGNALS, acts=ACTS, offered=_offered,
)  # fmt: skip
