"""What may be read of surveys, and by whom."""

from baton.feedback.queries.ballots import Slip, envelope_of, has_envelope, slip_of, wave_to_answer
from baton.feedback.queries.named import answered_by_name, named_slip, own_answers
from baton.feedback.queries.results import (
    Sight,
    comment_to_pass,
    comments_to_pass,
    passed_comments,
    published_cells,
    published_studies,
    published_wave,
    published_waves,
    sight_of_results,
)
from baton.feedback.queries.sheets import raw_sheets
from baton.feedback.queries.waves import (
    participation,
    questionnaire,
    questionnaires,
    wave,
    waves_asking,
    waves_in_sight,
)

__all__ = [
    "Sight",
    "Slip",
    "answered_by_name",
    "comment_to_pass",
    "comments_to_pass",
    "envelope_of",
    "has_envelope",
    "named_slip",
    "own_answers",
    "participation",
    "passed_comments",
    "published_cells",
    "published_studies",
    "published_wave",
    "published_waves",
    "questionnaire",
    "questionnaires",
    "raw_sheets",
    "sight_of_results",
    "slip_of",
    "wave",
    "wave_to_answer",
    "waves_asking",
    "waves_in_sight",
]
