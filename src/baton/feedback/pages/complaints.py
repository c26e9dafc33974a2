"""Complaints as pages, lists and exports show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from baton.chain.policy import Standing
from baton.core import formats
from baton.core.actors import Actor
from baton.core.queries import SignatureStanding
from baton.core.texts import say
from baton.feedback import policy
from baton.feedback.models import Complaint, ComplaintStep
from baton.feedback.models.complaints import CHANNELS, COMPLAINT_STATES
from baton.feedback.pages.complaint_history import ACTIONS
from baton.feedback.queries.complaints import (
    PERSONAL,
    ComplaintFilters,
    handled,
    listed_complaints,
    round_of,
    said_of,
    steps_of,
    timed,
)
from baton.feedback.rules.complaints import (
    ACTS_FROM,
    OVER,
    SIGNED_LEADS_TO,
    Channel,
    Clock,
    ComplaintAct,
    ComplaintState,
    ComplaintTimes,
)

Signed = Mapping[str, Sequence[SignatureStanding]]
"""Signatures under steps, by the public id of the step."""
_SIGNS = {
    ComplaintState.RECEIVED: "at_risk", ComplaintState.INVESTIGATED: "at_risk", ComplaintState.DECIDED: "info",
    ComplaintState.RESOLVED: "info", ComplaintState.CLOSED: "kept", ComplaintState.DROPPED: "unknown",
}  # fmt: skip
NEXT = {
    ComplaintState.RECEIVED: pgettext_lazy("complaint", "Find the cause, write it down and sign it."),
    ComplaintState.INVESTIGATED: pgettext_lazy(
        "complaint", "Decide what is done, and sign it; not by who signed the cause."
    ),
    ComplaintState.DECIDED: pgettext_lazy("complaint", "Do what was decided, and enter what came of it."),
    ComplaintState.RESOLVED: pgettext_lazy("complaint", "Tell the customer; say what keeps it from coming again."),
    ComplaintState.CLOSED: "",
    ComplaintState.DROPPED: "",
}
FORM_PARTS = (ComplaintAct.CAUSE, ComplaintAct.DISPOSITION, ComplaintAct.RESULT, ComplaintAct.PREVENT)
"""What stands on the form below the phenomenon, in its order."""


def rows(viewer: Actor, complaints: Iterable[Complaint], at: datetime) -> list[dict[str, Any]]:
    """Complaints with their sign and what is due next."""
    return [{"one": one, "times": times, **standing_of(one, times)}
            for one, times in timed(viewer=viewer, at=at, complaints=complaints)]  # fmt: skip


def standing_of(one: Complaint, times: ComplaintTimes) -> dict[str, Any]:
    """``sign`` and ``word`` of its state, ``due`` what is owed next by when, ``next`` what is to be done."""
    state = ComplaintState(one.state)
    word = str(COMPLAINT_STATES[state])
    due = "" if state in OVER else _due(times)
    found = {"word": word, "due": due, "next": str(NEXT[state])}
    if times.late:
        return {**found, "sign": "broken", "word": _("{state}, late").format(state=word)}
    return {**found, "sign": _SIGNS[state]}


def _due(times: ComplaintTimes) -> str:
    """What the customer waits for next."""
    for clock, said in (
        (times.acknowledged, _("Acknowledge until {moment}")),
        (times.resolved, _("Resolve until {moment}")),
        (times.notified, _("Tell the customer until {moment}")),
    ):
        if clock.done is None and clock.due is not None:
            return said.format(moment=formats.moment(clock.due))
    return ""


def clocks(times: ComplaintTimes) -> list[dict[str, Any]]:
    """The three clocks: what it is, until when, when it was done, and its sign."""
    named = (
        (pgettext("complaint", "Acknowledged"), times.acknowledged),
        (pgettext("complaint", "Resolved"), times.resolved),
        (pgettext("complaint", "Customer notified"), times.notified),
    )
    return [{"label": label, "due": clock.due, "done": clock.done, **_clock_sign(clock)} for label, clock in named]


def _clock_sign(clock: Clock) -> dict[str, str]:
    if clock.in_time is None:
        return {"sign": "unknown", "word": _("Not due yet") if clock.due is None else _("Runs")}
    if clock.in_time:
        return {"sign": "kept", "word": _("In time")}
    return {"sign": "broken", "word": _("Late")}


def customer_of(one: Complaint) -> list[tuple[str, str]]:
    """The customer's data, for who reads them."""
    labels = {
        "customer_name": _("Customer’s name"), "customer_number": _("Customer number"), "telephone": _("Telephone"),
        "email": _("E-mail"),
    }  # fmt: skip
    return [(labels[name], getattr(one, name)) for name in PERSONAL if getattr(one, name)]


