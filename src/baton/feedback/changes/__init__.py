"""Every write of the feedback."""

from baton.feedback.changes.answering_named import answer_by_name
from baton.feedback.changes.asking import choose_people, stay_quiet
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
from baton.feedback.changes.handing import (
    REMIND_JOB,
    REMINDED_TOPIC,
    TEND_JOB,
    claim,
    release,
    remind,
    tell_asked,
    tell_reminder,
    tend,
)
from baton.feedback.changes.opening import HAND_OUT_JOB, Letter, hand_out, handed, lay_ready, open_wave, print_cards
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
    "Asked",
    "CLOSE_JOB",
    "FOUND_TOPIC",
    "HAND_OUT_JOB",
    "Letter",
    "NoBallot",
    "OF_WAVE",
    "PUBLISH_JOB",
    "REMINDED_TOPIC",
    "REMIND_JOB",
    "SheetFaults",
    "TEND_JOB",
    "add_finding",
    "answer_by_name",
    "answer_finding",
    "ask_for_exception",
    "cast_sheet",
    "change_questionnaire",
    "change_wave",
    "choose_people",
    "claim",
    "close_due",
    "close_wave",
    "decline_finding",
    "draw_findings",
    "end_questionnaire",
    "finish_finding",
    "hand_out",
    "handed",
    "invite_people",
    "lay_ready",
    "lose_waves",
    "open_wave",
    "pass_comment",
    "predict_rating",
    "prepare_wave",
    "print_cards",
    "publish_due",
    "publish_wave",
    "put_links",
    "release",
    "remind",
    "reopen_finding",
    "sign_exception",
    "stay_quiet",
    "tell_asked",
    "tell_reminder",
    "tend",
    "waves_without_key",
    "withdraw_wave",
    "withhold_comment",
    "write_questionnaire",
]
