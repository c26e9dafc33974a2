"""What happened to a handoff, in words."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baton.core import formats
from baton.core.actors import Actor
from baton.core.history import history_of
from baton.core.texts import say
from baton.handoffs.models import Handoff

ACTIONS = {
    "handoff.recorded": (_("Handoff entered"), "plus"),
    "handoff.received": (_("Received by the supplier"), "inbox"),
    "handoff.receive": (_("Received again by the supplier"), "inbox"),
    "handoff.delivered": (_("Delivered"), "package"),
    "handoff.deliver": (_("Delivered again"), "package"),
    "handoff.accepted": (_("Accepted"), "check"),
    "handoff.accept": (_("Accepted"), "check"),
    "handoff.accept_part": (_("Accepted in part"), "check"),
    "handoff.return": (_("Returned"), "undo-2"),
    "handoff.shortage": (_("Part sent back or missing"), "undo-2"),
    "handoff.refuse_request": (_("Request sent back as incomplete"), "ban"),
    "handoff.refuse_input": (_("Not taken: incomplete"), "ban"),
    "handoff.complete": (_("Request completed"), "check"),
    "handoff.warn_late": (_("Warned: will be late"), "bell"),
    "handoff.warn_short": (_("Warned: will be short"), "bell"),
    "handoff.pause": (_("Paused"), "clock"),
    "handoff.resume": (_("Resumed"), "arrow-right"),
    "handoff.priority": (_("Other priority"), "flag"),
    "handoff.confirm_silent": (_("Not confirmed in time"), "clock"),
    "handoff.withdrawn": (_("Handoff withdrawn"), "circle-slash"),
    "handoff.gave_way": (_("Fell out: its standing order changed"), "circle-slash"),
    "handoff.closed": (_("Nothing more is owed"), "circle-check"),
    "handoff.complete_anew": (_("Completeness follows what is missing"), "pencil"),
    "handoff.told": (_("More told by another system"), "pencil"),
    "handoff.cost_said": (_("Cost said"), "pencil"),
    "handoff.tallied": (_("Hour or shift counted"), "list-checks"),
    "handoff.tally_corrected": (_("Count corrected"), "pencil"),
    "handoff_line.counted": (_("Counted"), "list-checks"),
    "handoff_line.added": (_("Line entered"), "plus"),
    "handoff_line.told": (_("More of a line told by another system"), "pencil"),
    "handoff_line.delivered": (_("Quantity delivered said"), "package"),
    "handoff_line.refused": (_("Less of a line taken"), "undo-2"),
    "handoff_line.given_back": (_("What came back of a line does not count"), "pencil"),
    "handoff_event.added": (_("Event of a handoff noted"), "plus"),
    "handoff_return.opened": (_("Return opened"), "undo-2"),
    "handoff_return.contested": (_("Return contested"), "flag"),
    "handoff_return.decided": (_("Return decided by the arbiter"), "scale"),
    "handoff_return.settled": (_("Return settled"), "check"),
    "handoff_return.withdrawn": (_("Return taken back"), "circle-slash"),
    "handoff_photo.added": (_("Evidence photo added"), "eye"),
    "judgement.said": (_("Handoff judged"), "message-square"),
    "stage_check.added": (_("Check entered"), "clipboard-check"),
    "measured_value.added": (_("Measured value entered"), "plus"),
    "measured_value.cited_anew": (_("Measured value cites the clause then in force"), "pencil"),
    "handoff_origin.added": (_("Predecessor named"), "route"),
    "handoff_origin.ended": (_("Predecessor taken back"), "circle-slash"),
    "measured_path.begun": (_("Path measured from now on"), "route"),
    "measured_path.ended": (_("Path measured no more"), "circle-slash"),
    "link_practice.proposed": (_("Arbiter and hours to contest proposed"), "scale"),
    "link_practice.agreed": (_("Arbiter and hours to contest agreed"), "handshake"),
    "link_practice.silence_proposed": (_("Hours of silence proposed"), "clock"),
    "link_practice.silence_confirmed": (_("Hours of silence agreed"), "handshake"),
    "standing_order.added": (_("Standing order made"), "plus"),
    "standing_order.changed": (_("Standing order changed"), "pencil"),
    "standing_order.expected": (_("Next days of a standing order expected"), "calendar"),
    "standing_order.paused": (_("Standing order paused"), "clock"),
    "standing_order.resumed": (_("Standing order goes on"), "arrow-right"),
    "standing_order.ended": (_("Standing order ended"), "circle-slash"),
    "link_settlement.proposed": (_("Terms of settlement proposed"), "scale"),
    "link_settlement.agreed": (_("Terms of settlement agreed"), "handshake"),
    "link_settlement.dropped": (_("Terms of settlement not agreed"), "circle-slash"),
    "link_settlement.ended": (_("Settlement ended"), "circle-slash"),
    "ledger_entry.credit": (_("Points earned"), "plus"),
    "ledger_entry.claim": (_("Points given back as claimed"), "undo-2"),
    "ledger_entry.ruling": (_("Points given back as decided"), "scale"),
    "ledger_entry.void": (_("Points of a withdrawn handoff taken back"), "circle-slash"),
    "settlement_claim.made": (_("Points claimed back"), "flag"),
    "settlement_claim.accepted": (_("Claim accepted"), "check"),
    "settlement_claim.disputed": (_("Claim disputed"), "flag"),
    "settlement_claim.tripped": (_("Claim tripped: the arbiter decides"), "bell"),
    "settlement_claim.decided": (_("Claim decided by the arbiter"), "scale"),
    "settlement_claim.withdrawn": (_("Claim taken back"), "circle-slash"),
    "settlement_claim.voided": (_("Claim void: the handoff was withdrawn"), "circle-slash"),
    "call_point.added": (_("Call point set up"), "plus"),
    "call_point.renamed": (_("Call point renamed"), "pencil"),
    "call_point.called": (_("Somebody was called"), "bell"),
    "call_point.ended": (_("Call point ended"), "circle-slash"),
    "shared_tablet.registered": (_("Shared tablet registered"), "smartphone"),
    "shared_tablet.withdrawn": (_("Shared tablet withdrawn"), "circle-slash"),
    "shared_tablet.badge_refused": (_("Unknown badge on a shared tablet"), "ban"),
    "defect_code.added": (_("Defect code added"), "plus"),
    "defect_code.renamed": (_("Defect code renamed"), "pencil"),
    "defect_code.ended": (_("Defect code ended"), "circle-slash"),
}
"""Words and icons of the entries of the trail."""


def meanwhile(viewer: Actor, found: Handoff) -> str:
    """What happened last to a handoff which the viewer may see, for somebody who acted on what it was before."""
    entries = history_of(viewer=viewer, object_ids=[found.public_id])
    words = [gettext("{number} has changed meanwhile; nothing was saved.").format(number=found.number)]
    for last in entries[:1]:
        title = ACTIONS[last.action][0] if last.action in ACTIONS else ""
        words.append(formats.remarks([str(one) for one in (title, say(last.who), formats.moment(last.at)) if one]))
    return " ".join(words)
