"""What may be read of surveys, and by whom."""

from baton.feedback.queries.ballots import Slip, envelope_of, has_envelope, slip_of, wave_to_answer
from baton.feedback.queries.waves import (
    participation,
    questionnaire,
    questionnaires,
    wave,
    waves_asking,
    waves_in_sight,
)

__all__ = [
    "Slip",
    "envelope_of",
    "has_envelope",
    "participation",
    "questionnaire",
    "questionnaires",
    "slip_of",
    "wave",
    "wave_to_answer",
    "waves_asking",
    "waves_in_sight",
]
