"""The page of a handoff, its line in a list, and its panel on the page of a link."""

from __future__ import annotations

import secrets
from collections.abc import Hashable, Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baton.core import formats
from baton.core.audit import words as audit_words
from baton.core.history import HistoryEntry
from baton.core.texts import say
from baton.handoffs.models import Handoff, HandoffLine, Judgement
from baton.handoffs.models.labels import SIDES, STAGES
from baton.handoffs.pages.history import ACTIONS
from baton.handoffs.pages.photos import photo_rows
from baton.handoffs.pages.words import BUTTONS, FIRST, HAPPENED, QUIET, RETURN_SIGNS, SIDE_WORDS, SIGNS
from baton.handoffs.queries import HandoffPage, Moment
from baton.handoffs.queries.genealogy import Genealogy
from baton.handoffs.rules import OPEN, ReturnState, Side, State, Step, plain

_WORDS = {
    "as_agreed": _("as agreed"), "fit_for_use": _("fit for my use"), "request_complete": _("request complete"),
    "told_in_time": _("told in time"),
}  # fmt: skip


def handoff_context(page: HandoffPage, at: datetime) -> dict[str, Any]:
    """What ``handoffs/handoff.html`` shows."""
    found = page.handoff
    return {
        "page": page,
        "handoff": found,
        "link": found.link,
        "sign": SIGNS[State(found.state)],
        "is_late": is_late(found, at) or page.late,
        "buttons": buttons_of(page),
        # A tap that is sent twice is carried out once.
        "submission": secrets.token_hex(16),
        "lines": [line_row(one) for one in page.lines],
        "timeline": [_happened(one) for one in reversed(page.timeline)],
        "returns": [
            {"row": row, "found": row.found, "sign": RETURN_SIGNS[ReturnState(row.found.state)],
             "amount": amount_of(row.found.quantity, row.found.line)}
            for row in page.returns
        ],
        "photos": photo_rows(page.photos),
        "judged": [_judged(one) for one in page.judgements],
        "judges": [{"side": side, "label": SIDE_WORDS[side]} for side in page.judges],
        "stages": [{"stage": stage, "label": STAGES[stage]} for stage in page.stages],
        "history": [_entry(one) for one in page.history],
    }  # fmt: skip


def is_late(found: Handoff, at: datetime) -> bool:
    """Whether it is owed and its time has passed; what waits for the customer came in time or did not."""
    if found.due_at is None or found.state not in OPEN:
        return False
    came: datetime | None = found.delivered_at if found.state == State.DELIVERED else None
    return bool(found.due_at < (came or at))


def buttons_of(page: HandoffPage) -> list[dict[str, Any]]:
    """The steps that the viewer can take: where each leads, its word and icon; what mostly comes next stands first."""
    found = []
    for step in page.steps:
        label, icon = BUTTONS[step]
        found.append(
            {
                "address": reverse("handoffs:step", args=[page.handoff.public_id, step.value]), "label": label,
                "icon": icon, "first": step in FIRST, "quiet": step in QUIET, "taps": step is Step.ACCEPT,
            }
        )  # fmt: skip
    if page.may_withdraw and Step.WITHDRAW not in page.steps:
        label, icon = BUTTONS[Step.WITHDRAW]
        address = reverse("handoffs:step", args=[page.handoff.public_id, Step.WITHDRAW.value])
        found.append({"address": address, "label": label, "icon": icon, "first": False, "quiet": True, "taps": False})
    return sorted(found, key=lambda one: (not one["first"], one["quiet"]))


def line_row(one: HandoffLine) -> dict[str, Any]:
    """A line with its quantities as people write them."""
    amounts = {name: getattr(one, name) for name in ("ordered", "delivered", "accepted", "refused")}
    return {"line": one, **{name: "" if amount is None else plain(amount) for name, amount in amounts.items()}}


def amount_of(quantity: Any, line: HandoffLine | None) -> str:
    """A quantity with the unit of its line; empty where nobody has said."""
    if quantity is None:
        return ""
    return f"{plain(quantity)} {line.unit if line is not None else ''}".rstrip()


def list_rows(found: Iterable[Handoff], at: datetime) -> list[dict[str, Any]]:
    """Handoffs with the sign of their state, and whether they are late."""
    return [{"handoff": one, "sign": SIGNS[State(one.state)], "is_late": is_late(one, at)} for one in found]


def table_rows(found: Iterable[Handoff], at: datetime) -> list[dict[str, Any]]:
    """The same, with all that a row of the table shows."""
    rows = list_rows(found, at)
    for row in rows:
        one = row["handoff"]
        row["shows"] = (*shown_of(one), row["is_late"], one.occurred_at, one.cost)
    return rows


def shown_of(handoff: Handoff) -> tuple[Hashable, ...]:
    """What every list shows of a handoff, in the reader's language."""
    link = handoff.link
    names = say(link.output.name), say(link.supplier.name), say(link.customer.name)
    return (handoff.public_id, handoff.number, handoff.reference, handoff.state, handoff.due_at, *names)


DRAWN = {state: "" if sign == "info" else sign for state, sign in SIGNS.items()}
"""Status of a node in a drawing: what is on its way has none."""


def graph_of(found: Genealogy) -> dict[str, Any]:
    """What the component ``chain_map`` draws of a genealogy."""
    nodes = [
        {
            "id": str(one.pk), "label": f"{one.number}\n{say(one.link.output.name)}", "kind": "handoff",
            "href": reverse("handoffs:handoff", args=[one.public_id]), "status": DRAWN[State(one.state)],
        }
        for one in found.handoffs.values()
    ]  # fmt: skip
    edges = [
        {
            "id": f"{before}-{after}", "source": str(before), "target": str(after),
            "label": gettext("named") if named else gettext("same reference"), "weight": 1, "href": "",
            "status": "unknown", "style": "agreed" if named else "mined",
        }
        for (before, after), named in found.edges.items()
    ]  # fmt: skip
    return {"nodes": nodes, "edges": edges}


def _happened(one: Moment) -> dict[str, Any]:
    title, icon = HAPPENED[one.what]
    said: list[str] = []
    if one.event is not None:
        event = one.event
        said = [event.reason, event.priority, plain(event.quantity) if event.quantity is not None else ""]
        if event.expected_at is not None:
            said.append(formats.labelled(gettext("comes at"), formats.moment(event.expected_at)))
        said.append(event.note)
    return {"title": title, "icon": icon, "at": one.at, "who": one.who, "text": formats.remarks([*filter(None, said)])}


def _judged(one: Judgement) -> dict[str, Any]:
    answers = {name: getattr(one, name) for name in _WORDS}
    said = [
        formats.labelled(_WORDS[name], gettext("Yes") if answer else gettext("No"))
        for name, answer in answers.items()
        if answer is not None
    ]
    return {"judgement": one, "side": SIDES[Side(one.side)], "said": said}


def _entry(entry: HistoryEntry) -> dict[str, Any]:
    title, icon = ACTIONS.get(entry.action, (audit_words.action(entry.action), "dot"))
    process = gettext("Baton ({process})").format(process=audit_words.process(entry.process)) if entry.process else ""
    return {"title": title, "icon": icon, "at": entry.at, "who": say(entry.who) or process, "text": entry.reason}
