"""What the audit trail speaks of, in the reader's words: actions, kinds of records, fields, processes.

The trail itself keeps the codes; words may change without touching it. A code that nobody named is shown as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core import registries
from baton.core.models import Record

ACTIONS = {
    "renamed_word.said": _("Word of the interface renamed"),
    "act_proof.badge_set": _("Badge entered"),
    "act_proof.forgotten": _("PIN and badge forgotten"),
    "act_proof.pin_ended": _("PIN ended after too many wrong ones"),
    "act_proof.pin_refused": _("Wrong PIN on a shared device"),
    "act_proof.pin_set": _("PIN set"),
    "act_proof.pin_shown": _("Right PIN after wrong ones"),
    "act_proof.removed": _("PIN and badge removed"),
    "api_token.forgotten": _("API token forgotten"),
    "api_token.made": _("API token made"),
    "api_token.withdrawn": _("API token withdrawn"),
    "attachment.added": _("File added to a comment"),
    "attachment.name_forgotten": _("Name of a file forgotten"),
    "attachment.withdrawn": _("File of a comment removed"),
    "audit.opened": _("Personal values opened"),
    "batch.abandoned": _("Bulk entry given up"),
    "batch.begun": _("Bulk entry begun"),
    "batch.resumed": _("Bulk entry continued"),
    "batch.rows_entered": _("Rows entered in bulk"),
    "batch.rows_released": _("Rows of a bulk entry ended"),
    "batch.sealed": _("Bulk entry sealed"),
    "batch.withdrawn": _("Bulk entry withdrawn"),
    "import.brought": _("Table imported"),
    "import.changes_applied": _("Changes of a table applied"),
    "import.checked": _("Table checked"),
    "import.columns_assigned": _("Columns of a table assigned"),
    "import.entered": _("Table entered"),
    "import.entering": _("Table given to be entered"),
    "import.failed": _("Table could not be entered"),
    "import.resumed": _("Import continued"),
    "import.sealed": _("New rows of a table sealed"),
    "import.withdrawn": _("Import withdrawn"),
    "import.given_back": _("Former values given back to what an import had changed"),
    "import_mapping.kept": _("Assignment of columns saved"),
    "watched_folder.added": _("Watched folder added"),
    "watched_folder.found_empty": _("No table in a watched folder"),
    "watched_folder.taken_from": _("Table found in a watched folder"),
    "watched_folder.switched": _("Watched folder switched"),
    "calendar.added": _("Calendar added"),
    "calendar.changed": _("Name or hours of a calendar changed"),
    "calendar.days_set": _("Holidays and make-up days of a calendar changed"),
    "calendar.default_ended": _("Calendar is no longer the default"),
    "calendar.ended": _("Calendar ended"),
    "calendar.made_default": _("Calendar made the default"),
    "calendar_feed.made": _("Address of a date calendar made"),
    "calendar_feed.withdrawn": _("Address of a date calendar withdrawn"),
    "comment.added": _("Comment written"),
    "comment.edited": _("Comment changed"),
    "comment.forgotten": _("Comment of a forgotten person emptied"),
    "comment.withdrawn": _("Comment withdrawn"),
    "default_view.chosen": _("Default view of a list chosen"),
    "external_key.forgotten": _("Key in another system forgotten"),
    "external_key.given": _("Key in another system given"),
    "external_key.withdrawn": _("Key in another system withdrawn"),
    "following.begun": _("Followed"),
    "following.ended": _("No longer followed"),
    "identity.forgotten": _("Account at a provider forgotten"),
    "identity.linked": _("Account at a provider linked"),
    "identity.unlinked": _("Account at a provider unlinked"),
    "list_action.begun": _("Action on a list begun"),
    "list_action.finished": _("Action on a list finished"),
    "list_action.proposed": _("Rows of a list chosen"),
    "list_action.stopped": _("Action on a list stopped"),
    "mail_choices.made": _("Chosen how to be told by e-mail"),
    "notification.read": _("Notification read"),
    "notification.renewed": _("Notification counts one more"),
    "notification.sent": _("Notification sent"),
    "person.added": _("Person added"),
    "person.contacts_shown": _("Contacts shown"),
    "person.disabled": _("Account switched off"),
    "person.edited": _("Person edited"),
    "person.enabled": _("Account switched on"),
    "person.factor_added": _("Second factor set up"),
    "person.factor_failed": _("Second factor refused"),
    "person.factor_removed": _("Second factor removed"),
    "person.factor_renewed": _("Recovery codes renewed"),
    "person.forgotten": _("Person forgotten"),
    "person.password_changed": _("Password changed"),
    "person.password_reset": _("Password set with a link or code"),
    "person.sessions_ended": _("Sign-ins ended"),
    "person.sign_in_failed": _("Sign-in failed"),
    "person.signed_in": _("Signed in"),
    "person.signed_out": _("Signed out"),
    "reset_code.issued": _("One-time code handed over"),
    "reset_code.spent": _("One-time code used"),
    "reset_code.withdrawn": _("One-time code withdrawn"),
    "role.ended": _("Role ended"),
    "role.given": _("Role given"),
    "saved_view.changed": _("Saved view changed"),
    "saved_view.forgotten": _("Saved view forgotten"),
    "saved_view.saved": _("View of a list saved"),
    "saved_view.withdrawn": _("Saved view deleted"),
    "signature.given": _("Signed"),
    "signature.refused": _("Signature refused: not shown who it is"),
    "task_link.accepted": _("Accepted through a task link"),
    "task_link.locked": _("Task link locked after wrong codes"),
    "task_link.made": _("Task link made"),
    "task_link.objected": _("Objected through a task link"),
    "task_link.refused": _("Wrong code for a task link"),
    "task_link.sent": _("Task link sent"),
    "task_link.withdrawn": _("Task link withdrawn"),
    "webhook.added": _("Webhook added"),
    "webhook.edited": _("Webhook edited"),
    "webhook.ended": _("Webhook ended"),
    "webhook.event_skipped": _("Event of a webhook skipped"),
    "webhook.paused": _("Webhook paused"),
    "webhook.redelivery_asked": _("Event of a webhook sent again"),
    "webhook.resumed": _("Webhook resumed"),
    "webhook.secret_renewed": _("Secret of a webhook renewed"),
    "webhook.test_asked": _("Test of a webhook sent"),
}
# Kinds whose model bears no name of its own for people.
KINDS = {"notification": _("notification"), "organisation_role": _("role"), "reset_code": _("one-time code")}
# Processes that are no job; a job is called by its title.
_COMMAND_LINE = pgettext_lazy("process", "command line")
PROCESSES = {
    "demo": pgettext_lazy("process", "demonstration"),
    "forget": _COMMAND_LINE,
    "people": _COMMAND_LINE,
    "rebuild": _COMMAND_LINE,
    "task_link": pgettext_lazy("process", "task link"),
    "sign-in": pgettext_lazy("process", "sign-in with the organisation's account"),
}


def declare(
    actions: Mapping[str, Any], kinds: Mapping[str, Any] | None = None, processes: Mapping[str, Any] | None = None
) -> None:
    """A room says what its actions are called, those of its kinds that have no model, and its processes that are no
    job."""
    for code, label in actions.items():
        registries.actions.add(code, label)
    KINDS.update(kinds or {})
    PROCESSES.update(processes or {})


def action(code: str) -> str:
    """``person.added`` → “Person added”."""
    return str(registries.actions.get(code)) if code in registries.actions else code


def kind(code: str) -> str:
    """``event_log`` → “event log”."""
    model = _models().get(code)
    return str(KINDS.get(code) or (model._meta.verbose_name if model is not None else code))


def field(kind_code: str, name: str) -> str:
    """The field ``began_on`` of a link → “from”."""
    found = _field(kind_code, name)
    return str(found.verbose_name) if found is not None else name


def choice(kind_code: str, name: str, value: object) -> str | None:
    """What a value of a field with fixed choices is called; None for every other field and value."""
    found = _field(kind_code, name)
    label = dict(found.flatchoices).get(value) if found is not None and isinstance(value, str) else None
    return None if label is None or label == value else str(label)


def process(name: str) -> str:
    """``chain.mine_event_log`` → “Read an event log”."""
    if name in registries.jobs:
        return str(registries.jobs.get(name).title)
    return str(PROCESSES.get(name, name))


def _field(kind_code: str, name: str) -> Field[Any, Any] | None:
    model = _models().get(kind_code)
    try:
        found = model._meta.get_field(name) if model is not None else None
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, Field) else None


@cache
def _models() -> dict[str, type[Record]]:
    return {model.kind: model for model in apps.get_models() if issubclass(model, Record)}