def parts(one: Complaint, signed: Signed) -> list[dict[str, Any]]:
    """What was found, decided and done, as it stands on the form: words, who wrote them, signatures."""
    steps = steps_of(one)
    found = []
    for act in FORM_PARTS:
        step = said_of(steps, act)
        under = list(signed.get(step.public_id, ())) if step is not None else []
        found.append({
            "act": act, "step": step, "signatures": under,
            "unsigned": step is not None and act in SIGNED_LEADS_TO and not under,
        })  # fmt: skip
    return found


def timeline(one: Complaint, signed: Signed) -> list[dict[str, Any]]:
    """What happened to it, the last first."""
    came = {
        "title": pgettext("history", "Complaint received"), "icon": "plus", "at": one.received_at,
        "who": say(one.received_by.name), "text": str(CHANNELS[Channel(one.channel)]),
    }  # fmt: skip
    entries: list[dict[str, Any]] = [came]
    for step in steps_of(one):
        entries.append(_entry(step))
        entries += [
            {
                "title": pgettext("complaint", "Signed"), "icon": "user-check", "at": standing.signature.signed_at,
                "who": say(standing.signature.printed_name), "text": str(step.get_act_display()),
            }
            for standing in signed.get(step.public_id, ())
        ]  # fmt: skip
    return sorted(entries, key=lambda entry: entry["at"])[::-1]


def _entry(step: ComplaintStep) -> dict[str, Any]:
    told = str(CHANNELS[Channel(step.channel)]) if step.channel else ""
    return {
        "title": str(step.get_act_display()), "icon": ACTIONS[f"complaint_step.{step.act}"][1], "at": step.happened_at,
        "who": say(step.person.name), "text": " · ".join(part for part in (told, step.words) if part),
    }  # fmt: skip


def allowed(standing: Standing, one: Complaint) -> dict[str, bool]:
    """Which steps the reader may take now, by their name."""
    state = ComplaintState(one.state)
    steps = steps_of(one)
    round_ = {step.act for step in round_of(steps)}
    handles = policy.may_handle_complaint(standing, one)
    investigates = policy.may_investigate_complaint(standing, one)
    decides = policy.may_decide_complaint(standing, one)
    who = dict.fromkeys(ComplaintAct, handles) | {
        ComplaintAct.ROUTE: policy.may_route_complaint(standing, one), ComplaintAct.CAUSE: investigates,
        ComplaintAct.DISPOSITION: decides, ComplaintAct.DROP: decides,
    }  # fmt: skip
    found = {act.value: who[act] and state in ACTS_FROM[act] for act in ComplaintAct}
    found["acknowledge"] = found["acknowledge"] and all(step.act != ComplaintAct.ACKNOWLEDGE for step in steps)
    found["sign_cause"] = found["cause"] and ComplaintAct.CAUSE in round_
    found["sign_disposition"] = found["disposition"] and ComplaintAct.DISPOSITION in round_
    found["correct"] = handles and state is ComplaintState.RECEIVED
    found["forget"] = state in OVER and one.forgotten_at is None and policy.may_forget_complainant(standing.actor)
    return found


def header() -> Sequence[str]:
    """Names of the columns."""
    return [
        _("Number"), _("Received at"), pgettext("complaint form", "Matter"), _("How it came"), _("How urgent"),
        _("Customer’s name"), _("Customer number"), _("Telephone"), _("E-mail"), _("Customer"), _("Supplier"),
        _("Link"), _("Product"), pgettext("of a product", "Model"), _("Lot"), _("Shipped on"), _("Invoice number"),
        _("Phenomenon"), _("Received by"), _("State"), _("Late"), _("Acknowledged at"), _("Resolved at"),
        _("Customer notified at"), _("Cause"), _("Disposition"), _("Result"), _("Recurrence prevention"),
    ]  # fmt: skip


def table(viewer: Actor, complaints: Iterable[Complaint], at: datetime) -> Iterator[Sequence[object]]:
    """A row for each complaint; the customer's data only of those that the viewer handles."""
    known = list(complaints)
    reads = handled(viewer=viewer, at=at, complaints=known)
    for row in rows(viewer, known, at):
        one, times = row["one"], row["times"]
        said = {act: said_of(steps_of(one), act) for act in FORM_PARTS}
        yield [
            one.number, one.received_at, str(one.get_matter_display()), str(one.get_channel_display()),
            str(one.get_urgency_display()), *(getattr(one, name) if one.pk in reads else "" for name in PERSONAL),
            say(one.customer.name) if one.customer else "", say(one.supplier.name) if one.supplier else "",
            one.link.number if one.link else "", one.product, one.model, one.lot, one.shipped_on, one.invoice,
            one.phenomenon, say(one.received_by.name), row["word"], _("Yes") if times.late else _("No"),
            times.acknowledged.done, times.resolved.done, times.notified.done,
            *(step.words if step is not None else "" for step in said.values()),
        ]  # fmt: skip


def all_complaints(viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """Every complaint that the viewer reads."""
    return table(viewer, listed_complaints(viewer=viewer, at=at, filters=ComplaintFilters(show="all")), at)
