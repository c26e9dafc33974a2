"""Rules of the feedback: questionnaires, answers, waves, and how answers are kept from being traced. Pure Python."""

from baton.feedback.rules.answers import COMMENT_LENGTH, checked_answers
from baton.feedback.rules.drafting import faults_of, piped
from baton.feedback.rules.faults import Fault
from baton.feedback.rules.questions import (
    NOT_APPLICABLE,
    About,
    Contents,
    Kind,
    Option,
    Question,
    Scored,
    Section,
    contents_of,
    document_of,
    number_in,
    scored_of,
)
from baton.feedback.rules.waves import (
    FEWEST,
    FEWEST_COMMENTS,
    FEWEST_RANGE,
    LINKS_A_SHEET,
    LIVING,
    OVER,
    Band,
    Mode,
    WaveState,
    Way,
    participation_told,
)

__all__ = [
    "COMMENT_LENGTH",
    "FEWEST",
    "FEWEST_COMMENTS",
    "FEWEST_RANGE",
    "LINKS_A_SHEET",
    "LIVING",
    "NOT_APPLICABLE",
    "OVER",
    "About",
    "Band",
    "Contents",
    "Fault",
    "Kind",
    "Mode",
    "Option",
    "Question",
    "Scored",
    "Section",
    "WaveState",
    "Way",
    "checked_answers",
    "contents_of",
    "document_of",
    "faults_of",
    "number_in",
    "participation_told",
    "piped",
    "scored_of",
]
