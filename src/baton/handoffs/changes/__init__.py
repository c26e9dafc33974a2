"""Every write of the handoffs."""

from collections.abc import Callable, Mapping

from baton.handoffs.changes.codes import add_defect_code, end_defect_code, rename_defect_code
from baton.handoffs.changes.findings import (
    add_predecessor,
    end_predecessor,
    judge_handoff,
    record_check,
    record_value,
)
from baton.handoffs.changes.lines import LineGiven
from baton.handoffs.changes.paths import PATHS_JOB, end_path, measure_path, refresh_paths
from baton.handoffs.changes.practice import confirm_practice, confirm_silence, propose_practice, propose_silence
from baton.handoffs.changes.recording import record_handoff, request_handoff
from baton.handoffs.changes.returning import Less, accept_in_part, return_handoff, return_part
from baton.handoffs.changes.returns import contest_return, decide_return, settle_return, withdraw_return
from baton.handoffs.changes.settlement import (
    ANSWER_TOPIC,
    ARBITER_TOPIC,
    DECIDED_TOPIC,
    POST_JOB,
    TERMS_TOPIC,
    TRIP_JOB,
    accept_claim,
    agree_to_settlement,
    claim_points,
    dispute_claim,
    drop_settlement,
    end_settlement,
    post_points,
    propose_settlement,
    rule_on_claim,
    trip_breaches,
    withdraw_claim,
)
from baton.handoffs.changes.silence import CONFIRM_JOB, confirm_by_silence
from baton.handoffs.changes.standing import (
    EXPECT_JOB,
    ORDER_TOPIC,
    OrderGiven,
    add_order,
    change_order,
    end_order,
    expect_by_orders,
    lines_kept,
    pause_order,
    preview_order,
    resume_order,
)
from baton.handoffs.changes.steps import (
    accept_handoff,
    change_priority,
    complete_request,
    deliver_handoff,
    pause_handoff,
    receive_handoff,
    refuse_input,
    refuse_request,
    resume_handoff,
    say_cost,
    warn_late,
    warn_short,
    withdraw_handoff,
)
from baton.handoffs.changes.tallies import enter_tally
from baton.handoffs.models import Handoff
from baton.handoffs.rules import Step

STEPS_TAKEN: Mapping[Step, Callable[..., Handoff]] = {
    Step.RECEIVE: receive_handoff, Step.DELIVER: deliver_handoff, Step.ACCEPT: accept_handoff,
    Step.ACCEPT_PART: accept_in_part, Step.RETURN: return_handoff, Step.SHORTAGE: return_part,
    Step.REFUSE_REQUEST: refuse_request, Step.REFUSE_INPUT: refuse_input, Step.COMPLETE: complete_request,
    Step.WARN_LATE: warn_late, Step.WARN_SHORT: warn_short, Step.PAUSE: pause_handoff, Step.RESUME: resume_handoff,
    Step.PRIORITY: change_priority, Step.WITHDRAW: withdraw_handoff,
}  # fmt: skip
"""The change of each step that people take; all take by=, at=, handoff= and expected_seq=."""

__all__ = [
    "ANSWER_TOPIC",
    "ARBITER_TOPIC",
    "DECIDED_TOPIC",
    "POST_JOB",
    "TERMS_TOPIC",
    "TRIP_JOB",
    "accept_claim",
    "agree_to_settlement",
    "claim_points",
    "dispute_claim",
    "drop_settlement",
    "end_settlement",
    "post_points",
    "propose_settlement",
    "rule_on_claim",
    "trip_breaches",
    "withdraw_claim",
    "CONFIRM_JOB",
    "EXPECT_JOB",
    "ORDER_TOPIC",
    "PATHS_JOB",
    "OrderGiven",
    "STEPS_TAKEN",
    "add_order",
    "change_order",
    "end_order",
    "end_path",
    "measure_path",
    "refresh_paths",
    "expect_by_orders",
    "lines_kept",
    "pause_order",
    "preview_order",
    "resume_order",
    "Less",
    "LineGiven",
    "accept_handoff",
    "accept_in_part",
    "add_defect_code",
    "add_predecessor",
    "change_priority",
    "complete_request",
    "confirm_by_silence",
    "confirm_practice",
    "confirm_silence",
    "contest_return",
    "decide_return",
    "deliver_handoff",
    "end_defect_code",
    "end_predecessor",
    "enter_tally",
    "judge_handoff",
    "pause_handoff",
    "propose_practice",
    "propose_silence",
    "receive_handoff",
    "record_check",
    "record_handoff",
    "record_value",
    "refuse_input",
    "refuse_request",
    "rename_defect_code",
    "request_handoff",
    "resume_handoff",
    "return_handoff",
    "return_part",
    "say_cost",
    "settle_return",
    "warn_late",
    "warn_short",
    "withdraw_handoff",
    "withdraw_return",
]
