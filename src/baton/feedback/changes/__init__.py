"""Every write of the feedback."""

from baton.feedback.changes.answering_named import answer_by_name
from baton.feedback.changes.casting import OF_WAVE, NoBallot, SheetFaults, cast_sheet
from baton.feedback.changes.closing import CLOSE_JOB, close_due, close_wave, lose_waves, waves_without_key
from baton.feedback.changes.comments import pass_comment, withhold_comment
from baton.feedback.changes.findings import (
    FOUND_TOPIC,
    add_finding,
    answer_finding,
    ask_for_exception,
    decline_finding,
    draw_findings,
    finish_finding,
    reopen_finding,
    sign_exception,
)
from baton.feedback.changes.opening import Letter, hand_out, handed, open_wave, print_cards
from baton.feedback.changes.publishing import PUBLISH_JOB, publish_due, publish_wave
from baton.feedback.changes.questionnaires import change_questionnaire, end_questionnaire, write_questionnaire
from baton.feedback.changes.waves import (
    Asked,
    change_wave,
    invite_people,
    predict_rating,
    prepare_wave,
    put_links,
    withdraw_wave,
)

__all__ = [
    "FOUND_TOPIC",
    "add_finding",
    "answer_finding",
    "ask_for_exception",
    "decline_finding",
    "draw_findings",
    "finish_finding",
    "reopen_finding",
    "sign_exception",
    "CLOSE_JOB",
    "OF_WAVE",
    "PUBLISH_JOB",
    "Asked",
    "Letter",
    "NoBallot",
    "SheetFaults",
    "answer_by_name",
    "cast_sheet",
    "change_questionnaire",
    "change_wave",
    "close_due",
    "close_wave",
    "end_questionnaire",
    "hand_out",
    "handed",
    "invite_people",
    "lose_waves",
    "open_wave",
    "pass_comment",
    "predict_rating",
    "prepare_wave",
    "print_cards",
    "publish_due",
    "publish_wave",
    "put_links",
    "waves_without_key",
    "withdraw_wave",
    "withhold_comment",
    "write_questionnaire",
]
