"""Tables of the core."""

from baton.core.models.act_proofs import ActProof
from baton.core.models.audit import AuditEntry, FeedCursor, PersonalValue, SubjectKey
from baton.core.models.batches import Batch
from baton.core.models.calendars import CalendarDay, WorkCalendar
from baton.core.models.discussions import Attachment, Comment, Following
from baton.core.models.external_keys import ExternalKey
from baton.core.models.feeds import CalendarFeed
from baton.core.models.identities import Identity
from baton.core.models.imports import ImportRun, SavedMapping, WatchedFolder
from baton.core.models.list_actions import ListAction, RefusedRow
from baton.core.models.mail import Mail, MailChoices, MailEntry
from baton.core.models.messages import Notification
from baton.core.models.people import OrganisationRole, Person, ResetCode
from baton.core.models.records import Batched, NumberSeries, Record
from baton.core.models.saved_views import DefaultView, SavedView
from baton.core.models.schedule import Schedule
from baton.core.models.search import SearchEntry
from baton.core.models.signatures import Signature
from baton.core.models.submissions import Submission
from baton.core.models.task_links import TaskLink
from baton.core.models.tokens import ApiToken, TokenUse
from baton.core.models.vocabulary import RenamedWord
from baton.core.models.webhooks import Webhook, WebhookDelivery, WebhookQueue

__all__ = [
    "ActProof",
    "ApiToken",
    "Attachment",
    "AuditEntry",
    "Batch",
    "Batched",
    "CalendarDay",
    "CalendarFeed",
    "Comment",
    "DefaultView",
    "ExternalKey",
    "FeedCursor",
    "Following",
    "Identity",
    "ImportRun",
    "ListAction",
    "Mail",
    "MailChoices",
    "MailEntry",
    "Notification",
    "NumberSeries",
    "OrganisationRole",
    "Person",
    "PersonalValue",
    "Record",
    "RefusedRow",
    "RenamedWord",
    "ResetCode",
    "SavedMapping",
    "SavedView",
    "Schedule",
    "SearchEntry",
    "Signature",
    "SubjectKey",
    "Submission",
    "TaskLink",
    "TokenUse",
    "WatchedFolder",
    "Webhook",
    "WebhookDelivery",
    "WebhookQueue",
    "WorkCalendar",
]
