"""Handoffs in words and signs, as lists and pages show them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.handoffs.rules import ReturnState, Side, State, Step

SIGNS = {
    State.EXPECTED: "info", State.DELIVERED: "info", State.ACCEPTED: "kept", State.PARTLY: "at_risk",
    State.RETURNED: "broken", State.UNCONFIRMED: "unknown", State.SETTLED: "unknown", State.REFUSED: "at_risk",
    State.WITHDRAWN: "unknown",
}  # fmt: skip
"""Code of the status under which a state is shown; its word is the state's own."""

RETURN_SIGNS = {
    ReturnState.OPEN: "broken", ReturnState.CONTESTED: "at_risk", ReturnState.UPHELD: "broken",
    ReturnState.DISMISSED: "unknown", ReturnState.UNDECIDED: "unknown", ReturnState.SETTLED: "kept",
    ReturnState.WITHDRAWN: "unknown",
}  # fmt: skip

HAPPENED: dict[str, tuple[Any, str]] = {
    "requested": (pgettext_lazy("handoff", "Asked for"), "send"),
    Step.RECEIVE: (pgettext_lazy("handoff", "Received by the supplier"), "inbox"),
    Step.DELIVER: (pgettext_lazy("handoff", "Delivered"), "truck"),
    Step.ACCEPT: (pgettext_lazy("handoff", "Accepted"), "circle-check"),
    Step.ACCEPT_PART: (pgettext_lazy("handoff", "Accepted in part"), "check"),
    Step.RETURN: (pgettext_lazy("handoff", "Returned"), "undo-2"),
    Step.SHORTAGE: (pgettext_lazy("handoff", "Part sent back or missing"), "undo-2"),
    Step.REFUSE_REQUEST: (pgettext_lazy("handoff", "Request sent back as incomplete"), "ban"),
    Step.REFUSE_INPUT: (pgettext_lazy("handoff", "Not taken: incomplete"), "ban"),
    Step.COMPLETE: (pgettext_lazy("handoff", "Request completed"), "check"),
    Step.WARN_LATE: (pgettext_lazy("handoff", "Warned: will be late"), "bell"),
    Step.WARN_SHORT: (pgettext_lazy("handoff", "Warned: will be short"), "bell"),
    Step.PAUSE: (pgettext_lazy("handoff", "Paused"), "clock"),
    Step.RESUME: (pgettext_lazy("handoff", "Work goes on"), "arrow-right"),
    Step.PRIORITY: (pgettext_lazy("handoff", "Other priority"), "flag"),
    Step.CONFIRM_SILENT: (pgettext_lazy("handoff", "Not confirmed in time"), "clock"),
    Step.CLOSE: (pgettext_lazy("handoff", "Nothing more is owed"), "circle-check"),
    Step.WITHDRAW: (pgettext_lazy("handoff", "Withdrawn"), "circle-slash"),
}
"""Words and icon of what happened, for the timeline."""

BUTTONS: dict[Step, tuple[Any, str]] = {
    Step.RECEIVE: (_("I have all I need"), "inbox"),
    Step.DELIVER: (_("Hand over"), "truck"),
    Step.ACCEPT: (_("Accept"), "circle-check"),
    Step.ACCEPT_PART: (_("Accept all except…"), "list-checks"),
    Step.RETURN: (_("Return all of it"), "undo-2"),
    Step.SHORTAGE: (_("Something is wrong or missing"), "undo-2"),
    Step.REFUSE_REQUEST: (_("Request is incomplete"), "ban"),
    Step.REFUSE_INPUT: (_("It is incomplete: do not take it"), "ban"),
    Step.COMPLETE: (_("Request is complete now"), "check"),
    Step.WARN_LATE: (_("It will be late"), "bell"),
    Step.WARN_SHORT: (_("It will be short"), "bell"),
    Step.PAUSE: (_("Pause"), "clock"),
    Step.RESUME: (_("Go on"), "arrow-right"),
    Step.PRIORITY: (_("Other priority"), "flag"),
    Step.WITHDRAW: (_("Withdraw"), "circle-slash"),
}
"""Words and icon of the button of a step."""

FIRST = (Step.ACCEPT, Step.DELIVER, Step.COMPLETE)
"""What mostly comes next: the button that stands out."""
QUIET = (Step.WITHDRAW, Step.PRIORITY, Step.PAUSE, Step.RESUME, Step.RECEIVE, Step.REFUSE_REQUEST)
"""What seldom comes."""

SIDE_WORDS = {Side.SUPPLIER: _("Judge as the supplier"), Side.CUSTOMER: _("Judge as the customer")}
