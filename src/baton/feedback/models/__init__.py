"""Tables of the feedback. Those of named grades are imported from their own module alone: what stands beside a name and
what is anonymous never meet in one place."""

import baton.feedback.models.grades  # noqa: F401
from baton.feedback.models.asking import HandingOut, Occasion, QuietPerson, WaveReminder
from baton.feedback.models.complaints import Complaint, ComplaintStep
from baton.feedback.models.confidants import Confidant, SealedTalk, TalkTally
from baton.feedback.models.expectations import Expectation
from baton.feedback.models.findings import Finding, WaveException
from baton.feedback.models.inbox import FeedbackDoor, FeedbackEvent, FeedbackItem
from baton.feedback.models.needs import EmployeeNeed, NeedEvent
from baton.feedback.models.plans import PlanLink, PlannedWave, SurveyPlan
from baton.feedback.models.published import PublishedCell, PublishedStudy
from baton.feedback.models.questionnaires import Questionnaire
from baton.feedback.models.urn import AnswerSheet, Ballot, CommentState, Envelope, SurveyComment, UrnSheet
from baton.feedback.models.waves import InvitedLink, NamedSheet, SurveyInvitation, Wave, WaveLink

__all__ = [
    "AnswerSheet",
    "Ballot",
    "CommentState",
    "Complaint",
    "ComplaintStep",
    "Confidant",
    "EmployeeNeed",
    "Envelope",
    "Expectation",
    "FeedbackDoor",
    "FeedbackEvent",
    "FeedbackItem",
    "Finding",
    "HandingOut",
    "InvitedLink",
    "NamedSheet",
    "NeedEvent",
    "Occasion",
    "PlanLink",
    "PlannedWave",
    "PublishedCell",
    "PublishedStudy",
    "Questionnaire",
    "QuietPerson",
    "SealedTalk",
    "SurveyComment",
    "SurveyInvitation",
    "SurveyPlan",
    "TalkTally",
    "UrnSheet",
    "Wave",
    "WaveException",
    "WaveLink",
    "WaveReminder",
]
