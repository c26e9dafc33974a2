"""Feedback as pages, lists and exports show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from baton.chain.policy import standing_of
from baton.core import formats
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.texts import say
from baton.feedback import policy
from baton.feedback.models import FeedbackEvent, FeedbackItem
from baton.feedback.models.inbox import FEEDBACK_STATES
from baton.feedback.queries import inbox as queries
from baton.feedback.queries.inbox import InboxFilters, timed
from baton.feedback.rules.inbox import STEPS_FROM, WAITING, FeedbackState, FeedbackStep, FeedbackTimes
from baton.feedback.rules.mail_reading import MailNote

ACTIONS = {
    "feedback_item.received": (pgettext_lazy("history", "Feedback received"), "inbox"),
    "feedback_item.sorted": (pgettext_lazy("history", "Kind of feedback changed"), "tag"),
    "feedback_item.passed": (pgettext_lazy("history", "Feedback passed on"), "corner-down-right"),
    "feedback_item.answered": (pgettext_lazy("history", "Feedback answered"), "message-square"),
    "feedback_item.thanked": (pgettext_lazy("history", "Thanks passed on"), "heart"),
    "feedback_item.no_action": (pgettext_lazy("history", "No action on feedback"), "ban"),
    "feedback_item.complaint": (pgettext_lazy("history", "Complaint opened of feedback"), "clipboard-list"),
    "feedback_event.complain": (pgettext_lazy("history", "Complaint opened of feedback"), "clipboard-list"),
    "feedback_item.told_late": (pgettext_lazy("history", "Told that an outcome is late"), "bell"),
    "feedback_item.names_erased": (pgettext_lazy("history", "Names erased from feedback"), "user-x"),
    "feedback_event.pass_on": (pgettext_lazy("history", "Feedback passed on"), "corner-down-right"),
    "feedback_event.answer": (pgettext_lazy("history", "Feedback answered"), "message-square"),
    "feedback_event.thank": (pgettext_lazy("history", "Thanks passed on"), "heart"),
    "feedback_event.decline": (pgettext_lazy("history", "No action on feedback"), "ban"),
}
_STEP_ICONS = {
    FeedbackStep.PASS_ON: "corner-down-right", FeedbackStep.ANSWER: "message-square", FeedbackStep.THANK: "heart",
    FeedbackStep.DECLINE: "ban", FeedbackStep.COMPLAIN: "clipboard-list",
}  # fmt: skip
_LEFT_OUT = {
    MailNote.CUT: gettext_lazy("The e-mail was longer than what is kept; its end was cut off."),
    MailNote.ATTACHMENTS: gettext_lazy("Files came with the e-mail and were not kept."),
    MailNote.HTML: gettext_lazy("The e-mail had no plain text; this is the text of its page."),
    MailNote.UNREADABLE: gettext_lazy("Some characters of the e-mail could not be read."),
}
_SIGNS = {
    FeedbackState.OPEN: "at_risk", FeedbackState.PASSED: "at_risk", FeedbackState.ANSWERED: "kept",
    FeedbackState.COMPLAINT: "info", FeedbackState.THANKED: "kept", FeedbackState.NO_ACTION: "info",
}  # fmt: skip


def rows(viewer: Actor, items: Iterable[FeedbackItem], at: datetime) -> list[dict[str, Any]]:
    """Feedback with the sign of its state, what is due, and who told it where the viewer may read that."""
    standing = standing_of(viewer, day_of(at))
    return [
        {
            "item": item, "clock": clock, **_state_of(item, clock), "about": about(item),
            "who": who_told(item) if policy.may_read_names(standing, item) else "",
        }
        for item, clock in timed(viewer=viewer, at=at, items=items)
    ]  # fmt: skip


def brief(items: Iterable[FeedbackItem]) -> list[dict[str, Any]]:
    """Feedback with the sign of its state, whatever the clock says: on pages that are kept until something changes."""
    return [{"item": one, "sign": _SIGNS[FeedbackState(one.state)], "word": one.get_state_display()} for one in items]


def about(item: FeedbackItem) -> str:
    """What it is about, in a line; empty: nobody said."""
    if item.link is not None:
        sides = f"{say(item.link.supplier.name)} → {say(item.link.customer.name)}"
        return formats.labelled(sides, say(item.link.output.name))
    return say(item.party.name) if item.party is not None else ""


def who_told(item: FeedbackItem) -> str:
    """Who told it, for who may read that; empty: nobody is known."""
    return say(item.teller.name) if item.teller is not None else item.teller_name


def shown(viewer: Actor, item: FeedbackItem, at: datetime) -> dict[str, Any]:
    """What the page of one item shows, and what the viewer may do there."""
    standing, state = standing_of(viewer, day_of(at)), FeedbackState(item.state)
    names, deals = policy.may_read_names(standing, item), policy.may_deal_with(standing, item)
    events = queries.steps_of(item)
    outcomes = [one for one in events if one.step != FeedbackStep.PASS_ON]
    return {
        **rows(viewer, [item], at)[0], "names": names, "deals": deals, "outcomes": outcomes,
        "may": {step.value: deals and state in STEPS_FROM[step] for step in FeedbackStep},
        "waits": state in WAITING, "left_out": left_out(item),
        "complaint": queries.complaint_of(viewer=viewer, at=at, item=item), "history": _history(item, events),
    }  # fmt: skip


def left_out(item: FeedbackItem) -> list[str]:
    """What of an e-mail was not kept as it came, a sentence each."""
    return [str(_LEFT_OUT[MailNote(one)]) for one in item.left_out]


def _state_of(item: FeedbackItem, clock: FeedbackTimes) -> dict[str, Any]:
    state = FeedbackState(item.state)
    word, due = str(FEEDBACK_STATES[state]), ""
    if state in WAITING:
        due = _("Outcome until {moment}").format(moment=formats.moment(clock.due))
    if clock.late:
        return {"sign": "broken", "word": _("{state}, late").format(state=word), "due": due}
    return {"sign": _SIGNS[state], "word": word, "due": due}


def _history(item: FeedbackItem, events: Sequence[FeedbackEvent]) -> list[dict[str, Any]]:
    """What happened to it, for the component ``timeline``, the last first."""
    came = {
        "title": pgettext("history", "Feedback received"), "icon": "inbox", "at": item.received_at,
        "who": str(item.get_channel_display()), "text": "",
    }  # fmt: skip
    return [*(_step(one) for one in reversed(events)), came]


def _step(one: FeedbackEvent) -> dict[str, Any]:
    whom = [say(to.name) for to in (one.earner, one.party) if to is not None]
    parts = [
        *([_("to {name}").format(name=formats.listing(whom))] if whom else []),
        *([one.words] if one.words else []),
    ]
    return {
        "title": str(one.get_step_display()), "icon": _STEP_ICONS[FeedbackStep(one.step)], "at": one.recorded_at,
        "who": say(one.person.name), "text": " · ".join(parts),
    }  # fmt: skip


def header() -> Sequence[str]:
    """Names of the columns."""
    return [
        _("Number"), pgettext("feedback", "Received at"), pgettext("feedback", "Kind"), pgettext("feedback", "Way"),
        pgettext("feedback", "Words"), pgettext("feedback", "About"), pgettext("feedback", "Lies with"),
        pgettext("feedback", "Who told it"), pgettext("feedback", "How to reach him"), _("State"), _("Late"),
        pgettext("feedback", "Outcome due at"), pgettext("feedback", "Dealt with at"), _("In time"),
    ]  # fmt: skip


def table(viewer: Actor, items: Iterable[FeedbackItem], at: datetime) -> Iterator[Sequence[object]]:
    """A row for each; names and how to reach people only where the viewer may read them."""
    standing = standing_of(viewer, day_of(at))
    for row in rows(viewer, items, at):
        item, clock = row["item"], row["clock"]
        in_time = "" if clock.in_time is None else _("Yes") if clock.in_time else _("No")
        yield [
            item.number, item.received_at, str(item.get_category_display()), str(item.get_channel_display()),
            item.words, row["about"], say(item.holder.name) if item.holder is not None else "", row["who"],
            item.teller_reach if policy.may_read_names(standing, item) else "", row["word"],
            _("Yes") if clock.late else _("No"), clock.due, item.dealt_at, in_time,
        ]  # fmt: skip


def all_feedback(viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """A row for each that the viewer sees."""
    found = queries.listed_feedback(viewer=viewer, at=at, filters=InboxFilters(show="all"))
    return table(viewer, found, at)
