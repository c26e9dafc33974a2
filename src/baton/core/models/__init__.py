"""Tables of the core."""

from baton.core.models.audit import AuditEntry, FeedCursor, PersonalValue, SubjectKey
from baton.core.models.messages import Notification
from baton.core.models.people import OrganisationRole, Person, ResetCode
from baton.core.models.records import NumberSeries, Record
from baton.core.models.schedule import Schedule
from baton.core.models.submissions import Submission

__all__ = [
    "AuditEntry",
    "FeedCursor",
    "Notification",
    "NumberSeries",
    "OrganisationRole",
    "Person",
    "PersonalValue",
    "Record",
    "ResetCode",
    "Schedule",
    "SubjectKey",
    "Submission",
]
