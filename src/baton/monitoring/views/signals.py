"""Pages of signals: the list, one, what is said to it, and who is told of new ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baton.core.answering import carried_out, version_sent
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.lists.bar import is_filtered, opens_default_view
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.monitoring import changes, policy, queries
from baton.monitoring.forms import GiveSignalForm, SignalFilterForm, SignalReasonForm, SignalRuleForm
from baton.monitoring.models import Signal
from baton.monitoring.pages.signals import (
    asked_signals,
    export_header,
    export_rows,
    list_page,
    rules_page,
    sentence,
    signal_values,
)
from baton.monitoring.queries import SignalRow


@require_GET
@guarded(policy.may_see_signals)
@opens_default_view("monitoring.signals")
def signals(request: BatonRequest) -> HttpResponse:
    """The list."""
    filters = asked_signals(request.GET.dict())
    values = {
        **list_page(request.actor, request.now, filters, request.GET.get("page", "1")),
        "filter": SignalFilterForm(request.GET),
        "filters": filters,
        "filtered": is_filtered(request, "monitoring.signals"),
    }
    return render(request, "monitoring/signals.html", values)


@require_GET
@guarded(policy.may_see_signals)
def export_signals(request: BatonRequest) -> HttpResponseBase:
    """The list as it is filtered, as CSV or workbook."""
    filters = asked_signals(request.GET.dict())
    found = queries.signals_to_export(viewer=request.actor, at=request.now, filters=filters)
    return download(request, "signals", export_header(), export_rows(found))


@require_GET
@guarded(policy.may_see_signals)
def signal(request: BatonRequest, public_id: str) -> HttpResponse:
    """One signal with its chart, what was said, and what can be said."""
    return render(request, "monitoring/signal.html", signal_values(request.actor, request.now, public_id))


@require_POST
@guarded(policy.may_see_signals)
def see_signal(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say that one has looked at it."""
    row = _to_answer(request, public_id)
    changes.see_signal(by=request.actor, at=request.now, signal=row.signal, expected_seq=version_sent(request))
    messages.success(request, _("Noted: you have seen it."))
    return redirect("monitoring:signal", public_id)


@require_http_methods(["GET", "POST"])
@guarded(policy.may_see_signals)
def explain_signal(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say what is behind it."""
    return _reason(request, public_id, _("Explain the signal"), changes.explain_signal)


@require_http_methods(["GET", "POST"])
@guarded(policy.may_see_signals)
def close_signal(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say that nobody needs to look any more."""
    return _reason(request, public_id, _("Close the signal"), changes.close_signal)


@require_http_methods(["GET", "POST"])
@guarded(policy.may_see_signals)
def reopen_signal(request: BatonRequest, public_id: str) -> HttpResponse:
    """Take back that it was closed."""
    return _reason(request, public_id, _("Open the signal again"), changes.reopen_signal)


@require_http_methods(["GET", "POST"])
@guarded(policy.may_see_signals)
def give_signal(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say who should look at it."""
    row = _to_answer(request, public_id)
    initial = {"reason": "", "person": row.signal.owner or request.actor.person}
    form = GiveSignalForm(request.POST or None, record=row.signal, viewer=request.actor, initial=initial)

    def write() -> Signal:
        return changes.give_signal(by=request.actor, at=request.now, signal=row.signal, **form.given())

    return _answered(request, form, write, row, _("Say who should look"))


@require_http_methods(["GET", "POST"])
@guarded(policy.may_see_signals)
def rules(request: BatonRequest) -> HttpResponse:
    """Who is told of which new signals, and a further rule."""
    for_all = policy.may_set_rules_for_all(request.actor)
    initial = {"person": request.actor.person} if for_all else {}
    form = SignalRuleForm(request.POST or None, viewer=request.actor, for_all=for_all, initial=initial)

    def write() -> Any:
        return changes.add_signal_rule(by=request.actor, at=request.now, **form.given())

    if carried_out(request, form, write, said=_("The rule holds from now on.")) is not None:
        return redirect("monitoring:rules")
    values = {**rules_page(request.actor), "form": form, "may_add": request.actor.person is not None}
    return render(request, "monitoring/rules.html", values, status=form.status)


@require_POST
@guarded(policy.may_see_signals)
def withdraw_rule(request: BatonRequest, public_id: str) -> HttpResponse:
    """Nobody is told because of this rule any more."""
    rule = queries.signal_rule(viewer=request.actor, public_id=public_id)
    changes.withdraw_signal_rule(by=request.actor, at=request.now, rule=rule, expected_seq=version_sent(request))
    messages.success(request, _("The rule is withdrawn."))
    return redirect("monitoring:rules")


def _to_answer(request: BatonRequest, public_id: str) -> SignalRow:
    row = queries.signal(viewer=request.actor, at=request.now, public_id=public_id)
    demand(row.may_answer)
    return row


def _reason(request: BatonRequest, public_id: str, title: str, change: Callable[..., Signal]) -> HttpResponse:
    row = _to_answer(request, public_id)
    form = SignalReasonForm(request.POST or None, record=row.signal, initial={"reason": ""})

    def write() -> Signal:
        return change(by=request.actor, at=request.now, signal=row.signal, **form.given())

    return _answered(request, form, write, row, title)


def _answered(
    request: BatonRequest, form: Any, write: Callable[[], Signal], row: SignalRow, title: str
) -> HttpResponse:  # fmt: skip
    """Back at the signal once the form is carried out; until then the form."""
    back = reverse("monitoring:signal", args=[row.signal.public_id])
    if carried_out(request, form, write) is not None:
        return HttpResponseRedirect(back)
    values = {"form": form, "title": title, "back": back, "subject": sentence(row)}
    return render(request, "monitoring/signal_form.html", values, status=form.status)
